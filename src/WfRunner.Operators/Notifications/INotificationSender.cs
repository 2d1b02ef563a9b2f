namespace WfRunner.Operators.Notifications;

/// <summary>One way to tell people.</summary>
internal interface INotificationSender
{
    /// <summary>Tries once to send.</summary>
    /// <exception cref="Core.WorkflowException">It was not taken.</exception>
    Task SendAsync(Notification notification, CancellationToken cancellationToken);
}
