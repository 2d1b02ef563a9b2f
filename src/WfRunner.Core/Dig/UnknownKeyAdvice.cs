using WfRunner.Core.Config;

namespace WfRunner.Core.Dig;

/// <summary>What a person may have meant by a key that means nothing.</summary>
internal static class UnknownKeyAdvice
{
    /// <summary>Advice for a key at the top of a file.</summary>
    /// <param name="entry">The key and its value.</param>
    /// <param name="settings">The settings that may stand there.</param>
    public static string? ForTopLevel(ConfigEntry entry, IEnumerable<string> settings) =>
        Of(entry) ?? Near(entry.Key, settings);

    /// <summary>Advice for a key of a group.</summary>
    /// <param name="entry">The key and its value.</param>
    public static string? ForGroup(ConfigEntry entry) => Of(entry) ?? Near(entry.Key, TaskKeys.GroupKeys);

    private static string? Of(ConfigEntry entry) => entry switch
    {
        { Key: [>= '0' and <= '9', ..] } => $"A task name of digits is read as a number: write \"+{entry.Key}\" in quotation marks.",
        { Key: "_disable" or "_env" or "_do" } => null,
        _ when TaskKeys.IsOperator(entry.Key) => $"Put the operator into a task: +name: with {entry.Key}: below it.",
        { Value: ConfigMap map } when map.Keys.Any(k => TaskKeys.IsOperator(k) || TaskKeys.IsChild(k)) =>
            $"Names of tasks start with a plus: write +{entry.Key.TrimStart('_')}.",
        _ => null,
    };

    private static string? Near(string key, IEnumerable<string> known) =>
        EditDistance.Nearest(key, known) is { } near ? $"Did you mean {near}?" : null;
}
