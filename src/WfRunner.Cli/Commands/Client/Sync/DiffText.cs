using System.Globalization;
using System.Text;
using DiffPlex.Renderer;
using WfRunner.Cli.Rendering;

namespace WfRunner.Cli.Commands.Client.Sync;

/// <summary>Shows a difference: every file with a sign, the changed lines of texts as a unified diff, and the counts.</summary>
/// <param name="diff">The difference.</param>
/// <param name="colored">Whether lines are coloured.</param>
internal sealed class DiffText(ProjectDiff diff, bool colored)
{
    private const int LargestText = 1_000_000;
    private const int Context = 3;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The counts of files: <c>Changes: +1 new, ~2 modified, -0 deleted</c>.</summary>
    public string Counts => string.Create(
        CultureInfo.InvariantCulture, $"Changes: +{diff.Added.Count} new, ~{diff.Modified.Count} modified, -{diff.Deleted.Count} deleted");

    /// <summary>Files, changed lines and counts.</summary>
    /// <param name="writer">Where.</param>
    public void Write(TextWriter writer)
    {
        foreach (var path in diff.Added)
        {
            writer.Write(TerminalText.Painted($"  + {path}", "32", colored) + "\n");
        }

        foreach (var path in diff.Deleted)
        {
            writer.Write(TerminalText.Painted($"  - {path}", "31", colored) + "\n");
        }

        foreach (var path in diff.Modified)
        {
            writer.Write(TerminalText.Painted($"  ~ {path}", "33", colored) + "\n");
            WriteLines(path, writer);
        }

        writer.Write(Counts + "\n");
    }

    private void WriteLines(string path, TextWriter writer)
    {
        var (before, after) = (diff.Before.Files[path], diff.After.Files[path]);
        if (before.Sha256 == after.Sha256)
        {
            writer.Write(after.IsExecutable ? "    now executable\n" : "    no longer executable\n");
            return;
        }

        if (TextOf(diff.Before, path) is not { } old || TextOf(diff.After, path) is not { } now)
        {
            writer.Write("    not a text, or a large one\n");
            return;
        }

        // A text's last line ends, too: the nothing behind it is no line.
        if (old.EndsWith('\n') && now.EndsWith('\n'))
        {
            (old, now) = (old[..^1], now[..^1]);
        }

        var text = UnidiffRenderer.GenerateUnidiff(old, now, path, path, ignoreWhitespace: false, ignoreCase: false, Context);
        foreach (var line in text.TrimEnd('\r', '\n').Split('\n').Select(l => l.TrimEnd('\r')).SkipWhile(l => !l.StartsWith("@@", StringComparison.Ordinal)))
        {
            writer.Write("    " + Painted(line) + "\n");
        }
    }

    private string Painted(string line)
    {
        // Files come from elsewhere: nothing in them may steer the terminal.
        var shown = new string([.. line.Select(c => char.IsControl(c) && c != '\t' ? '\ufffd' : c)]);
        return shown switch
        {
            ['+', ..] => TerminalText.Painted(shown, "32", colored),
            ['-', ..] => TerminalText.Painted(shown, "31", colored),
            ['@', '@', ..] => TerminalText.Painted(shown, "36", colored),
            _ => shown,
        };
    }

    private static string? TextOf(ProjectSnapshot snapshot, string path)
    {
        var info = new FileInfo(snapshot.PathOf(path));
        if (info.LinkTarget is { } target)
        {
            return "link to " + target;
        }

        if (info.Length > LargestText)
        {
            return null;
        }

        var bytes = File.ReadAllBytes(info.FullName);
        try
        {
            return bytes.Contains((byte)0) ? null : Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
