using WfRunner.Cli.CommandLine;
using WfRunner.Core;
using WfRunner.Core.Checking;
using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Dig;
using WfRunner.Core.Scheduling;
using WfRunner.Runtime.Projects;

namespace WfRunner.Cli.Commands.Local.Checking;

/// <summary>
/// <c>wf check</c>: loads and compiles a project, shows what is in it, and finds what is wrong. Standard output and the exit code
/// are Digdag's (cli-local 9); findings go to standard error, or instead of all that to standard output in a form for programs.
/// </summary>
internal sealed class CheckCommand : ICommand
{
    private static readonly OptionSyntax Format =
        OptionSyntax.Value("FORMAT", "text (default), json, sarif, or github for annotations of GitHub Actions", "--format", "--output") with
        {
            Words = ["text", "json", "sarif", "github"],
        };

    private static readonly OptionSyntax Strict = OptionSyntax.Flag("exit with 1 when there is a warning", "--strict");

    private static readonly OptionSyntax Explain = OptionSyntax.Value("CODE", "explain a finding such as WF0502, or all of them", "--explain");

    /// <inheritdoc/>
    public CommandSyntax Syntax { get; } = new()
    {
        Name = "check",
        Aliases = ["c"],
        Group = CommandGroup.Local,
        Arguments = "[workflow.dig] [options...]",
        Summary = "show workflow definitions, and find what is wrong with them",
        Options = [ProjectOption.Project, WorkflowParameters.Param, WorkflowParameters.ParamsFile, TargetOption.Target, TargetOption.AllowUnknownKeys, Format, Strict, Explain],
        MaximumArguments = 1,
        Examples = ["check", "check job1 --project etl", "check --target td", "check --target td,digdag --strict", "check --strict --format github", "check --format sarif > wf.sarif", "check --explain WF0502"],
    };

    /// <inheritdoc/>
    public async Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        if (arguments.Value(Explain) is { } code)
        {
            await context.Out.WriteAsync(RuleText.Of(code)).ConfigureAwait(false);
            return 0;
        }

        var format = arguments.Value(Format) ?? "text";
        return format switch
        {
            "text" => await ShowAsync(arguments, context, cancellationToken).ConfigureAwait(false),
            "json" or "sarif" or "github" => await WriteAsync(format, arguments, context, cancellationToken).ConfigureAwait(false),
            _ => throw new CommandLineException($"Unknown format '{format}'. Use one of text, json, sarif and github."),
        };
    }

    private static async Task<int> ShowAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        await context.Out.WriteLineAsync($"  System default timezone: {context.SystemTimeZone.Id}\n").ConfigureAwait(false);
        var parameters = WorkflowParameters.Of(arguments, context);
        var directory = ProjectOption.DirectoryOf(arguments, context);
        parameters = ProjectOption.AddProjectPath(parameters, directory, context);
        var (targets, reason) = TargetOption.Of(arguments, directory);
        if (reason is not null)
        {
            await context.Error.WriteLineAsync(
                $"Checking for {string.Join(" and ", targets.Select(TargetWord.Of))} because of {reason}; --target chooses another.").ConfigureAwait(false);
        }

        var check = CheckOf(arguments, context, directory, parameters);
        var project = await check.RunAsync(targets, cancellationToken).ConfigureAwait(false);
        var refusal = project.Report.Count(DiagnosticSeverity.Error) > 0 ? Refusal(directory, targets, arguments) : null;
        new DiagnosticText(project, refusal, context.ErrorUsesColor).Write(context.Error);
        if (refusal is { IsOfSchedule: false })
        {
            throw refusal.Failure;
        }

        var summary = new ProjectSummary(Chosen(arguments, [.. project.Report.Workflows.Where(w => w.Tasks is not null)], directory), context);
        await context.Out.WriteAsync(summary.Definitions() + ProjectSummary.Parameters(parameters)).ConfigureAwait(false);
        await context.Out.WriteAsync(summary.Schedules()).ConfigureAwait(false);
        return ExitCode(arguments, project);
    }

    private static ProjectCheck CheckOf(ParsedArguments arguments, CommandContext context, string directory, ConfigMap parameters) =>
        new(context, directory, parameters)
        {
            Workflow = arguments.Positional.Count > 0 ? arguments.Positional[0] : null,
            AllowsUnknownKeys = arguments.Has(TargetOption.AllowUnknownKeys),
        };

    // What Digdag says about the project, in its order: the files, then the schedules.
    private static DigdagRefusal? Refusal(string directory, IReadOnlyList<Target> targets, ParsedArguments arguments) => targets
        .Select(t => Refusal(directory, DialectRules.Of(t, arguments.Has(TargetOption.AllowUnknownKeys))))
        .FirstOrDefault(r => r is not null);

    private static DigdagRefusal? Refusal(string directory, DialectRules dialect)
    {
        var isOfSchedule = false;
        try
        {
            var project = ProjectLoader.Load(directory, dialect);
            project.ThrowIfBroken();
            isOfSchedule = true;
            foreach (var workflow in project.Workflows)
            {
                SchedulerFactory.Create(workflow.Config, workflow.TimeZone);
            }

            return null;
        }
        catch (WorkflowException e)
        {
            return new DigdagRefusal(e, isOfSchedule);
        }
    }

    private static async Task<int> WriteAsync(string format, ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        var directory = ProjectOption.DirectoryOf(arguments, context);
        var check = CheckOf(arguments, context, directory, WorkflowParameters.Of(arguments, context));
        var project = await check.RunAsync(TargetOption.Of(arguments, directory).Targets, cancellationToken).ConfigureAwait(false);
        var code = ExitCode(arguments, project);
        await context.Out.WriteAsync(format switch
        {
            "json" => DiagnosticJson.Write(project, code == 0),
            "sarif" => DiagnosticJson.WriteSarif(project, context.Version),
            _ => DiagnosticGitHub.Write(project),
        }).ConfigureAwait(false);
        return code;
    }

    private static int ExitCode(ParsedArguments arguments, ReportedProject project)
    {
        var errors = project.Report.Count(DiagnosticSeverity.Error);
        return errors > 0 || (arguments.Has(Strict) && project.Report.Count(DiagnosticSeverity.Warning) > 0) ? 1 : 0;
    }

    private static IReadOnlyList<CheckedWorkflow> Chosen(ParsedArguments arguments, IReadOnlyList<CheckedWorkflow> workflows, string directory)
    {
        if (arguments.Positional.Count == 0)
        {
            return workflows;
        }

        var name = ProjectOption.WorkflowNameOf(arguments.Positional[0], directory);
        var found = workflows.FirstOrDefault(w => w.Name == name);
        return found is not null
            ? [found]
            : throw new WorkflowException(FailureKind.ResourceNotFound, $"Workflow '{name}' does not exist in project directory '{directory}'.");
    }
}
