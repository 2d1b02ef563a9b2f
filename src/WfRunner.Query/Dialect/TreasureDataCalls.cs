using System.Globalization;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// TD's functions on DuckDB (operators-td 17, 18, 23): what cannot be computed beforehand stays a call of the functions in
/// Backends/DuckDb.
/// </summary>
internal sealed class TreasureDataCalls(DialectSettings settings)
{
    /// <summary>Functions that look things up in data of the service; elsewhere they give NULL.</summary>
    public static readonly string[] NeedExternalData =
    [
        "td_ip_to_country_code", "td_ip_to_country_name", "td_ip_to_city_name", "td_ip_to_latitude", "td_ip_to_longitude",
        "td_ip_to_metro_code", "td_ip_to_time_zone", "td_ip_to_postal_code", "td_ip_to_connection_type", "td_ip_to_domain",
        "td_ip_to_most_specific_subdivision_name", "td_ip_to_least_specific_subdivision_name", "td_ip_to_subdivision_names",
        "td_lat_long_to_country", "td_currency_conv",
    ];

    private readonly TreasureDataConstants _constants = new(settings, repeatsExpressions: false);
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    public void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules)
    {
        rules["td_scheduled_time"] = _constants.ScheduledTime;
        rules["td_time_parse"] = TreasureDataConstants.TimeParse;
        rules["td_time_add"] = TreasureDataConstants.TimeAdd;
        rules["td_date_trunc"] = TreasureDataConstants.DateTrunc;
        rules["td_time_range"] = _constants.TimeRange;
        rules["td_interval"] = c => _constants.Interval(c) ?? WithReference(c, "wf_td_interval", 2);
        rules["td_interval_range"] = IntervalRange;
        rules["td_sessionize_window"] = SessionizeWindow;
        rules["td_sessionize"] = c => c.Arguments.Count == 3
            ? c.Fill(Sessionize("{0}", "{1}", "PARTITION BY {2} ORDER BY {0}", "{2}"))
            : null;
        rules["td_md5"] = c => c.Arguments.Count == 1 ? c.Fill("system.main.md5(CAST({0} AS VARCHAR))") : null;
        rules["td_numeric_range"] = c => c.Arguments.Count switch
        {
            1 => c.Fill("unnest(range({0}))"),
            2 => c.Fill("unnest(range({0}, {1}))"),
            3 => c.Fill("unnest(range({0}, {1}, {2}))"),
            _ => null,
        };
        foreach (var name in NeedExternalData)
        {
            rules[name] = NullWithoutData;
        }
    }

    private List<SqlNode>? IntervalRange(SqlCall call) => _constants.TryWindow(call, 0, out var start, out var end)
        ? [SqlLeaf.Generated(string.Create(CultureInfo.InvariantCulture, $"[CAST({start} AS BIGINT), CAST({end} AS BIGINT)]"), call.Offset)]
        : WithReference(call, "wf_td_interval_range", 1);

    // The reference time belongs to the session, the function to the engine: it travels as an argument.
    private List<SqlNode>? WithReference(SqlCall call, string function, int required)
    {
        if (call.Arguments.Count < required || call.Arguments.Count > required + 1)
        {
            return null;
        }

        var given = string.Join(", ", Enumerable.Range(0, call.Arguments.Count).Select(i => $"{{{i}}}"));
        var zone = call.Arguments.Count == required ? ", NULL" : string.Empty;
        return call.Fill(string.Create(CultureInfo.InvariantCulture, $"{function}({given}{zone}, {settings.ScheduledTime})"));
    }

    private static List<SqlNode>? SessionizeWindow(SqlCall call)
    {
        if (call.Arguments.Count != 2 || call.Over is null)
        {
            return null;
        }

        call.TakesClause = true;
        var window = call.Over.Children;
        var order = window.FindIndex(n => n.IsWord("ORDER"));
        var partition = window.FindIndex(n => n.IsWord("PARTITION"));
        List<SqlNode> keys = partition < 0 || order < partition ? [SqlLeaf.Generated("''", call.Offset)] : PartitionKeys(window[(partition + 1)..order]);
        return SqlTemplate.Fill(Sessionize("{0}", "{1}", "{2}", "{3}"), call.Offset, call.Arguments[0], call.Arguments[1], window, keys);
    }

    private static List<SqlNode> PartitionKeys(List<SqlNode> behindPartition) =>
        behindPartition[(behindPartition.FindIndex(n => n.IsWord("BY")) + 1)..];

    private static string Sessionize(string time, string timeout, string window, string keys) =>
        $"wf_sessionize(list({time}) OVER ({window} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), {timeout}, to_json(row({keys})))";

    private List<SqlNode>? NullWithoutData(SqlCall call)
    {
        var name = call.Name.ToUpperInvariant();
        if (_warned.Add(name))
        {
            settings.Warn($"{name} needs external data and returns NULL in local mode");
        }

        return call.Name == "td_ip_to_subdivision_names"
            ? [SqlLeaf.Generated("CAST([] AS VARCHAR[])", call.Offset)]
            : TreasureDataConstants.Null("VARCHAR", call.Offset);
    }
}
