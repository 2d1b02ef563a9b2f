using NodaTime;
using WfRunner.Runtime.Logging;

namespace WfRunner.Cli.CommandLine;

/// <summary>What the process gives to a command.</summary>
public sealed record CommandContext
{
    /// <summary>How the program calls itself in usage lines and hints.</summary>
    public string ProgramName { get; init; } = "wf";

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>Standard output, UTF-8, shared with log lines so that neither garbles the other.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether standard error is a terminal that shows colours.</summary>
    public bool ErrorUsesColor { get; init; }

    /// <summary>Standard input.</summary>
    public required Stream In { get; init; }

    /// <summary>Absolute path of the current directory.</summary>
    public required string CurrentDirectory { get; init; }

    /// <summary>System configuration, merged from files, environment and options (cli-local 4.1).</summary>
    public required IReadOnlyDictionary<string, string> SystemConfig { get; init; }

    /// <summary>Folder of configuration and local secrets, for example <c>~/.config/digdag</c>.</summary>
    public required string ConfigHome { get; init; }

    /// <summary>The log.</summary>
    public required LogOutput Log { get; init; }

    /// <summary>Opens the log again on another writer, with the level and zone that were asked for; null when it goes to a file.</summary>
    public Func<TextWriter, bool, LogOutput>? LogTo { get; init; }

    /// <summary>The terminal that standard output and error are; null when they are not one, or one that cannot move its cursor.</summary>
    public Terminal? Terminal { get; init; }

    /// <summary>The clock.</summary>
    public required IClock Clock { get; init; }

    /// <summary>The zone of the process, in which local times are printed.</summary>
    public required DateTimeZone SystemTimeZone { get; init; }

    /// <summary>
    /// Takes the token that a second Ctrl-C or TERM signals. A command that takes it ends soon then; without one who takes it, the
    /// second signal ends the process.
    /// </summary>
    public Func<CancellationToken> TakeHurry { get; init; } = static () => CancellationToken.None;
}
