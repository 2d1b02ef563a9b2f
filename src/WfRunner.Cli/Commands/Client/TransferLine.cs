using System.Globalization;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Rendering;
using WfRunner.Client;

namespace WfRunner.Cli.Commands.Client;

/// <summary>One line on a terminal that tells how far a long upload or download is; short ones show nothing.</summary>
/// <param name="output">The terminal.</param>
/// <param name="terminal">Its width.</param>
internal sealed class TransferLine(TextWriter output, Terminal terminal)
{
    private const long WorthTelling = 1_000_000;
    private const long Step = 250_000;

    private long _shown;
    private bool _isOpen;

    /// <summary>Shows progress, if it is worth it.</summary>
    public void Show(TransferProgress progress)
    {
        if (progress.Done < _shown)
        {
            // Another transfer, or the same once more.
            _shown = 0;
        }

        var isDone = progress.Done == progress.Total;
        if (progress.Total is < WorthTelling || (progress.Done < _shown + Step && !(isDone && _isOpen)))
        {
            return;
        }

        _shown = progress.Done;
        _isOpen = !isDone;
        output.Write("\r\u001b[K" + TerminalText.Cut(Text(progress), terminal.Width() - 1) + (isDone ? "\n" : string.Empty));
    }

    private static string Text(TransferProgress progress)
    {
        var what = progress.IsUpload ? "Uploading" : "Downloading";
        return progress.Total is { } total
            ? string.Create(CultureInfo.InvariantCulture, $"{what} {Megabytes(progress.Done)} of {Megabytes(total)} MB ({100 * progress.Done / Math.Max(total, 1)} %)")
            : $"{what} {Megabytes(progress.Done)} MB";
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0}");
}
