using WfRunner.Core;

namespace WfRunner.Runtime.Archives;

/// <summary>Why an archive is refused.</summary>
public enum ArchiveRefusal
{
    /// <summary>It is no gzip stream, or no tar inside.</summary>
    Malformed,

    /// <summary>An entry leads out of the folder.</summary>
    EscapingEntry,

    /// <summary>A link leads out of the folder.</summary>
    EscapingLink,

    /// <summary>An entry is neither a file nor a link.</summary>
    UnsupportedEntry,

    /// <summary>It holds too much.</summary>
    TooLarge,
}

/// <summary>An archive is not unpacked, because it is damaged, dangerous or too large. What was unpacked before it was noticed stays.</summary>
public sealed class ArchiveRefusedException : WorkflowException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="refusal">Why.</param>
    /// <param name="message">Digdag's words for it, where it has some.</param>
    /// <param name="inner">The cause.</param>
    public ArchiveRefusedException(ArchiveRefusal refusal, string message, Exception? inner = null)
        : base(refusal is ArchiveRefusal.EscapingEntry or ArchiveRefusal.EscapingLink ? FailureKind.Runtime : FailureKind.Io, message, null, inner) =>
        Refusal = refusal;

    /// <summary>Why.</summary>
    public ArchiveRefusal Refusal { get; }
}
