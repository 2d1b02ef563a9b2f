using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Projects;

/// <summary>Which workflows of the latest revisions to list. Digdag behaviour: rest-api 7.5.</summary>
public sealed record WorkflowQuery
{
    /// <summary>The most to return.</summary>
    public required int Count { get; init; }

    /// <summary>Last id of the page before; null for the first page.</summary>
    public WorkflowId? LastId { get; init; }

    /// <summary>Whether ids descend.</summary>
    public bool Descending { get; init; }

    /// <summary>Only names that hold this text, by case; empty for all.</summary>
    public string NamePattern { get; init; } = string.Empty;

    /// <summary>Whether the pattern may match the project's name instead.</summary>
    public bool SearchesProjectName { get; init; }
}
