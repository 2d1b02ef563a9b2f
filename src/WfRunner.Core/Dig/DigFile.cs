using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Dig.Yaml;
using WfRunner.Core.Scheduling;

namespace WfRunner.Core.Dig;

/// <summary>Reads .dig files, and the parameter files that follow the same rules. Digdag behaviour: dig-language 2 and 4.</summary>
public static class DigFile
{
    private const string Suffix = ".dig";

    private static readonly string[] Settings = ["schedule", "sla", "_error", "_check", "_retry", "_parallel"];

    /// <summary>Reads a YAML file with its includes into a config.</summary>
    /// <param name="files">Gives the bytes of files.</param>
    /// <param name="path">Absolute path of the file.</param>
    /// <returns>The object, every node with its place.</returns>
    /// <exception cref="WorkflowException">There is no such file, or it or an include cannot be read.</exception>
    public static ConfigMap ReadConfig(IDigFiles files, string path)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(path);
        return Read(files, path, [], null, null);
    }

    /// <summary>Reads a workflow file.</summary>
    /// <param name="files">Gives the bytes of files.</param>
    /// <param name="path">Absolute path of the file.</param>
    /// <param name="name">Name of the workflow: its path in the project without <c>.dig</c>.</param>
    /// <param name="dialect">What may stand at the top of the file; Digdag's keys only unless given.</param>
    /// <returns>The definition; its tasks are not compiled yet.</returns>
    /// <exception cref="WorkflowException">The file cannot be read or breaks a rule of top-level keys.</exception>
    public static WorkflowDefinition ReadWorkflow(IDigFiles files, string path, string name, DialectRules? dialect = null) =>
        ToDefinition(name, ReadConfig(files, path), dialect);

    /// <summary>Reads a workflow file as far as it can be read, and tells every problem rather than the first.</summary>
    /// <param name="files">Gives the bytes of files.</param>
    /// <param name="path">Absolute path of the file.</param>
    /// <param name="name">Name of the workflow.</param>
    /// <param name="dialect">What may stand at the top of the file.</param>
    /// <param name="report">Takes the problems.</param>
    /// <returns>The definition without what could not be used; null when the file could not be read at all.</returns>
    public static WorkflowDefinition? ReadWorkflow(
        IDigFiles files, string path, string name, DialectRules dialect, Action<WorkflowException> report)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(report);
        try
        {
            return ToDefinition(name, Read(files, path, [], null, report), dialect, report);
        }
        catch (WorkflowException e)
        {
            report(e);
            return null;
        }
    }

    /// <summary>Name of the workflow that a file holds.</summary>
    /// <param name="relativePath">Path in the project, with <c>/</c>.</param>
    /// <returns>The path without <c>.dig</c>.</returns>
    public static string WorkflowName(string relativePath)
    {
        ArgumentNullException.ThrowIfNull(relativePath);
        return relativePath.EndsWith(Suffix, StringComparison.Ordinal) ? relativePath[..^Suffix.Length] : relativePath;
    }

    /// <summary>Splits the top level of a file into zone, settings and tasks, and refuses everything else.</summary>
    /// <param name="name">Name of the workflow.</param>
    /// <param name="content">The file's object.</param>
    /// <param name="dialect">What may stand at the top; Digdag's keys only unless given.</param>
    /// <param name="report">Takes what is wrong, which is then left out; without it the first problem is thrown.</param>
    /// <returns>The definition.</returns>
    /// <exception cref="WorkflowException">A rule is broken.</exception>
    public static WorkflowDefinition ToDefinition(
        string name, ConfigMap content, DialectRules? dialect = null, Action<WorkflowException>? report = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        dialect ??= DialectRules.Digdag;
        var zone = Tolerant(report, () => content.GetTimeZoneOr("timezone", DateTimeZone.Utc)) ?? DateTimeZone.Utc;
        var config = new ConfigMapBuilder();
        if (Tolerant(report, () => content.GetMapOrEmpty("_export")) is { IsEmpty: false } export)
        {
            config.Set(new ConfigEntry("_export", export, content.KeySpan("_export")));
        }

        foreach (var setting in Settings)
        {
            if (content.TryGet(setting, out var value) && Tolerant(report, () => Present(setting, value, content)) is { } present)
            {
                config.Set(new ConfigEntry(setting, present, content.KeySpan(setting)));
            }
        }

        WorkflowTrigger? trigger = null;
        var unknown = new List<ConfigEntry>();
        foreach (var entry in content)
        {
            if (TaskKeys.IsChild(entry.Key))
            {
                if (Tolerant(report, () => Present(entry.Key, entry.Value, content)) is { } task)
                {
                    config.Set(entry with { Value = task });
                }
            }
            else if (entry.Key == WorkflowTrigger.Key && dialect.KnowsTrigger)
            {
                trigger = Tolerant(report, () => WorkflowTrigger.Read(entry));
            }
            else if (entry.Key is not ("timezone" or "_export") && !Settings.Contains(entry.Key, StringComparer.Ordinal))
            {
                unknown.Add(entry);
            }
        }

        if (!dialect.KeepsUnknownKeys)
        {
            CheckTopLevelKeys(name, content, unknown, report);
        }

        CheckNames(name, content, report);
        return new WorkflowDefinition(name, zone, config.Build(content.Span)) { Trigger = trigger, UnknownKeys = unknown };
    }

    private static T? Tolerant<T>(Action<WorkflowException>? report, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (WorkflowException e) when (report is not null)
        {
            report(e);
            return null;
        }
    }

    private static void CheckTopLevelKeys(string name, ConfigMap content, List<ConfigEntry> unknown, Action<WorkflowException>? report)
    {
        if (unknown.Count == 0)
        {
            return;
        }

        if (report is null)
        {
            throw new ConfigException(
                $"Workflow '{name}' includes unknown keys: [{string.Join(", ", unknown.Select(u => u.Key))}]",
                unknown[0].KeySpan ?? content.Span);
        }

        foreach (var entry in unknown)
        {
            var isTrigger = entry.Key == WorkflowTrigger.Key;
            var message = isTrigger ? $"Workflow '{name}' includes unknown keys: [{entry.Key}]" : $"Workflow '{name}' includes the unknown key '{entry.Key}'";
            report(new ConfigException(message, entry.KeySpan ?? content.Span)
            {
                Rule = isTrigger ? TargetRules.TriggerUnknown : TargetRules.UnknownTopLevelKey,
                Advice = isTrigger ? null : AdviceForUnknown(entry),
            });
        }
    }

    /// <summary>What a person may have meant by an unknown key at the top.</summary>
    /// <param name="entry">The key.</param>
    /// <returns>Advice; null when there is none.</returns>
    internal static string? AdviceForUnknown(ConfigEntry entry) =>
        UnknownKeyAdvice.ForTopLevel(entry, [.. Settings, "timezone", "_export", WorkflowTrigger.Key]);

    private static void CheckNames(string name, ConfigMap content, Action<WorkflowException>? report)
    {
        var tasks = content.Where(e => TaskKeys.IsChild(e.Key))
            .SelectMany(e => NameRules.CheckTopLevelTaskName(e.Key).Select(text => (Text: text, e.KeySpan, Rule: DiagnosticRules.TaskName)));
        var workflow = NameRules.CheckWorkflowName(name)
            .Select(text => (Text: text, KeySpan: content.Span?.Start, Rule: DiagnosticRules.WorkflowName));
        var broken = tasks.Concat(workflow).ToList();
        if (report is not null)
        {
            // The compiler tells about names of tasks again, with those of the deeper ones.
            broken.Where(b => b.Rule == DiagnosticRules.WorkflowName || b.Text.Contains("^ character", StringComparison.Ordinal)).ToList().ForEach(b =>
                report(new WorkflowException(FailureKind.ModelValidation, b.Text, b.KeySpan) { Rule = b.Rule }));
        }
        else if (broken.Count > 0)
        {
            throw new WorkflowException(
                FailureKind.ModelValidation,
                string.Join('\n', broken.Select(b => b.Text).Prepend("Validating workflow failed")),
                broken[0].KeySpan);
        }
    }

    private static ConfigValue Present(string key, ConfigValue value, ConfigMap content) => value.IsNull
        ? throw new ConfigException($"Parameter '{key}' is required but null", content.KeySpan(key)) { Rule = DiagnosticRules.MissingValue }
        : value;

    private static ConfigMap Read(
        IDigFiles files, string path, IReadOnlyList<string> including, SourceSpan? includedAt, Action<WorkflowException>? report)
    {
        if (including.Contains(path, StringComparer.Ordinal))
        {
            var cycle = string.Join(" -> ", including.Append(path).Select(files.DisplayName));
            throw new WorkflowException(FailureKind.FileNotFound, $"Include cycle: {cycle}", includedAt);
        }

        var bytes = files.Read(path) ?? throw new WorkflowException(FailureKind.NoSuchFile, path, includedAt);
        IReadOnlyList<string> chain = [.. including, path];
        var directory = Path.GetDirectoryName(path)!;
        return YamlReader.ReadMap(
            bytes, files.DisplayName(path), (include, span) => Read(files, Resolve(directory, include, span), chain, span, report), report);
    }

    // An included file may only include files below its own directory.
    private static string Resolve(string directory, string include, SourceSpan span)
    {
        var path = Path.GetFullPath(include.Length == 0 ? "." : include, directory).TrimEnd(Path.DirectorySeparatorChar);
        return path.StartsWith(directory.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new WorkflowException(FailureKind.FileNotFound, $"File name must not include ..: {include}", span);
    }
}
