using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Control;

/// <summary>A workflow whose tasks are to run inside a task. Digdag behaviour: operators-core 6.7, dig-language 7.4.</summary>
/// <param name="Tasks">The tasks, with the working directory of their file.</param>
internal sealed record CalledWorkflow(ConfigMap Tasks)
{
    private const string Suffix = ".dig";

    /// <summary>Reads a file of the project.</summary>
    /// <param name="name">Its path from the working directory; <c>.dig</c> may be left out.</param>
    /// <param name="span">Where the name was written.</param>
    /// <param name="workspace">The task's files.</param>
    /// <param name="context">The project.</param>
    /// <exception cref="WorkflowException">The file does not exist or is no workflow.</exception>
    public static CalledWorkflow FromFile(string name, SourceSpan? span, Workspace workspace, IOperatorContext context)
    {
        var path = workspace.PathOf(name.EndsWith(Suffix, StringComparison.Ordinal) ? name : name + Suffix);
        return File.Exists(path)
            ? Read(path, new DiskFiles(Path.GetFullPath(context.ProjectDirectory), path, null))
            : throw new ConfigException($"File not found: {path}", span);
    }

    /// <summary>Reads a text as if it were a file of the working directory.</summary>
    /// <param name="name">What the workflow is called.</param>
    /// <param name="text">The definition.</param>
    /// <param name="workspace">The task's files; the text may include them.</param>
    /// <param name="context">The project.</param>
    /// <exception cref="WorkflowException">The text is no workflow.</exception>
    public static CalledWorkflow FromText(string name, string text, Workspace workspace, IOperatorContext context)
    {
        var path = workspace.PathOf(name + Suffix);
        return Read(path, new DiskFiles(Path.GetFullPath(context.ProjectDirectory), path, Encoding.UTF8.GetBytes(text)));
    }

    private static CalledWorkflow Read(string path, DiskFiles files)
    {
        var relative = files.DisplayName(path);
        var definition = DigFile.ReadWorkflow(files, path, DigFile.WorkflowName(relative), DialectRules.Of(Target.Wf));
        return new CalledWorkflow(WithWorkingDirectory(definition.Config, Path.GetDirectoryName(relative)!.Replace('\\', '/')));
    }

    // Relative paths inside a called file are relative to its own folder.
    private static ConfigMap WithWorkingDirectory(ConfigMap config, string directory)
    {
        if (directory.Length == 0)
        {
            return config;
        }

        var export = config.GetMapOrEmpty("_export");
        var own = export.GetStringOrNull("_workdir");
        return config.With("_export", export.With("_workdir", own is null ? directory : directory + "/" + own));
    }

    private sealed class DiskFiles(string project, string givenPath, byte[]? given) : IDigFiles
    {
        public byte[]? Read(string path) =>
            given is not null && path == givenPath ? given : File.Exists(path) ? File.ReadAllBytes(path) : null;

        public string DisplayName(string path) => Path.GetRelativePath(project, path).Replace('\\', '/');
    }
}
