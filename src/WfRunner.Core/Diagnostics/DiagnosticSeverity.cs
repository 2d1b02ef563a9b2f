namespace WfRunner.Core.Diagnostics;

/// <summary>How serious a finding is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>Worth knowing; nothing has to change.</summary>
    Note,

    /// <summary>Loads and compiles, but will fail or surprise when it runs.</summary>
    Warning,

    /// <summary>Digdag and <c>wf</c> refuse the project.</summary>
    Error,
}
