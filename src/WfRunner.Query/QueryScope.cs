namespace WfRunner.Query;

/// <summary>Where a task works: whose files, which database, with which settings. The same for its queries and its tables.</summary>
public record QueryScope
{
    /// <summary>Absolute path of the project, whose <c>data/</c> holds fixture tables for local engines.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>Absolute path of the folder that holds the databases of local engines; made when missing.</summary>
    public required string LocalDirectory { get; init; }

    /// <summary>The database that unqualified tables belong to.</summary>
    public required string Database { get; init; }

    /// <summary>How a remote engine is reached.</summary>
    public BackendSettings Settings { get; init; } = BackendSettings.None;

    /// <summary>Takes warnings of the engine for the task's log; called from any thread.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Takes texts for people who look for a fault, such as the SQL as it was really run; called from any thread.</summary>
    public Action<string>? Debug { get; init; }
}
