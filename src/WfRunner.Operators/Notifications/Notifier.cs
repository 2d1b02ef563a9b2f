using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Notifications;

/// <summary>Tells people in the way that the system configuration names, and tries again when that fails. Digdag behaviour: engine 19.2.</summary>
public sealed class Notifier
{
    private readonly INotificationSender _sender;
    private readonly int _retries;
    private readonly int _shortestPause;
    private readonly int _longestPause;

    private Notifier(INotificationSender sender, ConfigMap settings)
    {
        _sender = sender;
        _retries = settings.GetInt32OrNull("retries") ?? 10;
        _shortestPause = settings.GetInt32OrNull("min_retry_wait") ?? 1000;
        _longestPause = settings.GetInt32OrNull("max_retry_wait") ?? 30_000;
    }

    /// <summary>The configured notifier.</summary>
    /// <param name="systemConfig">System configuration; the keys <c>notification.*</c> are read.</param>
    /// <returns>The notifier, or null when none is configured.</returns>
    /// <exception cref="ConfigException">The configuration is wrong.</exception>
    public static Notifier? Create(IReadOnlyDictionary<string, string> systemConfig)
    {
        ArgumentNullException.ThrowIfNull(systemConfig);
        if (!systemConfig.TryGetValue("notification.type", out var type))
        {
            return null;
        }

        var settings = systemConfig.Below("notification.");
        return new Notifier(
            type switch
            {
                "http" => new HttpNotificationSender(settings),
                "shell" => new ShellNotificationSender(settings),
                "mail" => new MailNotificationSender(settings),
                _ => throw new ConfigException($"Unknown notification.type: {type} (http, shell or mail)"),
            },
            settings);
    }

    /// <summary>Sends a notification, if need be several times.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="log">Told about every failure.</param>
    /// <param name="cancellationToken">Ends the trying.</param>
    /// <returns>A task that ends when it was taken.</returns>
    /// <exception cref="TaskFailedException">It was never taken.</exception>
    public async Task SendAsync(Notification notification, ITaskLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(log);
        for (var retry = 1; ; retry++)
        {
            try
            {
                await _sender.SendAsync(notification, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (WorkflowException e)
            {
                if (retry > _retries)
                {
                    throw new TaskFailedException("Sending notification failed (notification)", null, e);
                }

                log.Warn(string.Create(
                    CultureInfo.InvariantCulture, $"Sending notification failed: retry {retry} of {_retries}\n{FailureText.Describe(e)}"));
            }

            var pause = Math.Min(_longestPause, _shortestPause * Math.Pow(3, retry - 1));
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0, pause)), cancellationToken).ConfigureAwait(false);
        }
    }
}
