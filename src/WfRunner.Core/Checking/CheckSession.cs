using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Dig;
using WfRunner.Core.Hosted;
using WfRunner.Core.Operators;

namespace WfRunner.Core.Checking;

/// <summary>What the rules of one check share: the request, the files read so far, and the findings. Safe for several threads.</summary>
internal sealed class CheckSession
{
    private readonly ConcurrentDictionary<string, Lazy<CheckedFile>> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string?> _texts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Diagnostic> _findings = [];
    private readonly FrozenSet<string> _workflows;

    public CheckSession(CheckRequest request)
    {
        Request = request;
        Operators = request.Operators.ToFrozenDictionary(o => o.Name, StringComparer.Ordinal);
        Dialect = DialectRules.Of(request.Target, request.AllowsUnknownKeys);
        _workflows = request.WorkflowFiles.ToFrozenSet(StringComparer.Ordinal);
    }

    public CheckRequest Request { get; }

    public FrozenDictionary<string, OperatorDescription> Operators { get; }

    /// <summary>What may stand at the top of files.</summary>
    public DialectRules Dialect { get; }

    /// <summary>The dialect that the project has to satisfy.</summary>
    public Target Target => Request.Target;

    /// <summary>The most tasks an attempt may have.</summary>
    public int MaximumTasks => Target == Target.Td ? HostedService.Known.Limits.TasksPerAttempt : Request.MaximumTasks;

    /// <summary>The findings so far.</summary>
    public IEnumerable<Diagnostic> Findings => _findings;

    /// <summary>Notes a finding.</summary>
    public void Report(Diagnostic finding) => _findings.Enqueue(finding);

    /// <summary>Notes a finding with the rule's own advice, or with better advice; nothing when the target does not mind.</summary>
    public void Report(DiagnosticRule rule, SourceSpan? span, string message, string? advice = null)
    {
        if (rule.SeverityFor(Target) is { } severity)
        {
            Report(new Diagnostic(rule, span, message, advice ?? rule.Advice) { Severity = severity });
        }
    }

    /// <summary>Notes a finding that is less serious than its rule says, where the target minds at all.</summary>
    public void Report(DiagnosticRule rule, DiagnosticSeverity atMost, SourceSpan? span, string message, string? advice = null)
    {
        if (rule.SeverityFor(Target) is { } severity)
        {
            Report(new Diagnostic(rule, span, message, advice ?? rule.Advice) { Severity = severity < atMost ? severity : atMost });
        }
    }

    /// <summary>Reads a workflow file once; what is wrong with it becomes findings.</summary>
    /// <param name="path">Absolute path.</param>
    public CheckedFile File(string path) => _files.GetOrAdd(path, p => new Lazy<CheckedFile>(() => Load(p))).Value;

    /// <summary>The file that a <c>call&gt;</c> names; null when it cannot be known or there is none.</summary>
    /// <param name="caller">The calling file.</param>
    /// <param name="task">The calling task.</param>
    public CheckedFile? CalledFile(CheckedFile caller, TaskNode task) =>
        CalledPath(caller, task) is { } path && Request.Files.Exists(path) ? File(path) : null;

    /// <summary>Path of the file that a <c>call&gt;</c> names; null when it is not written as a plain text.</summary>
    public string? CalledPath(CheckedFile caller, TaskNode task)
    {
        if (task.Operator != "call" || task.Command is not ConfigText { Value: { Length: > 0 } name } || IsTemplate(name))
        {
            return null;
        }

        return PathOf(caller, task, name.EndsWith(".dig", StringComparison.Ordinal) ? name : name + ".dig");
    }

    /// <summary>Absolute path of a file that a task names; null when its folder is known only at run time.</summary>
    /// <param name="file">The workflow file.</param>
    /// <param name="task">The task.</param>
    /// <param name="name">The path as written.</param>
    public string? PathOf(CheckedFile file, TaskNode task, string name)
    {
        var workdir = file.Workdir;
        for (var at = task; at is not null; at = at.Parent)
        {
            var set = at == task && at.Config["_workdir"] is { } own ? own : (at.Config["_export"] as ConfigMap)?["_workdir"];
            if (set is ConfigText text)
            {
                if (IsTemplate(text.Value))
                {
                    return null;
                }

                workdir = at.Parent is null && file.Workdir.Length > 0 ? file.Workdir + "/" + text.Value : text.Value;
                break;
            }
        }

        return Path.GetFullPath(Path.Combine(Request.ProjectDirectory, workdir, name));
    }

    /// <summary>Whether a path lies in the project.</summary>
    /// <param name="path">Absolute path.</param>
    public bool IsInProject(string path) => path.StartsWith(
        Path.TrimEndingDirectorySeparator(Request.ProjectDirectory) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Text of a file of the project; null when it cannot be read.</summary>
    /// <param name="path">Absolute path, or one relative to the project.</param>
    public string? TextOf(string path) => _texts.GetOrAdd(Path.GetFullPath(path, Request.ProjectDirectory), p =>
    {
        try
        {
            return Request.Files.Read(p) is { } bytes ? Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF') : null;
        }
        catch (WorkflowException)
        {
            return null;
        }
    });

    /// <summary>Whether a text holds an expression, so that its value is known only at run time.</summary>
    public static bool IsTemplate(string text) => text.Contains("${", StringComparison.Ordinal);

    private CheckedFile Load(string path)
    {
        var name = DigFile.WorkflowName(Request.Files.DisplayName(path));
        var isWorkflow = _workflows.Contains(path);
        var start = new SourceSpan(Request.Files.DisplayName(path), 1, 1, 1, 1);
        var definition = DigFile.ReadWorkflow(Request.Files, path, name, Dialect, e => Found(Diagnostic.Of(e, start)));
        if (definition is null)
        {
            return new CheckedFile(path, name, null, null, null);
        }

        // A called file hangs below a task, whose name is always sound.
        var (problems, compiled) = WorkflowCompiler.FindProblems(string.Empty, isWorkflow ? definition.RootName : "+called", definition.Config);
        foreach (var finding in problems.SelectMany(p => p.ToDiagnostics()))
        {
            Found(finding);
        }

        return new CheckedFile(path, name, definition, TaskNode.Of(definition), problems.Count == 0 ? compiled : null);

        // What is only called is read when the call runs: the project as such is accepted.
        void Found(Diagnostic finding) => Report(isWorkflow || finding.Severity != DiagnosticSeverity.Error
            ? finding
            : finding with { Severity = DiagnosticSeverity.Warning });
    }
}
