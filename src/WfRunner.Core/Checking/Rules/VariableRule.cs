using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Templates;

namespace WfRunner.Core.Checking.Rules;

/// <summary>
/// Finds expressions that cannot be parsed and variables that nothing defines. A workflow that others call sees what they define;
/// what a script may store can have any name, so then only likely misspellings are told.
/// </summary>
internal sealed class VariableRule : IFileRule
{
    private static readonly string[] BuiltIn =
    [
        "timezone", "session_uuid", "session_time", "session_id", "session_date", "session_date_compact", "session_local_time",
        "session_tz_offset", "session_unixtime", "project_id", "project_name", "workflow_name", "retry_attempt_name", "attempt_id", "task_name",
        "last_executed_session_time", "last_executed_session_date", "last_executed_session_date_compact", "last_executed_session_local_time",
        "last_executed_session_tz_offset", "last_executed_session_unixtime", "_project_path",
    ];

    private static readonly string[] OfSchedules =
    [
        .. from prefix in (string[])["last_session_", "next_session_"]
           from suffix in (string[])["time", "date", "date_compact", "local_time", "tz_offset", "unixtime"]
           select prefix + suffix,
    ];

    private readonly CallGraph _calls;

    /// <summary>Makes the rule.</summary>
    /// <param name="calls">Who calls whom.</param>
    public VariableRule(CallGraph calls) => _calls = calls;

    public void Check(CheckSession session, CheckedFile file)
    {
        if (file.Tasks is not { } root)
        {
            return;
        }

        var callers = _calls.CallersOf(file);
        var around = new List<CheckedFile>(callers) { file };
        var scheduled = around.Exists(f => f.Definition?.Config.Has("schedule") == true);
        var names = new HashSet<string>(BuiltIn, StringComparer.Ordinal);
        names.UnionWith(session.Request.Parameters.Keys);
        if (scheduled)
        {
            names.UnionWith(OfSchedules);
        }

        if (file.Workdir.Length > 0)
        {
            names.Add("_workdir");
        }

        var open = false;

        // What a called file's tasks store is seen behind the call.
        foreach (var task in around.Concat(around.SelectMany(_calls.CalledBy)).Distinct().SelectMany(f => f.ActiveTasks))
        {
            AddStored(session, task, names, ref open);
        }

        foreach (var caller in callers)
        {
            names.UnionWith(caller.ActiveTasks.SelectMany(t => Exports(t)));
        }

        // Called files see the loop variables of their callers too.
        open |= callers.Count > 0;
        Visit(session, file, root, new NameScope(null, names), open);
    }

    private static void AddStored(CheckSession session, TaskNode task, HashSet<string> names, ref bool open)
    {
        if (task.Operator is not { } name)
        {
            return;
        }

        if (session.Operators.TryGetValue(name, out var description))
        {
            names.UnionWith(description.Stores);
            open |= description.StoresAnyParameter;
        }
        else
        {
            open = true;
        }
    }

    private static IEnumerable<string> Exports(TaskNode task) => (task.Config["_export"] as ConfigMap)?.Keys ?? [];

    private static void Visit(CheckSession session, CheckedFile file, TaskNode task, NameScope outer, bool scriptsStore)
    {
        if (task.IsDisabled)
        {
            return;
        }

        var shared = new NameScope(outer, Exports(task));
        if (task.Operator is { } name)
        {
            var own = new NameScope(shared, task.OwnKeys.Select(e => e.Key));
            foreach (var text in TaskTexts.Of(task))
            {
                CheckText(session, text.Names, own, scriptsStore, e => TemplatePlace.Of(session, text.Value, text.Names, e));
            }

            foreach (var (path, content, names) in TaskTexts.FilesOf(session, file, task))
            {
                CheckText(session, names, own, scriptsStore, e => TemplatePlace.InFile(path, content, names, e));
            }

            shared = Generated(session, task, name, shared);
        }
        else
        {
            foreach (var text in TaskTexts.Of(task))
            {
                CheckText(session, text.Names, shared, scriptsStore, e => TemplatePlace.Of(session, text.Value, text.Names, e));
            }
        }

        foreach (var child in task.Children)
        {
            Visit(session, file, child, child.Role == "_error" ? new NameScope(shared, ["error"]) : shared, scriptsStore);
        }
    }

    // What an operator exports to the tasks of its _do.
    private static NameScope Generated(CheckSession session, TaskNode task, string name, NameScope shared) => name switch
    {
        "loop" => new NameScope(shared, ["i"]),
        "for_range" => new NameScope(shared, ["range"]),
        "for_each" => task.Command is ConfigMap variables
            ? new NameScope(shared, variables.Keys)
            : new NameScope(shared, [], isOpen: true),
        "td_for_each" => new NameScope(shared, ["td"]),
        _ => new NameScope(shared, [], isOpen: !session.Operators.ContainsKey(name)),
    };

    private static void CheckText(
        CheckSession session, TemplateNames names, NameScope scope, bool scriptsStore, Func<int, SourceSpan?> place)
    {
        if (names.IsUnfinished)
        {
            session.Report(DiagnosticRules.UnfinishedTemplate, place(names.Expressions.Count), "a ${ has no closing } and stays as it is");
        }

        if (names.SyntaxError is var (reason, expression))
        {
            var shown = names.Expressions[expression];
            session.Report(
                DiagnosticRules.TemplateSyntax,
                place(expression),
                $"${{{shown}}} is no JavaScript expression: {reason}",
                shown.Contains(":-", StringComparison.Ordinal) ? "Shell defaults do not work here: set the default in the script, or keep the script in a file." : null);
        }

        foreach (var (name, at) in names.Uses)
        {
            if (scope.IsOpen || scope.Has(name))
            {
                continue;
            }

            if (OfSchedules.Contains(name))
            {
                session.Report(DiagnosticRules.ScheduleVariable, place(at), $"'{name}' exists only in workflows with a schedule");
                continue;
            }

            var near = EditDistance.Nearest(name, scope.Names);
            if (!scriptsStore || (near is not null && EditDistance.Between(name, near) <= 2 && name.Length > 4))
            {
                session.Report(
                    DiagnosticRules.UndefinedVariable,
                    place(at),
                    $"nothing defines the variable '{name}'",
                    near is not null ? $"Did you mean {near}?" : IsShellVariable(name) ? $"For an environment variable in a shell script, write ${name}." : null);
            }
        }
    }

    private static bool IsShellVariable(string name) => name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');
}
