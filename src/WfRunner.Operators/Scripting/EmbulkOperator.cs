using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary>
/// <c>embulk&gt;</c>: runs Embulk, which must be installed. Digdag behaviour: operators-core 7.7. Better than Digdag: secrets are
/// resolved in <c>config</c> too.
/// </summary>
public sealed class EmbulkOperator : IOperator
{
    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "embulk",
        "Runs Embulk.",
        new OperatorParameter("_command", ParameterType.File, "YAML file of the load.") { IsTemplate = true, ResolvesSecrets = true },
        [
            new OperatorParameter("config", ParameterType.Map, "The load itself, when no file is named.") { ResolvesSecrets = true },
            CommandExecutor.Parameter,
            new OperatorParameter("_env", ParameterType.Map, "Environment variables.") { ResolvesSecrets = true },
        ]);

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var options = request.Config.MergeDefault(request.Config.GetMapOrEmpty("embulk"));
        var load = SecretTemplate.Replace(await LoadAsync(request, options, context, cancellationToken).ConfigureAwait(false), context.Secrets);
        var working = Workspace.Of(request, context).WorkingDirectory;
        using var exchange = ScriptExchange.Create(context.ProjectDirectory, $"digdag-embulk-{request.TaskId}");

        // JSON is YAML, and leaves no question of quoting.
        var file = await exchange.WriteAsync("load.yml", ConfigJson.Write(load), cancellationToken).ConfigureAwait(false);
        var code = await CommandExecutor.RunAsync(
            request,
            context,
            ["embulk", "run", Path.GetRelativePath(working, file)],
            working,
            CommandEnvironment.Own(request, context),
            cancellationToken).ConfigureAwait(false);
        return code == 0
            ? OperatorOutcome.Done
            : throw new WorkflowException(FailureKind.Runtime, $"Command failed with code {code}");
    }

    private static async Task<ConfigValue> LoadAsync(
        OperatorRequest request, ConfigMap options, IOperatorContext context, CancellationToken cancellationToken)
    {
        if (options["_command"] is not { IsNull: false } command)
        {
            return options.GetMap("config");
        }

        var text = await CommandText.ReadAsync(request, options, "config", context, cancellationToken).ConfigureAwait(false);
        try
        {
            return YamlText.Parse(text, ConfigAccess.AsString("_command", command));
        }
        catch (WorkflowException e)
        {
            throw new ConfigException("Failed to parse yaml file", command.Span, e);
        }
    }
}
