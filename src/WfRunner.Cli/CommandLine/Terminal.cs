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

        return new Terminal(Columns, ShowsColor(isRedirected: false, environment));
    }

    /// <summary>Whether a stream shows colours: its state decides, and <c>NO_COLOR</c> (no-color.org) wins.</summary>
    /// <param name="isRedirected">Whether it goes elsewhere than to a terminal.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <returns>Whether it does.</returns>
    public static bool ShowsColor(bool isRedirected, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return !isRedirected && string.IsNullOrEmpty(environment("NO_COLOR")) && environment("TERM") is not "dumb";
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
