using Microsoft.Data.Sqlite;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Sqlite;

/// <summary>Columns to values and back.</summary>
internal static class Columns
{
    public static Instant Time(this SqliteDataReader row, int column) => Instant.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static Instant? TimeOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    public static long? NumberOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static ConfigMap Map(this SqliteDataReader row, int column) =>
        row.GetString(column) is "{}" ? ConfigMap.Empty : (ConfigMap)ConfigJson.Parse(row.GetString(column));

    // The zone was valid when it was stored; a time zone database that lost it since must not make the row unreadable.
    public static DateTimeZone Zone(this SqliteDataReader row, int column) =>
        TimeZoneId.TryParse(row.GetString(column), out var zone) ? zone : DateTimeZone.Utc;

    public static IReadOnlyList<TaskId> TaskIds(this SqliteDataReader row, int column)
    {
        var text = row.GetString(column);
        return text.Length == 0
            ? []
            : Array.ConvertAll(text.Split(','), static id => new TaskId(long.Parse(id, System.Globalization.CultureInfo.InvariantCulture)));
    }

    public static string Text(IReadOnlyList<TaskId> ids) => ids.Count == 0 ? string.Empty : string.Join(',', ids);

    public static string Text(ConfigMap map) => map.IsEmpty ? "{}" : ConfigJson.Write(map);

    public static long Number(Instant time) => time.ToUnixTimeMilliseconds();

    public static long? Number(Instant? time) => time?.ToUnixTimeMilliseconds();
}
