using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Finds numbers that are read in base 8 because of a leading zero.</summary>
internal sealed class NumberRule : IFileRule
{
    public void Check(CheckSession session, CheckedFile file)
    {
        var pending = new Stack<ConfigValue>();
        if (file.Definition is { } definition)
        {
            pending.Push(definition.Config);
        }

        while (pending.TryPop(out var value))
        {
            switch (value)
            {
                case ConfigMap map:
                    foreach (var entry in map)
                    {
                        pending.Push(entry.Value);
                    }

                    break;
                case ConfigList list:
                    foreach (var item in list.Items)
                    {
                        pending.Push(item);
                    }

                    break;
                case ConfigInteger { Span: { } span } number:
                    CheckNumber(session, number, span);
                    break;
                default:
                    break;
            }
        }
    }

    // Only a number that takes more room than its decimal form can have been written in another one.
    private static void CheckNumber(CheckSession session, ConfigInteger number, SourceSpan span)
    {
        if (number.Value < 8 || span.EndColumn - span.Column <= number.ToString()!.Length || session.TextOf(span.File) is not { } source)
        {
            return;
        }

        var written = TemplatePlace.Slice(source, span).TrimStart(['+', '-']);
        if (written.Length > 1 && written[0] == '0' && char.IsAsciiDigit(written[1]))
        {
            session.Report(DiagnosticRules.OctalNumber, span, $"{TemplatePlace.Slice(source, span)} is read in base 8, as {number}");
        }
    }
}
