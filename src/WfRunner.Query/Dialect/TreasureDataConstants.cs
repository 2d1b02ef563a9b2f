using System.Globalization;
using NodaTime;
using WfRunner.Query.Functions;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// Calls of TD's functions over literals (operators-td 17), which are computed before any engine sees them: <c>TD_TIME_RANGE</c>
/// becomes a plain comparison that the engine can use to skip data. Every rule gives null where an argument is no literal.
/// </summary>
/// <param name="settings">Knows the scheduled time.</param>
/// <param name="repeatsExpressions">
/// Whether an expression as time may stand in the result twice. An engine that has the function itself takes columns only.
/// </param>
internal sealed class TreasureDataConstants(DialectSettings settings, bool repeatsExpressions)
{
    public List<SqlNode>? ScheduledTime(SqlCall call) =>
        call.Arguments.Count == 0 ? SqlConstant.BigInt(settings.ScheduledTime, call.Offset) : null;

    public static List<SqlNode> Null(string type, int offset) => [SqlLeaf.Generated($"CAST(NULL AS {type})", offset)];

    public static List<SqlNode>? TimeParse(SqlCall call) =>
        call.Constant(0) is { Text: { } text } && TryZone(call, 1, out var zone)
            ? BigIntOrNull(TdTimeFunctions.Bound(text, zone), call.Offset)
            : null;

    public static List<SqlNode>? TimeAdd(SqlCall call)
    {
        if (call.Constant(0) is not { IsNull: false } time || call.Constant(1) is not { Text: { } duration } || !TryZone(call, 2, out var zone))
        {
            return null;
        }

        var start = time.Integer ?? TdTimeFunctions.Bound(time.Text!, zone);
        return BigIntOrNull(start is { } known ? TdTimeFunctions.TimeAdd(known, duration) : null, call.Offset);
    }

    public static List<SqlNode>? DateTrunc(SqlCall call) =>
        call.Constant(0) is { Text: { } unit } && call.Constant(1) is { Integer: { } time } && TryZone(call, 2, out var zone)
            ? SqlConstant.BigInt(TdTimeFunctions.DateTrunc(unit, time, zone), call.Offset)
            : null;

    public List<SqlNode>? TimeRange(SqlCall call)
    {
        if (call.Arguments.Count is < 2 or > 4 || !IsTime(call.Arguments[0]) || !TryZone(call, 3, out var zone)
            || !TryBound(call, 1, zone, out var start, out var isStartWrong)
            || !TryBound(call, 2, zone, out var end, out var isEndWrong))
        {
            return null;
        }

        // Also a zone that no bound needs must exist.
        _ = TdTimeZone.Get(zone);
        return isStartWrong || isEndWrong ? Null("BOOLEAN", call.Offset) : Range(call, start, end);
    }

    public List<SqlNode>? Interval(SqlCall call) =>
        call.Arguments.Count is 2 or 3 && IsTime(call.Arguments[0]) && TryWindow(call, 1, out var start, out var end)
            ? Range(call, start, end)
            : null;

    /// <summary>The window of an interval that is written as a literal.</summary>
    public bool TryWindow(SqlCall call, int argument, out long start, out long end)
    {
        (start, end) = (0, 0);
        if (call.Constant(argument) is not { Text: { } interval } || !TryZone(call, argument + 1, out var zone))
        {
            return false;
        }

        (start, end) = TdInterval.Resolve(interval, TdTimeZone.Get(zone), Instant.FromUnixTimeSeconds(settings.ScheduledTime));
        return true;
    }

    private static List<SqlNode> BigIntOrNull(long? value, int offset) =>
        value is { } known ? SqlConstant.BigInt(known, offset) : Null("BIGINT", offset);

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

    private bool IsTime(List<SqlNode> argument) => repeatsExpressions || IsColumn(argument);

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
