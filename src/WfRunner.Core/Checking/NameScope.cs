namespace WfRunner.Core.Checking;

/// <summary>The parameters that a task can name, those of the tasks around it included.</summary>
internal sealed class NameScope
{
    private readonly NameScope? _outer;
    private readonly HashSet<string> _names;

    /// <summary>Makes a scope.</summary>
    /// <param name="outer">The scope around it.</param>
    /// <param name="names">What it adds.</param>
    /// <param name="isOpen">Whether there may be any further name, for example of a loop over values known only when it runs.</param>
    public NameScope(NameScope? outer, IEnumerable<string> names, bool isOpen = false)
    {
        _outer = outer;
        _names = new HashSet<string>(names, StringComparer.Ordinal);
        IsOpen = isOpen || outer?.IsOpen == true;
    }

    /// <summary>Whether any name may exist.</summary>
    public bool IsOpen { get; }

    /// <summary>Every name that is known to exist.</summary>
    public IEnumerable<string> Names => _outer is null ? _names : _outer.Names.Concat(_names);

    /// <summary>Whether a name is known to exist.</summary>
    /// <param name="name">The name.</param>
    public bool Has(string name)
    {
        for (var scope = this; scope is not null; scope = scope._outer)
        {
            if (scope._names.Contains(name))
            {
                return true;
            }
        }

        return false;
    }
}
