using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Control;

/// <summary><c>call&gt;</c>: runs the tasks of another workflow file here. Digdag behaviour: operators-core 6.7, dig-language 7.4.</summary>
public sealed class CallOperator : IOperator
{
    private const string Suffix = ".dig";

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "call", "Runs the tasks of another workflow file.", new OperatorParameter("_command", ParameterType.Text, "Path of the file.", Required: true), []);

    /// <inheritdoc/>
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var given = request.Config.GetString("_command");
        var path = Workspace.Of(request, context).PathOf(given.EndsWith(Suffix, StringComparison.Ordinal) ? given : given + Suffix);
        if (!File.Exists(path))
        {
            throw new ConfigException($"File not found: {path}", request.LocalConfig["call>"]?.Span);
        }

        var project = Path.GetFullPath(context.ProjectDirectory);
        var relative = Path.GetRelativePath(project, path).Replace('\\', '/');
        var definition = DigFile.ReadWorkflow(new DiskFiles(project), path, DigFile.WorkflowName(relative));
        return Task.FromResult<OperatorOutcome>(new OperatorOutcome.Succeeded(new TaskResult
        {
            SubtaskConfig = WithWorkingDirectory(definition.Config, Path.GetDirectoryName(relative)!.Replace('\\', '/')),
        }));
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

    private sealed class DiskFiles(string project) : IDigFiles
    {
        public byte[]? Read(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;

        public string DisplayName(string path) => Path.GetRelativePath(project, path).Replace('\\', '/');
    }
}
