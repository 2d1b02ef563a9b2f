using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Core.Checking;

/// <summary>What is checked, and what the checks need to know of the world.</summary>
public sealed record CheckRequest
{
    /// <summary>Absolute path of the project.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>Absolute paths of the workflow files directly in the project.</summary>
    public required IReadOnlyList<string> WorkflowFiles { get; init; }

    /// <summary>The project's files.</summary>
    public required ICheckedFiles Files { get; init; }

    /// <summary>All operators.</summary>
    public required IReadOnlyCollection<OperatorDescription> Operators { get; init; }

    /// <summary>The parameters given with <c>-p</c> and <c>-P</c>.</summary>
    public ConfigMap Parameters { get; init; } = ConfigMap.Empty;

    /// <summary>Tells whether a secret is set on this machine; null when nobody can tell.</summary>
    public Func<string, bool>? HasLocalSecret { get; init; }

    /// <summary>The moment from which the next runs are calculated.</summary>
    public required Instant Now { get; init; }

    /// <summary>The dialect that the project has to satisfy.</summary>
    public Target Target { get; init; } = Target.Wf;

    /// <summary>Whether unknown keys at the top of files are told rather than refused.</summary>
    public bool AllowsUnknownKeys { get; init; }

    /// <summary>Name of the project on the server; null when it is not known.</summary>
    public string? ProjectName { get; init; }

    /// <summary>Size of the project's archive in bytes; null when nobody packed it because it is small.</summary>
    public long? ArchiveSize { get; init; }

    /// <summary>The most tasks an attempt may have, except on the hosted service, whose limit is its own.</summary>
    public int MaximumTasks { get; init; } = 1000;

    /// <summary>The largest project that a server takes by default, in bytes.</summary>
    public long MaximumSize { get; init; } = 2 * 1024 * 1024;
}
