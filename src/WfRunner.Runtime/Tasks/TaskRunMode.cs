namespace WfRunner.Runtime.Tasks;

/// <summary>How tasks are run.</summary>
[Flags]
public enum TaskRunMode
{
    /// <summary>Operators are called.</summary>
    Normal = 0,

    /// <summary>Parameters are evaluated but no operator is called; every task succeeds with an empty result.</summary>
    DryRun = 1,

    /// <summary>The evaluated parameters of each task are logged before it runs.</summary>
    ShowParameters = 2,
}
