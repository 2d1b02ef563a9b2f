namespace WfRunner.Storage.Pools;

/// <summary>What a condition looks at.</summary>
public enum PoolConditionType
{
    /// <summary>How the project's name starts.</summary>
    ProjectName,

    /// <summary>How the workflow's name starts.</summary>
    WorkflowName,

    /// <summary>Which kind of workflow the hosted product made. No workflow here is of such a kind, so it never matches.</summary>
    WorkflowType,

    /// <summary>Whether a schedule starts the attempt.</summary>
    InvocationType,
}
