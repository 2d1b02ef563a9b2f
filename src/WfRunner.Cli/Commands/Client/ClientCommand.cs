using WfRunner.Cli.CommandLine;
using WfRunner.Client;

namespace WfRunner.Cli.Commands.Client;

/// <summary>A command that talks to a server: opens the call and turns refusals into Digdag's error lines (cli-client 4).</summary>
internal abstract class ClientCommand : ICommand
{
    /// <inheritdoc/>
    public abstract CommandSyntax Syntax { get; }

    /// <inheritdoc/>
    public async Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        using var call = new ClientCall(arguments, ClientOptions.WithProfile(arguments, context));
        try
        {
            await RunAsync(call, cancellationToken).ConfigureAwait(false);
            return call.ExitCode;
        }
        catch (ServerAnswerException e)
        {
            throw new CommandLineException(Describe(e) + HintOfKey(e, call));
        }
        catch (ServerUnreachableException e)
        {
            throw new CommandLineException(Describe(e, context.ProgramName));
        }
    }

    /// <summary>Runs the command.</summary>
    /// <param name="call">Arguments, streams, connection.</param>
    /// <param name="cancellationToken">Signalled by Ctrl-C and TERM.</param>
    /// <returns>A task that ends with the command.</returns>
    protected abstract Task RunAsync(ClientCall call, CancellationToken cancellationToken);

    // Stock servers' words are compared by scripts; the hosted service's users have a key to look after.
    private static string HintOfKey(ServerAnswerException answer, ClientCall call) =>
        answer.Status == 401 && HostedEndpoint.IsWorkflowHost(call.Endpoint.Host)
            ? $"\n> {call.Endpoint.Host} needs a master key: set TD_API_KEY, or client.http.headers.authorization in the configuration or a profile"
            : string.Empty;

    private static string Describe(ServerUnreachableException failure, string program)
    {
        if (failure.MayHaveBeenDone)
        {
            return $"{failure.Message}\n> The server may have done what was asked nevertheless: look before you try again.";
        }

        return failure.IsUnsent
            ? $"{failure.Message} (start a server with `{program} server -o DIR`, or name one with -e or client.http.endpoint)"
            : failure.Message;
    }

    private static string Describe(ServerAnswerException answer) => DescribeStatus(answer)
        + (answer.RetryAfter is { TotalSeconds: > 0 and var seconds }
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\n> The server asks to wait {seconds:0} seconds before the next try.")
            : string.Empty);

    private static string DescribeStatus(ServerAnswerException answer) => answer.Status switch
    {
        404 => "Resource not found: " + answer.Message,
        409 => "Request conflicted: " + answer.Message,
        422 => "Invalid option: " + answer.Message,
        500 => $"HTTP 500 {answer.Reason} (internal server error)" + Cause(answer),
        503 => $"HTTP 503 {answer.Reason} (service unavailable)" + Cause(answer),
        >= 500 => $"HTTP {answer.Status} {answer.Reason} (server error)" + Cause(answer),
        _ => $"Status code {answer.Status}: {answer.Message}",
    };

    private static string Cause(ServerAnswerException answer) => answer.Body.Length == 0 ? string.Empty : "\n> " + answer.Body;
}
