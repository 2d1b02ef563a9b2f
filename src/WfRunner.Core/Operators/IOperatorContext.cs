using NodaTime;
using WfRunner.Core.Secrets;
using WfRunner.Core.Templates;

namespace WfRunner.Core.Operators;

/// <summary>What an operator may use of the world: files, secrets, the log, the clock. Given anew to every call.</summary>
public interface IOperatorContext
{
    /// <summary>Absolute path of the folder that holds the project's files; relative paths of a task start here or in <c>_workdir</c>.</summary>
    string ProjectDirectory { get; }

    /// <summary>The task's log.</summary>
    ITaskLog Log { get; }

    /// <summary>
    /// What the task says to the user, such as the text of <c>echo&gt;</c> and the output of scripts: standard output of a local
    /// run, and the task's log.
    /// </summary>
    Stream Output { get; }

    /// <summary>Secrets, with the task's <c>_secrets</c> remapping applied.</summary>
    ISecretProvider Secrets { get; }

    /// <summary>Evaluates templates, for operators that read template files.</summary>
    TemplateEvaluator Templates { get; }

    /// <summary>The clock.</summary>
    IClock Clock { get; }

    /// <summary>System configuration: the keys of the configuration file, for settings such as <c>config.http.*</c>.</summary>
    IReadOnlyDictionary<string, string> SystemConfig { get; }

    /// <summary>Starts other workflows.</summary>
    IWorkflowStarter Workflows { get; }

    /// <summary>The most tasks an attempt may have.</summary>
    int MaximumTasks { get; }
}
