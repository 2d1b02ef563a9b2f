using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary><c>sh&gt;</c>: runs a shell script. Digdag behaviour: operators-core 7.4.</summary>
public sealed class ShOperator : IOperator
{
    private const string DefaultShell = "/bin/sh";
    private const string ScriptName = "runner.sh";

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
        string[] given = [.. options.GetListOrEmpty("shell").Select(s => ConfigAccess.AsString("shell", s))];
        var environment = CommandEnvironment.Of(request, context);
        var working = Workspace.Of(request, context).WorkingDirectory;
        var name = $"digdag-sh-{request.TaskId}";

        // Another shell than the system's may be a program that enters a container, and that sees the project alone.
        var seesAll = given is [] or [DefaultShell] && request.Config["docker"] is null or ConfigNull;
        using var memory = seesAll ? ScriptExchange.TryCreateInMemory(context.ProjectDirectory, name, ScriptName, script) : null;
        using var project = memory is null ? ScriptExchange.Create(context.ProjectDirectory, name) : null;
        var file = memory?.PathOf(ScriptName)
            ?? Path.GetRelativePath(working, await project!.WriteAsync(ScriptName, script, cancellationToken).ConfigureAwait(false));
        var code = await CommandExecutor.RunAsync(
            request,
            context,
            [.. given is [] ? [DefaultShell] : given, file],
            working,
            environment,
            cancellationToken).ConfigureAwait(false);
        return code == 0
            ? OperatorOutcome.Done
            : throw new WorkflowException(FailureKind.Runtime, $"Command failed with code {code}");
    }
}
