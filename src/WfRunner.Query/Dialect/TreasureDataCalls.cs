using System.Globalization;
using NodaTime;
using WfRunner.Query.Functions;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// TD's functions (operators-td 17, 18, 23). Calls over literals are computed here, so that <c>TD_TIME_RANGE</c> becomes a plain
/// comparison which the engine can use to skip data; all others stay calls of the functions in Backends/DuckDb.
/// </summary>
internal sealed class TreasureDataCalls(DialectSettings settings)
{
    private static readonly string[] NeedExternalData =
    [
        "td_ip_to_country_code", "td_ip_to_country_name", "td_ip_to_city_name", "td_ip_to_latitude", "td_ip_to_longitude",
        "td_ip_to_metro_code", "td_ip_to_time_zone", "td_ip_to_postal_code", "td_ip_to_connection_type", "td_ip_to_domain",
        "td_ip_to_most_specific_subdivision_name", "td_ip_to_least_specific_subdivision_name", "td_ip_to_subdivision_names",
        "td_lat_long_to_country", "td_currency_conv",
    ];

    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    public void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules)
    {
        rules["td_scheduled_time"] = c => c.Arguments.Count == 0 ? SqlConstant.BigInt(settings.ScheduledTime, c.Offset) : null;
        rules["td_time_parse"] = TimeParse;
        rules["td_time_add"] = TimeAdd;
        rules["td_date_trunc"] = DateTrunc;
        rules["td_time_range"] = TimeRange;
        rules["td_interval"] = Interval;
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

    private static List<SqlNode> Null(string type, int offset) => [SqlLeaf.Generated($"CAST(NULL AS {type})", offset)];

    private static List<SqlNode> BigIntOrNull(long? value, int offset) =>
        value is { } known ? SqlConstant.BigInt(known, offset) : Null("BIGINT", offset);

    private static List<SqlNode>? TimeParse(SqlCall call) =>
        call.Constant(0) is { Text: { } text } && TryZone(call, 1, out var zone)
            ? BigIntOrNull(TdTimeFunctions.Bound(text, zone), call.Offset)
            : null;

    private static List<SqlNode>? TimeAdd(SqlCall call)
    {
        if (call.Constant(0) is not { IsNull: false } time || call.Constant(1) is not { Text: { } duration } || !TryZone(call, 2, out var zone))
        {
            return null;
        }

        var start = time.Integer ?? TdTimeFunctions.Bound(time.Text!, zone);
        return BigIntOrNull(start is { } known ? TdTimeFunctions.TimeAdd(known, duration) : null, call.Offset);
    }

    private static List<SqlNode>? DateTrunc(SqlCall call) =>
        call.Constant(0) is { Text: { } unit } && call.Constant(1) is { Integer: { } time } && TryZone(call, 2, out var zone)
            ? SqlConstant.BigInt(TdTimeFunctions.DateTrunc(unit, time, zone), call.Offset)
            : null;

    private List<SqlNode>? TimeRange(SqlCall call)
    {
        if (call.Arguments.Count is < 2 or > 4 || !IsColumn(call.Arguments[0]) || !TryZone(call, 3, out var zone)
            || !TryBound(call, 1, zone, out var start, out var isStartWrong)
            || !TryBound(call, 2, zone, out var end, out var isEndWrong))
        {
            return null;
        }

        // Also a zone that no bound needs must exist.
        _ = TdTimeZone.Get(zone);
        return isStartWrong || isEndWrong ? Null("BOOLEAN", call.Offset) : Range(call, start, end);
    }

    private List<SqlNode>? Interval(SqlCall call)
    {
        if (call.Arguments.Count is < 2 or > 3 || !IsColumn(call.Arguments[0]) || !TryWindow(call, 1, out var start, out var end))
        {
            return WithReference(call, "wf_td_interval", 2);
        }

        return Range(call, start, end);
    }

    private List<SqlNode>? IntervalRange(SqlCall call) => TryWindow(call, 0, out var start, out var end)
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

    private bool TryWindow(SqlCall call, int argument, out long start, out long end)
    {
        (start, end) = (0, 0);
        if (call.Constant(argument) is not { Text: { } interval } || !TryZone(call, argument + 1, out var zone))
        {
            return false;
        }

        (start, end) = TdInterval.Resolve(interval, TdTimeZone.Get(zone), Instant.FromUnixTimeSeconds(settings.ScheduledTime));
        return true;
    }

    // A bound that is absent or NULL is no bound; text that is no time makes the whole condition NULL.
    private bool TryBound(SqlCall call, int argument, string? zone, out long? bound, out bool isWrong)
    {
        (bound, isWrong) = (null, false);
        if (argument >= call.Arguments.Count)
        {
            return true;
        }

        if (call.Constant(argument) is not { } constant)
        {
            return false;
        }

        bound = constant.Text is { } text ? TdTimeFunctions.Bound(text, zone) : constant.Integer;
        isWrong = bound is null && !constant.IsNull;
        if (isWrong)
        {
            settings.Warn($"TD_TIME_RANGE: '{constant.Text}' is not a time, so the condition is NULL and selects no rows");
        }

        return true;
    }

    private static List<SqlNode> Range(SqlCall call, long? start, long? end)
    {
        var invariant = CultureInfo.InvariantCulture;
        return call.Fill((start, end) switch
        {
            ({ } a, { } b) => string.Create(invariant, $"({{0}} >= {a} AND {{0}} < {b})"),
            ({ } a, null) => string.Create(invariant, $"({{0}} >= {a})"),
            (null, { } b) => string.Create(invariant, $"({{0}} < {b})"),
            (null, null) => "(CASE WHEN {0} IS NOT NULL THEN true END)",
        });
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
            : Null("VARCHAR", call.Offset);
    }

    // An absent or NULL zone is UTC.
    private static bool TryZone(SqlCall call, int argument, out string? zone)
    {
        zone = null;
        if (argument >= call.Arguments.Count)
        {
            return true;
        }

        if (call.Constant(argument) is not { Integer: null } constant)
        {
            return false;
        }

        zone = constant.Text;
        return true;
    }

    // A column may be named twice; anything longer might be costly or change between two evaluations.
    private static bool IsColumn(List<SqlNode> argument)
    {
        var nodes = SqlTree.Significant(argument);
        for (var i = 0; i < nodes.Count; i++)
        {
            var isName = nodes[i].Is(SqlTokenKind.QuotedName)
                || (nodes[i] is SqlLeaf { Token: { Kind: SqlTokenKind.Word } word } && !Keywords.Presto.Contains(word.Text));
            if (i % 2 == 0 ? !isName : !nodes[i].IsSymbol("."))
            {
                return false;
            }
        }

        return nodes.Count % 2 == 1;
    }
}
