namespace WfRunner.Core;

/// <summary>A dialect that a project has to satisfy.</summary>
public enum Target
{
    /// <summary>This program and its server: whatever the other two accept runs or is explained.</summary>
    Wf,

    /// <summary>Digdag 0.10.5, exactly.</summary>
    Digdag,

    /// <summary>Treasure Data's hosted workflow service.</summary>
    Td,
}
