namespace WfRunner.Operators.Scripting;

/// <summary>How a command is run, beyond what and where.</summary>
internal sealed record CommandOptions
{
    /// <summary>As commands of tasks are run.</summary>
    public static CommandOptions Default { get; } = new();

    /// <summary>
    /// How long a command that is told to end (TERM) may take for it before it is ended by force (KILL), with everything that it has
    /// started. Zero for at once.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What it reads as its input; null for none.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>Where its standard output goes, when that is an answer to be kept apart from what it says; null when it is not.</summary>
    public Answer? Answer { get; init; }
}
