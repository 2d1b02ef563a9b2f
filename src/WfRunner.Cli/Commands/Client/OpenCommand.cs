using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using WfRunner.Cli.CommandLine;
using WfRunner.Client;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf open</c>: opens a project, a workflow or an attempt in the browser: the server's own pages, or the hosted service's console.</summary>
internal sealed class OpenCommand : ClientCommand
{
    // An opener that is still busy has found something to open with.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly OptionSyntax Print = OptionSyntax.Flag("print the address instead of opening it", "--print");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "open",
        Group = CommandGroup.Client,
        Arguments = "[project | project.workflow | attempt-id] [options...]",
        Summary = "open a project, a workflow or an attempt in the browser",
        Options = [Print, .. ClientOptions.All],
        MaximumArguments = 1,
        Examples = ["open", "open myproj.main", "open 35 --print"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var address = await AddressAsync(client, call, cancellationToken).ConfigureAwait(false);
        if (!call.Arguments.Has(Print) && TryOpen(address))
        {
            return;
        }

        await call.Out.WriteLineAsync(address.AbsoluteUri).ConfigureAwait(false);
    }

    private static async Task<Uri> AddressAsync(WorkflowClient client, ClientCall call, CancellationToken cancellationToken)
    {
        var what = call.Positional.Count > 0 ? call.Positional[0] : await CurrentProject.FindAndTellAsync(call).ConfigureAwait(false);
        var console = HostedEndpoint.SiteOf(call.Endpoint) is { } site ? new Uri($"https://{site.ConsoleHost}/") : null;
        if (what is null)
        {
            return console is null ? call.Endpoint : new Uri(console, "app/workflows");
        }

        if (long.TryParse(what, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            var attempt = await client.GetAttemptAsync(id, cancellationToken).ConfigureAwait(false);
            return console is null ? Of($"attempts/{id}") : ConsoleOf(attempt.ProjectId);
        }

        var (project, workflow) = await WorkflowAddress.FindAsync(client, what, cancellationToken).ConfigureAwait(false);
        return console is not null ? ConsoleOf(project.Id)
            : workflow is null ? Of($"projects/{project.Id}")
            : Of($"projects/{project.Id}/workflows/{Uri.EscapeDataString(workflow)}");

        Uri Of(string path) => new(call.Endpoint, path);

        Uri ConsoleOf(long projectId) => new(console, string.Create(CultureInfo.InvariantCulture, $"app/workflows/{projectId}/info"));
    }

    // Where nothing can open it the address is printed: over a network, for example.
    private static bool TryOpen(Uri address)
    {
        var opener = OperatingSystem.IsMacOS() ? "open" : OperatingSystem.IsWindows() ? null : "xdg-open";
        try
        {
            using var process = opener is null
                ? Process.Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true })
                : Process.Start(new ProcessStartInfo(opener, [address.AbsoluteUri]) { RedirectStandardError = true, RedirectStandardOutput = true });
            return process is null || !process.WaitForExit(Patience) || process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
