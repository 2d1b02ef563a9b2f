namespace WfRunner.Core.Checking;

/// <summary>Which workflow files call which others, found by reading them and what they call.</summary>
internal sealed class CallGraph
{
    private readonly Dictionary<CheckedFile, HashSet<CheckedFile>> _callers = [];
    private readonly Dictionary<CheckedFile, List<(TaskNode Task, CheckedFile Called)>> _calls = [];

    /// <summary>Follows the calls from the project's workflows.</summary>
    /// <param name="session">Reads the files.</param>
    /// <param name="workflows">The project's workflows.</param>
    public CallGraph(CheckSession session, IEnumerable<CheckedFile> workflows)
    {
        var pending = new Queue<CheckedFile>(workflows);
        while (pending.TryDequeue(out var file))
        {
            if (_calls.ContainsKey(file))
            {
                continue;
            }

            var calls = new List<(TaskNode, CheckedFile)>();
            _calls.Add(file, calls);
            foreach (var task in file.ActiveTasks.Where(t => t.Operator == "call"))
            {
                if (session.CalledFile(file, task) is { } called)
                {
                    calls.Add((task, called));
                    (_callers.TryGetValue(called, out var known) ? known : _callers[called] = []).Add(file);
                    pending.Enqueue(called);
                }
            }
        }
    }

    /// <summary>Every file: the project's workflows and what they call.</summary>
    public IEnumerable<CheckedFile> Files => _calls.Keys;

    /// <summary>The calls of a file.</summary>
    /// <param name="file">The file.</param>
    public IReadOnlyList<(TaskNode Task, CheckedFile Called)> CallsOf(CheckedFile file) => _calls[file];

    /// <summary>Every file that a file calls, directly or not.</summary>
    /// <param name="file">The file.</param>
    public IReadOnlyCollection<CheckedFile> CalledBy(CheckedFile file) => Reached(file, f => _calls[f].Select(c => c.Called));

    /// <summary>Every file that calls a file, directly or not; the file itself only when it is part of a cycle.</summary>
    /// <param name="file">The file.</param>
    public IReadOnlyCollection<CheckedFile> CallersOf(CheckedFile file) => Reached(file, f => _callers.GetValueOrDefault(f, []));

    private static HashSet<CheckedFile> Reached(CheckedFile file, Func<CheckedFile, IEnumerable<CheckedFile>> next)
    {
        var found = new HashSet<CheckedFile>();
        var pending = new Stack<CheckedFile>([file]);
        while (pending.TryPop(out var at))
        {
            foreach (var reached in next(at))
            {
                if (found.Add(reached))
                {
                    pending.Push(reached);
                }
            }
        }

        return found;
    }
}
