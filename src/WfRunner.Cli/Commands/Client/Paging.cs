using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Commands.Client;

/// <summary>The options of lists that go back in time page by page.</summary>
internal static class Paging
{
    public static readonly OptionSyntax LastId = OptionSyntax.Value("ID", "show more from this id", "-i", "--last-id");

    public static readonly OptionSyntax PageSize = OptionSyntax.Value("N", "number of entries to show (default: 100)", "-s", "--page-size");

    public static async Task HintIfEmptyAsync(int count, ClientCall call)
    {
        if (count == 0)
        {
            await call.Error.WriteLineAsync($"Use `{call.Context.ProgramName} start` to start a session.").ConfigureAwait(false);
        }
    }
}
