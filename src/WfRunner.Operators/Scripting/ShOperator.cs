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
        new OperatorParameter("_command", ParameterType.Text, "The script.", Required: true) { ResolvesSecrets = true },
        [
            new OperatorParameter("shell", ParameterType.List, "Program and arguments that run the script (default: [/bin/sh])."),
            CommandExecutor.Parameter,
            new OperatorParameter("_env", ParameterType.Map, "Environment variables of the script.") { ResolvesSecrets = true },
        ])
    {
        TakesAnyParameter = true,
    };

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var options = request.Config.MergeDefault(request.Config.GetMapOrEmpty("sh"));
        var script = SecretTemplate.Replace(options.GetString("_command"), context.Secrets);
        var shell = options.GetListOrEmpty("shell") is { Count: > 0 } given ? given : DefaultShell;
        var environment = CommandEnvironment.Of(request, context);
        var working = Workspace.Of(request, context).WorkingDirectory;
        using var exchange = ScriptExchange.Create(context.ProjectDirectory, $"digdag-sh-{request.TaskId}");
        var file = await exchange.WriteAsync("runner.sh", script, cancellationToken).ConfigureAwait(false);
        var code = await CommandExecutor.RunAsync(
            request,
            context,
            [.. shell.Select(s => ConfigAccess.AsString("shell", s)), Path.GetRelativePath(working, file)],
            working,
            environment,
            cancellationToken).ConfigureAwait(false);
        return code == 0
            ? OperatorOutcome.Done
            : throw new WorkflowException(FailureKind.Runtime, $"Command failed with code {code}");
    }
}
