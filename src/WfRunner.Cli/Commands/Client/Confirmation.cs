using System.Text;
using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Commands.Client;

/// <summary>Questions with yes or no.</summary>
internal static class Confirmation
{
    public static readonly OptionSyntax Yes = OptionSyntax.Flag("do it without asking", "-y", "--yes");

    /// <summary>Whether somebody is there to be asked.</summary>
    public static bool IsPossible => !Console.IsInputRedirected;

    /// <summary>Asks, whoever is there. The end of the input counts as no.</summary>
    /// <param name="call">The streams.</param>
    /// <param name="question">The question.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<bool> AskAsync(ClientCall call, string question, CancellationToken cancellationToken)
    {
        await call.Error.WriteAsync($"{question} [y/N]: ").ConfigureAwait(false);
        using var input = new StreamReader(call.Context.In, Encoding.UTF8, leaveOpen: true);
        var answer = await input.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        return answer?.Trim() is { } text
            && (text.Equals("y", StringComparison.OrdinalIgnoreCase) || text.Equals("yes", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Goes on when the user agrees: by <c>--yes</c>, or asked on a terminal.</summary>
    /// <param name="call">Options and streams.</param>
    /// <param name="question">The question.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandLineException">The user does not, or nobody is there to be asked.</exception>
    public static async Task RequireAsync(ClientCall call, string question, CancellationToken cancellationToken)
    {
        if (call.Arguments.Has(Yes))
        {
            return;
        }

        if (!IsPossible)
        {
            throw new CommandLineException("canceled: nobody can be asked here; --yes does it without asking");
        }

        if (!await AskAsync(call, question, cancellationToken).ConfigureAwait(false))
        {
            throw new CommandLineException("canceled.");
        }
    }
}
