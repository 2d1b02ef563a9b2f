using System.Globalization;
using System.Runtime.Versioning;

namespace WfRunner.Operators.Scripting;

/// <summary>
/// The processes below one process at a moment, so that they can be found again after it has ended and they belong to nobody. A
/// process is told by its id and its start time: an id alone may be another's by then.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ProcessTree
{
    private readonly List<(int Id, ulong Start)> _members;

    private ProcessTree(List<(int Id, ulong Start)> members) => _members = members;

    /// <summary>Looks at the tree as it is now.</summary>
    /// <param name="root">Id of the process at the top, which is a member too.</param>
    /// <returns>The tree; without members when the process is gone.</returns>
    public static ProcessTree Of(int root) => Read(root) is (_, var start, _) ? Below([(root, start)]) : new ProcessTree([]);

    /// <summary>Sends a signal to every member that still runs.</summary>
    /// <param name="signal">Number of the signal.</param>
    public void Signal(int signal)
    {
        foreach (var (id, start) in _members)
        {
            if (IsAlive((id, start)))
            {
                _ = LibC.SendSignal(id, signal);
            }
        }
    }

    /// <summary>Sends a signal to every member that still runs and has left a process group.</summary>
    /// <param name="group">The group, whose processes are told otherwise.</param>
    /// <param name="signal">Number of the signal.</param>
    public void SignalOutside(int group, int signal)
    {
        foreach (var (id, start) in _members)
        {
            if (Read(id) is (_, var now, var of) && now == start && of != group)
            {
                _ = LibC.SendSignal(id, signal);
            }
        }
    }

    /// <summary>Whether a member still runs, apart from one.</summary>
    /// <param name="root">That one.</param>
    /// <returns>Whether one does.</returns>
    public bool RunsBeside(int root) => _members.Exists(m => m.Id != root && IsAlive(m));

    /// <summary>Adds what its members have started since.</summary>
    /// <returns>The larger tree.</returns>
    public ProcessTree Grown() => Below(_members);

    private static ProcessTree Below(IEnumerable<(int Id, ulong Start)> roots)
    {
        var children = new Dictionary<int, List<(int Id, ulong Start)>>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Read(id) is (var parent, var start, _))
            {
                if (!children.TryGetValue(parent, out var siblings))
                {
                    children[parent] = siblings = [];
                }

                siblings.Add((id, start));
            }
        }

        // A member that has ended may have an id that is another's by now, with children that are none of ours.
        List<(int Id, ulong Start)> members = [.. roots.Where(IsAlive)];
        var known = members.ToHashSet();
        for (var i = 0; i < members.Count; i++)
        {
            members.AddRange(children.GetValueOrDefault(members[i].Id, []).Where(known.Add));
        }

        return new ProcessTree(members);
    }

    private static bool IsAlive((int Id, ulong Start) process) => Read(process.Id) is (_, var start, _) && start == process.Start;

    // Parent, start time and group; null when it has ended, whether or not somebody has asked how. The name in the second field may
    // hold anything, so the fields are counted from its closing parenthesis.
    private static (int Parent, ulong Start, int Group)? Read(int id)
    {
        const int parentField = 1;
        const int groupField = 2;
        const int startField = 19;
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            if (fields[0] is "Z" or "X")
            {
                return null;
            }

            return (
                int.Parse(fields[parentField], CultureInfo.InvariantCulture),
                ulong.Parse(fields[startField], CultureInfo.InvariantCulture),
                int.Parse(fields[groupField], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
