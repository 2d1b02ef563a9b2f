namespace WfRunner.Cli.CommandLine;

/// <summary>A terminal that people look at.</summary>
/// <param name="Width">Its columns now; they may change.</param>
/// <param name="IsColored">Whether colours are wanted (<c>NO_COLOR</c>).</param>
public sealed record Terminal(Func<int> Width, bool IsColored)
{
    private const int UsualWidth = 80;

    /// <summary>The process's terminal.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    /// <returns>The terminal; null when an output goes elsewhere, in CI, and for terminals without a cursor.</returns>
    public static Terminal? OfProcess(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (Console.IsOutputRedirected || Console.IsErrorRedirected || environment("TERM") is "dumb" || environment("CI") is { Length: > 0 })
        {
            return null;
        }

        return new Terminal(Columns, string.IsNullOrEmpty(environment("NO_COLOR")));
    }

    private static int Columns()
    {
        try
        {
            return Console.WindowWidth is var width and > 0 ? width : UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth;
        }
    }
}
