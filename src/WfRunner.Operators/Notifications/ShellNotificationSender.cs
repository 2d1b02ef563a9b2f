using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Operators.Notifications;

/// <summary>Hands notifications as JSON to the standard input of a shell command; what it prints is dropped.</summary>
internal sealed class ShellNotificationSender : INotificationSender
{
    private readonly string _command;
    private readonly TimeSpan _timeLimit;

    public ShellNotificationSender(ConfigMap settings)
    {
        _command = settings.GetString("shell.command");
        _timeLimit = TimeSpan.FromMilliseconds(settings.GetInt32OrNull("shell.timeout") ?? 30_000);
    }

    public async Task SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeLimit);
        using var process = Start();
        try
        {
            await GiveAsync(process, ConfigJson.Write(notification.ToConfig()), limit.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new WorkflowException(FailureKind.Notification, $"Notification shell command timed out: {_command}");
        }

        if (process.ExitCode != 0)
        {
            throw new WorkflowException(
                FailureKind.Notification,
                string.Create(CultureInfo.InvariantCulture, $"Notification shell command failed: {_command}, exit code = {process.ExitCode}"));
        }
    }

    private static async Task GiveAsync(Process process, string json, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(json), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A command need not read what it is told; its exit code decides.
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", "exec /bin/sh -c \"$1\" >/dev/null 2>&1", "sh", _command])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new WorkflowException(FailureKind.Notification, $"Failed to execute notification shell command: {_command}", null, e);
        }
    }
}
