using System.Data.Common;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Rows;

/// <summary>
/// Columns to values and back. Both databases keep the same texts and numbers: configs as JSON text, because no JSON type keeps the
/// order of keys and the digits of numbers; times as milliseconds since 1970.
/// </summary>
internal static class Columns
{
    public static Instant Time(this DbDataReader row, int column) => Instant.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static Instant? TimeOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    public static long? NumberOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static ConfigMap Map(this DbDataReader row, int column) =>
        row.GetString(column) is "{}" ? ConfigMap.Empty : (ConfigMap)ConfigJson.Parse(row.GetString(column));

    // The zone was valid when it was stored; a time zone database that lost it since must not make the row unreadable.
    public static DateTimeZone Zone(this DbDataReader row, int column) =>
        TimeZoneId.TryParse(row.GetString(column), out var zone) ? zone : DateTimeZone.Utc;

    public static IReadOnlyList<TaskId> TaskIds(this DbDataReader row, int column)
    {
        var text = row.GetString(column);
        return text.Length == 0
            ? []
            : Array.ConvertAll(text.Split(','), static id => new TaskId(long.Parse(id, System.Globalization.CultureInfo.InvariantCulture)));
    }

    public static IReadOnlyList<string> Keys(this DbDataReader row, int column)
    {
        var json = row.GetString(column);
        return json is "[]" ? [] : [.. ((ConfigList)ConfigJson.Parse(json)).Items.Select(i => ConfigAccess.AsString("keys", i))];
    }

    public static string Text(IReadOnlyList<TaskId> ids) => ids.Count == 0 ? string.Empty : string.Join(',', ids);

    public static string Text(ConfigMap map) => map.IsEmpty ? "{}" : ConfigJson.Write(map);

    public static string Text(IReadOnlyList<string> keys) =>
        keys.Count == 0 ? "[]" : ConfigJson.Write(new ConfigList(keys.Select(k => new ConfigText(k))));

    public static long Number(Instant time) => time.ToUnixTimeMilliseconds();

    public static long? Number(Instant? time) => time?.ToUnixTimeMilliseconds();
}
