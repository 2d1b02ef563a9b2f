using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Control;

/// <summary>
/// <c>notify&gt;</c>: tells the configured notifier. Without <c>notification.type</c> in the system configuration it only logs at
/// DEBUG. The engine adds such a task when an attempt fails. Digdag behaviour: operators-core 6.6.
/// </summary>
public sealed class NotifyOperator : IOperator
{
    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "notify", "Sends a notification.", new OperatorParameter("_command", ParameterType.Text, "The message.", Required: true), [])
    {
        RetriesOwnFailure = false,
        ReportsUnusedKeys = true,
    };

    /// <inheritdoc/>
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var message = request.Config.GetString("_command");
        if (context.SystemConfig.TryGetValue("notification.type", out var type))
        {
            throw new TaskFailedException($"notification.type={type} is not supported by this version; remove it from the configuration");
        }

        context.Log.Debug($"Notification: {message}");
        return Task.FromResult(OperatorOutcome.Done);
    }
}
