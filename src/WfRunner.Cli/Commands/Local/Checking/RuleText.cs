using WfRunner.Cli.CommandLine;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Hosted;

namespace WfRunner.Cli.Commands.Local.Checking;

/// <summary>What a finding's code means, for <c>--explain</c>.</summary>
internal static class RuleText
{
    /// <summary>The text of one rule, or a list of all.</summary>
    /// <param name="code">The code in any case, or <c>all</c>.</param>
    /// <exception cref="CommandLineException">There is no such rule.</exception>
    public static string Of(string code)
    {
        if (code == "all")
        {
            return string.Concat(DiagnosticRules.All.Select(r => $"{r.Code}  {ReportedProject.Word(r.Severity),-7}  {r.Title}\n"));
        }

        var rule = DiagnosticRules.All.FirstOrDefault(r => string.Equals(r.Code, code, StringComparison.OrdinalIgnoreCase))
            ?? throw new CommandLineException($"There is no finding '{code}'. List them with: wf check --explain all");
        var source = HostedService.Known.SourceOf(rule.Code) is { } document
            ? $"\n  Source: {document} (rules of the hosted service as of {HostedService.Known.AsOf})\n"
            : string.Empty;
        return $"{rule.Code} {rule.Title} ({rule.SeverityText})\n\n  {rule.Explanation}\n\n  What to do: {rule.Advice}\n{source}";
    }
}
