using WfRunner.Core.Config;
using WfRunner.Core.Hosted;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary>
/// Scripts of the hosted service on this machine: where there is no container engine they run here, and what only the service can do
/// is told rather than left out in silence.
/// </summary>
public static class HostedRehearsal
{
    /// <summary>Key of the system configuration with the target of the run, for example <c>td</c>.</summary>
    public const string TargetKey = "run.target";

    /// <summary>Whether a command that asks for a container runs without one.</summary>
    /// <param name="request">The task.</param>
    /// <param name="context">The log, and the target.</param>
    /// <returns>Whether it does; then the log names the image.</returns>
    internal static bool RunsWithoutContainer(OperatorRequest request, IOperatorContext context)
    {
        if (!IsRehearsal(context) || request.Config["docker"] is not ConfigMap container)
        {
            return false;
        }

        var engine = container.GetStringOr("docker", "docker");
        if (HasProgram(engine))
        {
            return false;
        }

        context.Log.Warn($"There is no {engine} here: the script runs on this machine and not in the image {container.GetStringOrNull("image")}");
        return true;
    }

    /// <summary>Tells which parameters of the task only the service reads.</summary>
    /// <param name="request">The task.</param>
    /// <param name="context">The log, and the target.</param>
    internal static void TellWhatIsMissing(OperatorRequest request, IOperatorContext context)
    {
        if (!IsRehearsal(context))
        {
            return;
        }

        var service = HostedService.Known;
        var missing = service.PythonKeys.Where(request.Config.Has)
            .Concat(service.DockerKeys.Where(k => (request.Config["docker"] as ConfigMap)?.Has(k) == true).Select(k => "docker." + k))
            .ToList();
        if (missing.Count > 0)
        {
            context.Log.Warn($"Not emulated here, the hosted service alone reads it: {string.Join(", ", missing)}");
        }
    }

    private static bool IsRehearsal(IOperatorContext context) => context.SystemConfig.GetValueOrDefault(TargetKey) == "td";

    private static bool HasProgram(string program) => program.Contains('/', StringComparison.Ordinal)
        ? File.Exists(program)
        : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));
}
