using System.Data.Common;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>Values of DuckDB as Presto would print them: decimals as text, timestamps with milliseconds, nested ones as JSON.</summary>
internal static class DuckDbValue
{
    public static ConfigValue Read(DbDataReader rows, int column, string prestoType) =>
        DuckDbType.IsNested(prestoType) ? ReadJson(rows.GetString(column)) : Of(rows.GetValue(column), prestoType);

    private static ConfigValue Of(object value, string prestoType) => value switch
    {
        string text => text,
        bool truth => truth,
        sbyte or short or int or long or byte or ushort or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong big => new ConfigInteger(big),
        BigInteger huge => new ConfigInteger(huge),
        float single => Floating(single),
        double number => Floating(number),
        decimal exact => exact.ToString(CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture),
        DateTime moment when prestoType == "date" => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)
            + (prestoType == "timestamp with time zone" ? " UTC" : string.Empty),
        DateTimeOffset moment => moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) + " UTC",
        Guid guid => guid.ToString(),
        Stream bytes => Base64(bytes),
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };

    private static ConfigValue Floating(double number) =>
        double.IsFinite(number) ? new ConfigFloat(number) : new ConfigText(JavaNumberText.Of(number));

    private static ConfigValue ReadJson(string json)
    {
        try
        {
            return ConfigJson.Parse(json);
        }
        catch (JsonException)
        {
            return json;
        }
    }

    private static string Base64(Stream bytes)
    {
        using var copy = new MemoryStream();
        bytes.CopyTo(copy);
        return Convert.ToBase64String(copy.ToArray());
    }
}
