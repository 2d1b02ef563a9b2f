using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Dig;

/// <summary>
/// Turns the config of a workflow, or of a generated task, into a flat list of tasks with their dependencies. Pure; nothing is
/// evaluated and operators are not looked up. Digdag behaviour: dig-language 5 and 6, engine 3.
/// </summary>
public static class WorkflowCompiler
{
    /// <summary>Compiles a workflow.</summary>
    /// <param name="definition">The definition.</param>
    /// <returns>The tasks, the root first.</returns>
    /// <exception cref="WorkflowException">The first problem in Digdag's order of checks.</exception>
    public static IReadOnlyList<CompiledTask> Compile(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return Compile(string.Empty, definition.RootName, definition.Config);
    }

    /// <summary>Compiles the config of a task below another one, such as <c>^sub</c> or <c>^error</c>.</summary>
    /// <param name="parentFullName">Full name of the task it hangs below; empty for a root.</param>
    /// <param name="name">Own name with its leading <c>+</c> or <c>^</c>.</param>
    /// <param name="config">The config, children included.</param>
    /// <returns>The tasks, the outermost first; its parent index is null.</returns>
    /// <exception cref="WorkflowException">The first problem in Digdag's order of checks.</exception>
    public static IReadOnlyList<CompiledTask> Compile(string parentFullName, string name, ConfigMap config)
    {
        var compilation = new Compilation();
        compilation.Add(null, parentFullName, name, config);
        return compilation.Problems.Count == 0 ? compilation.Tasks : throw compilation.ToException();
    }

    /// <summary>Compiles as far as possible, and finds every problem rather than the first.</summary>
    /// <param name="parentFullName">Full name of the task it hangs below; empty for a root.</param>
    /// <param name="name">Own name with its leading <c>+</c> or <c>^</c>.</param>
    /// <param name="config">The config, children included.</param>
    /// <returns>The problems in file order, none when it compiles; and the tasks, which are complete only then.</returns>
    public static (IReadOnlyList<DigProblem> Problems, IReadOnlyList<CompiledTask> Tasks) FindProblems(string parentFullName, string name, ConfigMap config)
    {
        var compilation = new Compilation();
        compilation.Add(null, parentFullName, name, config);
        return (compilation.Problems, compilation.Tasks);
    }

    private sealed class Compilation
    {
        public List<CompiledTask> Tasks { get; } = [];

        public List<DigProblem> Problems { get; } = [];

        // Digdag stops at the first structural problem; wrong keys are collected over the whole workflow, wrong names come last.
        public WorkflowException ToException()
        {
            var structural = Problems.Find(p => p.Rule != DiagnosticRules.UnknownGroupKey && p.Rule != DiagnosticRules.TaskName);
            if (structural is not null)
            {
                return structural.ToException();
            }

            var keys = Problems.FindAll(p => p.Rule == DiagnosticRules.UnknownGroupKey);
            return keys.Count > 0
                ? new ConfigException(string.Join('\n', keys.Select(k => k.Message).Prepend("Validating workflow failed")), keys[0].Span)
                : new ConfigException("Validating workflow task failed\n" + Problems[0].Message, Problems[0].Span);
        }

        public void Add(
            int? parentIndex, string parentFullName, string name, ConfigMap whole, IReadOnlyList<int>? upstreams = null, SourceSpan? nameSpan = null)
        {
            var fullName = parentFullName + name;
            CheckName(name, nameSpan ?? whole.Span?.Start);
            Attempt(whole, () =>
            {
                var (own, children) = Split(whole);
                if (own.GetBooleanOr("_disable", false))
                {
                    AddTask(parentIndex, name, fullName, isGroup: true, Effective(own), upstreams);
                }
                else if (TaskKeys.IsOperatorTask(own))
                {
                    AddOperatorTask(parentIndex, name, fullName, own, children, upstreams);
                }
                else
                {
                    AddGroup(parentIndex, name, fullName, own, children, upstreams);
                }
            });
        }

        private static (ConfigMap Own, List<ConfigEntry> Children) Split(ConfigMap whole)
        {
            var own = new ConfigMapBuilder();
            var children = new List<ConfigEntry>();
            foreach (var entry in whole)
            {
                if (TaskKeys.IsChild(entry.Key))
                {
                    var child = WithPlace(entry, () => ConfigAccess.AsOrderedMap(entry.Key, entry.Value));
                    children.Add(entry with { Value = child });
                }
                else
                {
                    own.Set(entry);
                }
            }

            return (own.Build(whole.Span), children);
        }

        // What is left out has no place that could be shown; the key has.
        private static ConfigMap WithPlace(ConfigEntry entry, Func<ConfigMap> read)
        {
            try
            {
                return read();
            }
            catch (ConfigException e) when (entry is { Value.IsNull: true, KeySpan: not null })
            {
                throw new ConfigException(e.Message, entry.KeySpan, e.InnerException) { Rule = DiagnosticRules.TaskNotAnObject };
            }
        }

        private void AddOperatorTask(
            int? parentIndex, string name, string fullName, ConfigMap own, List<ConfigEntry> children, IReadOnlyList<int>? upstreams)
        {
            if (children.Count > 0)
            {
                throw new ConfigException($"A task can't have subtasks: {own}", children[0].KeySpan ?? own.Span)
                {
                    Rule = DiagnosticRules.OperatorWithSubtasks,
                };
            }

            var operators = own.Where(e => TaskKeys.IsOperator(e.Key)).ToList();
            if (operators.Count > 1)
            {
                throw new ConfigException($"A task can't have more than one operator: {own}", operators[1].KeySpan ?? own.Span)
                {
                    Rule = DiagnosticRules.SeveralOperators,
                };
            }

            AddTask(parentIndex, name, fullName, isGroup: false, own, upstreams);
            CheckErrorTasks(fullName, own);
        }

        private void AddGroup(
            int? parentIndex, string name, string fullName, ConfigMap own, List<ConfigEntry> children, IReadOnlyList<int>? upstreams)
        {
            CheckGroupKeys(fullName, own);
            var index = AddTask(parentIndex, name, fullName, isGroup: true, own, upstreams);
            CheckErrorTasks(fullName, own);
            var parallel = ParallelSetting.Of(own);
            if (parallel.IsParallel)
            {
                AddParallelChildren(index, fullName, children, parallel.Limit);
            }
            else
            {
                AddSequentialChildren(index, fullName, children);
            }
        }

        // Of a disabled task nothing counts any more, its place in the order excepted. Its children must still be objects.
        private static ConfigMap Effective(ConfigMap config)
        {
            if (!config.GetBooleanOr("_disable", false))
            {
                return config;
            }

            Split(config);
            return ConfigMap.Of(("_disable", true)).At(config.Span);
        }

        private void AddSequentialChildren(int parent, string fullName, List<ConfigEntry> children)
        {
            var before = new List<int>();
            foreach (var (key, value, keySpan) in children)
            {
                var written = (ConfigMap)value;
                Attempt(written, () =>
                {
                    var config = Effective(written);
                    if (config.Has("_after"))
                    {
                        throw new ConfigException(
                            "Setting \"_after\" option is invalid if its parent task doesn't have \"_parallel: true\" option",
                            config.KeySpan("_after"))
                        {
                            Rule = DiagnosticRules.MisplacedOrderKey,
                        };
                    }

                    var background = config.GetBooleanOr("_background", false);
                    var index = Tasks.Count;
                    Add(parent, fullName, key, config.Without("_background"), background ? [] : [.. before], keySpan);
                    if (!background)
                    {
                        before.Clear();
                    }

                    before.Add(index);
                });
            }
        }

        private void AddParallelChildren(int parent, string fullName, List<ConfigEntry> children, int limit)
        {
            var indexOfName = new Dictionary<string, int>(StringComparer.Ordinal);
            var previousChunk = new List<int>();
            var chunk = new List<int>();
            foreach (var (key, value, keySpan) in children)
            {
                var written = (ConfigMap)value;
                Attempt(written, () =>
                {
                    var config = Effective(written);
                    if (config.GetBooleanOr("_background", false))
                    {
                        throw new ConfigException(
                            "Setting \"_background: true\" option is invalid (unnecessary) if its parent task has \"_parallel: true\" option",
                            config.KeySpan("_background"))
                        {
                            Rule = DiagnosticRules.MisplacedOrderKey,
                        };
                    }

                    if (limit > 0 && chunk.Count == limit)
                    {
                        previousChunk = chunk;
                        chunk = [];
                    }

                    var upstreams = After(config, indexOfName);
                    upstreams.AddRange(previousChunk);
                    var index = Tasks.Count;
                    Add(parent, fullName, key, config.Without("_after"), upstreams, keySpan);
                    indexOfName[key] = index;
                    chunk.Add(index);
                });
            }
        }

        private static List<int> After(ConfigMap config, Dictionary<string, int> indexOfName)
        {
            var upstreams = new List<int>();
            foreach (var item in config.GetListOrEmpty("_after"))
            {
                var name = item switch
                {
                    ConfigNull => "null",
                    ConfigList or ConfigMap => throw ConfigAccess.Mismatch("array type", "_after", config["_after"]!),
                    _ => ConfigAccess.AsString("_after", item),
                };
                upstreams.Add(indexOfName.TryGetValue(name, out var index)
                    ? index
                    : throw new ConfigException($"Dependency task '{name}' does not exist", item.Span ?? config.KeySpan("_after"))
                    {
                        Rule = DiagnosticRules.UnknownDependency,
                        Advice = EditDistance.Nearest(name, indexOfName.Keys) is { } near ? $"Did you mean {near}?" : null,
                    });
            }

            return upstreams;
        }

        private int AddTask(int? parentIndex, string name, string fullName, bool isGroup, ConfigMap config, IReadOnlyList<int>? upstreams)
        {
            Tasks.Add(new CompiledTask(Tasks.Count, parentIndex, name, fullName, isGroup, config, upstreams ?? []));
            return Tasks.Count - 1;
        }

        private void CheckName(string name, SourceSpan? span)
        {
            foreach (var broken in NameRules.CheckTaskName(name))
            {
                Problems.Add(new DigProblem(DiagnosticRules.TaskName, FailureKind.Config, broken, span));
            }
        }

        private void CheckGroupKeys(string fullName, ConfigMap own)
        {
            var unknown = own.Where(e => !TaskKeys.GroupKeys.Contains(e.Key, StringComparer.Ordinal)).ToList();
            if (unknown.Count == 0)
            {
                return;
            }

            var keys = string.Join(", ", unknown.Select(e =>
            {
                var near = EditDistance.Suggest(e.Key, TaskKeys.GroupKeys);
                return near.Count == 0 ? $"'{e.Key}'" : $"'{e.Key}' (did you mean [{string.Join(", ", near)}]?)";
            }));
            Problems.Add(new DigProblem(
                DiagnosticRules.UnknownGroupKey, FailureKind.ModelValidation, $"{fullName} contains invalid keys: {keys}: \"{own}\"", unknown[0].KeySpan ?? own.Span)
            {
                UnknownKeys = unknown,
            });
        }

        // A broken _error is refused before anything runs; _check, _do and _else_do are found out only when they are generated.
        private void CheckErrorTasks(string fullName, ConfigMap own)
        {
            var handler = own.GetMapOrEmpty("_error");
            if (handler.IsEmpty)
            {
                return;
            }

            var aside = new Compilation();
            aside.Add(null, fullName, "^error", handler);
            Problems.AddRange(aside.Problems);
        }

        private void Attempt(ConfigMap config, Action compile)
        {
            try
            {
                compile();
            }
            catch (WorkflowException e)
            {
                Problems.Add(new DigProblem(e.Rule ?? DiagnosticRules.OfKind(e.Kind), e.Kind, e.Message, e.Span ?? config.Span) { Advice = e.Advice });
            }
        }
    }
}
