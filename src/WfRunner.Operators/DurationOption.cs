using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Operators;

/// <summary>Durations among the options of a task: <c>1d 2h 3m 4s</c>. Digdag behaviour: operators-core 3.2.</summary>
internal static class DurationOption
{
    /// <summary>Reads one.</summary>
    /// <returns>The duration, or null when it is not set.</returns>
    /// <exception cref="ConfigException">It has another form.</exception>
    public static Duration? Read(ConfigMap options, string key) =>
        options.GetStringOrNull(key) is not { } text ? null
        : DurationText.TryParse(text, out var duration) ? duration
        : throw new ConfigException($"Expected a duration such as \"1h 30m\" for key '{key}' but got \"{text}\"", options[key]!.Span);
}
