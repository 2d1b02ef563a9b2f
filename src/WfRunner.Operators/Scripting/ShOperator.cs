using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary><c>sh&gt;</c>: runs a shell script. Digdag behaviour: operators-core 7.4.</summary>
public sealed class ShOperator : IOperator
{
    private static readonly ConfigValue[] DefaultShell = [new ConfigText("/bin/sh")];

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "sh",
        "Runs a shell script.",
        new OperatorParameter("_command", ParameterType.Text, "The script.", Required: true),
        [
            new OperatorParameter("shell", ParameterType.List, "Program and arguments that run the script (default: [/bin/sh])."),
            new OperatorParameter("_env", ParameterType.Map, "Environment variables of the script."),
        ]);

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var options = request.Config.MergeDefault(request.Config.GetMapOrEmpty("sh"));
        var script = SecretTemplate.Replace(options.GetString("_command"), context.Secrets);
        var shell = options.GetListOrEmpty("shell") is { Count: > 0 } given ? given : DefaultShell;
        var environment = CommandEnvironment.Of(request, context);
        var working = Path.GetFullPath(request.Config.GetStringOr("_workdir", "."), context.ProjectDirectory);
        var directory = Directory.CreateDirectory(
            Path.Combine(context.ProjectDirectory, ".digdag", "tmp", $"digdag-sh-{request.TaskId}-{Guid.NewGuid():N}"));
        try
        {
            var file = Path.Combine(directory.FullName, "runner.sh");
            await File.WriteAllTextAsync(file, script, new UTF8Encoding(false), cancellationToken).ConfigureAwait(false);
            var code = await CommandProcess.RunAsync(
                [.. shell.Select(s => ConfigAccess.AsString("shell", s)), Path.GetRelativePath(working, file)],
                working,
                environment,
                context.Output,
                cancellationToken).ConfigureAwait(false);
            return code == 0
                ? OperatorOutcome.Done
                : throw new WorkflowException(FailureKind.Runtime, $"Command failed with code {code}");
        }
        finally
        {
            // The script may hold secrets: it must not outlive the task.
            directory.Delete(recursive: true);
        }
    }
}
