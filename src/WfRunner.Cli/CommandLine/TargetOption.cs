using WfRunner.Cli.Configuration;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Cli.CommandLine;

/// <summary>The option <c>--target</c> and what stands in for it: <c>wf.json</c>, then <c>tdx.json</c>.</summary>
internal static class TargetOption
{
    private const string ProjectFile = "wf.json";

    /// <summary>The dialect; several with commas where a command allows that.</summary>
    public static OptionSyntax Target { get; } =
        OptionSyntax.Value("TARGET", "dialect: td (hosted service), digdag (0.10.5), or wf (what either accepts)", "--target") with { Words = TargetWord.All };

    /// <summary>Keeps unknown keys at the top of files.</summary>
    public static OptionSyntax AllowUnknownKeys { get; } =
        OptionSyntax.Flag("warn about unknown keys at the top of files instead of refusing them", "--allow-unknown-keys");

    /// <summary>The targets that the option, or a file of the project, names.</summary>
    /// <param name="arguments">The command's arguments.</param>
    /// <param name="directory">Absolute path of the project.</param>
    /// <returns>At least one target, and what named it when that was not the option; null when nothing names one.</returns>
    /// <exception cref="CommandLineException">The word is unknown.</exception>
    public static (IReadOnlyList<Target> Targets, string? Reason)? Find(ParsedArguments arguments, string directory)
    {
        if (arguments.Value(Target) is { } given)
        {
            return (Parse(given, "--target"), null);
        }

        var file = Path.Combine(directory, ProjectFile);
        if (JsonFile.Read(file)?["target"] is { IsNull: false } configured)
        {
            return (Parse(ConfigAccess.AsString("target", configured), file), ProjectFile);
        }

        return null;
    }

    /// <summary>The targets of a project: as <see cref="Find"/>, else the hosted service where there is a <c>tdx.json</c>, else wf.</summary>
    /// <param name="arguments">The command's arguments.</param>
    /// <param name="directory">Absolute path of the project.</param>
    /// <returns>At least one target, and what named it when that was neither the option nor nothing.</returns>
    /// <exception cref="CommandLineException">The word is unknown.</exception>
    public static (IReadOnlyList<Target> Targets, string? Reason) Of(ParsedArguments arguments, string directory) =>
        Find(arguments, directory)
        ?? (TdxFile.FindUpward(directory)?.ProjectName is not null ? ([Core.Target.Td], TdxFile.Name) : ([Core.Target.Wf], null));

    /// <summary>The one target of a command that cannot have several.</summary>
    /// <param name="targets">The targets.</param>
    /// <exception cref="CommandLineException">There are several.</exception>
    public static Target Single(IReadOnlyList<Target> targets) => targets.Count == 1
        ? targets[0]
        : throw new CommandLineException("--target takes one target here; only check takes several");

    private static List<Target> Parse(string text, string where)
    {
        var targets = new List<Target>();
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            targets.Add(TargetWord.TryParse(word, out var target)
                ? target.Value
                : throw new CommandLineException($"Unknown target '{word}' ({where}). Use one of {string.Join(", ", TargetWord.All)}."));
        }

        return targets.Count > 0
            ? [.. targets.Distinct()]
            : throw new CommandLineException($"No target ({where}). Use one of {string.Join(", ", TargetWord.All)}.");
    }
}
