using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary>
/// Chooses where the command of a task runs: on this machine, or with the parameter <c>docker</c> in a container. Digdag behaviour:
/// operators-core 7.2. Better than Digdag: an executor that is configured but cannot be used fails the task, instead of letting its
/// command loose on the machine of the agent.
/// </summary>
internal static class CommandExecutor
{
    /// <summary>The parameter that every operator with a command declares.</summary>
    public static OperatorParameter Parameter { get; } = new(
        "docker",
        ParameterType.Map,
        "Runs the command in a container: image, docker, run_options, pull_always, selinux, build, build_options.");

    /// <summary>Runs a command to its end.</summary>
    /// <param name="request">The task.</param>
    /// <param name="context">The world.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="workingDirectory">Absolute path.</param>
    /// <param name="environment">Variables of the task.</param>
    /// <param name="cancellationToken">Ends everything that was started.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="WorkflowException">The command cannot be started.</exception>
    public static Task<int> RunAsync(
        OperatorRequest request,
        IOperatorContext context,
        IReadOnlyList<string> command,
        string workingDirectory,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken)
    {
        var type = TypeOf(context.SystemConfig);
        var options = OptionsOf(context.SystemConfig);
        HostedRehearsal.TellWhatIsMissing(request, context);
        return type != "simple" && request.Config["docker"] is { IsNull: false } && !HostedRehearsal.RunsWithoutContainer(request, context)
            ? new DockerCommand(request, context, workingDirectory).RunAsync(command, environment, options, cancellationToken)
            : CommandProcess.RunAsync(command, workingDirectory, environment, context.Output, options, cancellationToken);
    }

    /// <summary>How commands of tasks are run: with the time that <c>agent.termination_grace_period</c> gives them to end.</summary>
    /// <param name="systemConfig">System configuration.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ConfigException">The setting is no number of seconds.</exception>
    public static CommandOptions OptionsOf(IReadOnlyDictionary<string, string> systemConfig)
    {
        const string key = "agent.termination_grace_period";
        const int longest = 24 * 60 * 60;
        return systemConfig.GetValueOrDefault(key) is not { } text
            ? CommandOptions.Default
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= longest
                ? CommandOptions.Default with { Grace = TimeSpan.FromSeconds(seconds) }
                : throw new ConfigException($"{key} must be a number of seconds up to {longest}: {text}");
    }

    private static string TypeOf(IReadOnlyDictionary<string, string> systemConfig)
    {
        const string key = "agent.command_executor.type";
        var type = systemConfig.GetValueOrDefault(key, "ecs");
        return type switch
        {
            "simple" or "docker" => type,
            "ecs" or "kubernetes" when !systemConfig.ContainsKey($"agent.command_executor.{type}.name") => type,
            "ecs" or "kubernetes" => throw new ConfigException(
                $"Commands cannot be run on {type}: remove the configuration of agent.command_executor.{type}, or set {key} to docker or simple"),
            _ => throw new ConfigException($"Configured commandExecutor name is not found: {type}"),
        };
    }
}
