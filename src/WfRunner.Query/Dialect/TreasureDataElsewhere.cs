using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// TD's functions on engines that are not ours to extend: literals are computed beforehand, what has a counterpart becomes it, and
/// everything else fails with its name before anything runs.
/// </summary>
internal sealed class TreasureDataElsewhere(DialectSettings settings, string engine)
{
    private readonly TreasureDataConstants _constants = new(settings, repeatsExpressions: true);
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    /// <summary>Whether a name without a rule is one of Treasure Data's.</summary>
    public static bool IsUnknown(string name) => name.StartsWith("td_", StringComparison.Ordinal);

    /// <summary>Adds the rules; <paramref name="own"/> are those of the engine for calls that are no constants.</summary>
    public void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules, Dictionary<string, Func<SqlCall, List<SqlNode>?>> own)
    {
        Constant("td_scheduled_time", _constants.ScheduledTime);
        Constant("td_time_parse", TreasureDataConstants.TimeParse);
        Constant("td_time_add", TreasureDataConstants.TimeAdd);
        Constant("td_date_trunc", TreasureDataConstants.DateTrunc);
        Constant("td_time_range", _constants.TimeRange);
        Constant("td_interval", _constants.Interval);
        foreach (var (name, rule) in own)
        {
            rules.TryAdd(name, rule);
        }

        foreach (var name in TreasureDataCalls.NeedExternalData)
        {
            rules[name] = NullWithoutData;
        }

        void Constant(string name, Func<SqlCall, List<SqlNode>?> fold) =>
            rules[name] = call => fold(call) ?? own.GetValueOrDefault(name)?.Invoke(call)
                ?? throw new QueryFailedException($"{call.Name.ToUpperInvariant()} over columns, or with these arguments, is not supported on {engine}");
    }

    private List<SqlNode>? NullWithoutData(SqlCall call)
    {
        var name = call.Name.ToUpperInvariant();
        if (_warned.Add(name))
        {
            settings.Warn($"{name} needs data of Treasure Data's service and returns NULL on {engine}");
        }

        return TreasureDataConstants.Null("VARCHAR", call.Offset);
    }
}
