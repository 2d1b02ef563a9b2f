using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Notifications;

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
        UsesProject = false,
        ReportsUnusedKeys = true,
    };

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var notification = new Notification
        {
            Timestamp = context.Clock.GetCurrentInstant(),
            Message = request.Config.GetString("_command"),
            Attempt = request.Attempt,
            TaskName = request.TaskName,
        };
        context.Log.Debug($"Notification: {notification.Message}");
        if (Notifier.Create(context.SystemConfig) is { } notifier)
        {
            await notifier.SendAsync(notification, context.Log, cancellationToken).ConfigureAwait(false);
        }

        return OperatorOutcome.Done;
    }
}
