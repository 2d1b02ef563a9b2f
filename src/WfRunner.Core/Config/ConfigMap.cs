using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace WfRunner.Core.Config;

/// <summary>One key of a <see cref="ConfigMap"/> with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; never C# null.</param>
/// <param name="KeySpan">Where the key was read, if it was read from a file.</param>
public readonly record struct ConfigEntry(string Key, ConfigValue Value, SourceSpan? KeySpan = null);

/// <summary>
/// An immutable JSON object with ordered keys: a workflow definition, the parameters of a task, the result of a task.
/// Every changing operation returns a new map and shares what did not change.
/// </summary>
public sealed class ConfigMap : ConfigValue, IReadOnlyCollection<ConfigEntry>
{
    /// <summary>The empty map without a place.</summary>
    public static readonly ConfigMap Empty = new([], 0, null);

    // Small maps are searched linearly; a larger one gets an index on its first look-up.
    private const int LinearSearchLimit = 8;

    private readonly ConfigEntry[] _entries;
    private readonly int _count;
    private Dictionary<string, int>? _index;

    internal ConfigMap(ConfigEntry[] entries, int count, SourceSpan? span)
        : base(span)
    {
        _entries = entries;
        _count = count;
        for (var i = 0; i < count; i++)
        {
            if (entries[i].Value.MayHoldTemplate)
            {
                MayHoldTemplate = true;
                break;
            }
        }
    }

    /// <summary>The number of keys.</summary>
    public int Count => _count;

    /// <summary>Whether there is no key.</summary>
    public bool IsEmpty => _count == 0;

    /// <inheritdoc/>
    public override ConfigValueKind Kind => ConfigValueKind.Object;

    /// <inheritdoc/>
    public override bool MayHoldTemplate { get; }

    /// <summary>The keys in order.</summary>
    public IEnumerable<string> Keys
    {
        get
        {
            for (var i = 0; i < _count; i++)
            {
                yield return _entries[i].Key;
            }
        }
    }

    /// <summary>The entries in order, without an enumerator.</summary>
    internal ReadOnlySpan<ConfigEntry> Entries => _entries.AsSpan(0, _count);

    /// <summary>Builds a map from entries; a repeated key keeps its first position and takes its last value.</summary>
    /// <param name="entries">The entries in order.</param>
    /// <returns>The map.</returns>
    public static ConfigMap Of(params IEnumerable<(string Key, ConfigValue Value)> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var builder = new ConfigMapBuilder();
        foreach (var (key, value) in entries)
        {
            builder.Set(key, value);
        }

        return builder.Build();
    }

    /// <summary>Whether the key is present, with whatever value (null included).</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether it is present.</returns>
    public bool Has(string key) => IndexOf(key) >= 0;

    /// <summary>Looks a key up.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; JSON null counts as present.</param>
    /// <returns>Whether the key is present.</returns>
    public bool TryGet(string key, [MaybeNullWhen(false)] out ConfigValue value)
    {
        var i = IndexOf(key);
        if (i < 0)
        {
            value = null;
            return false;
        }

        value = _entries[i].Value;
        return true;
    }

    /// <summary>The value of a key, or null where the key is missing. JSON null is a <see cref="ConfigNull"/>.</summary>
    /// <param name="key">The key.</param>
    public ConfigValue? this[string key] => TryGet(key, out var value) ? value : null;

    /// <summary>Where the key itself was read.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The place, or null when unknown.</returns>
    public SourceSpan? KeySpan(string key)
    {
        var i = IndexOf(key);
        return i < 0 ? null : _entries[i].KeySpan ?? _entries[i].Value.Span;
    }

    /// <summary>Sets one key; an existing key keeps its position, a new one is appended.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>The changed map.</returns>
    public ConfigMap With(string key, ConfigValue value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        var i = IndexOf(key);
        var copy = new ConfigEntry[i < 0 ? _count + 1 : _count];
        Array.Copy(_entries, copy, _count);
        copy[i < 0 ? _count : i] = new ConfigEntry(key, value);
        return new ConfigMap(copy, copy.Length, Span);
    }

    /// <summary>Removes one key; a missing key is no error.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The changed map, or this one.</returns>
    public ConfigMap Without(string key)
    {
        var at = IndexOf(key);
        if (at < 0)
        {
            return this;
        }

        var copy = new ConfigEntry[_count - 1];
        Array.Copy(_entries, copy, at);
        Array.Copy(_entries, at + 1, copy, at, _count - at - 1);
        return new ConfigMap(copy, copy.Length, Span);
    }

    /// <summary>
    /// Merges another map over this one: objects deeply, everything else replaced (lists too, and a null overwrites).
    /// An existing key keeps its position. Digdag behaviour: <c>merge</c> of dig-language 3.1.
    /// </summary>
    /// <param name="over">The map that wins.</param>
    /// <returns>The merged map; one of the operands itself when the other is empty.</returns>
    public ConfigMap Merge(ConfigMap over)
    {
        ArgumentNullException.ThrowIfNull(over);
        if (over._count == 0)
        {
            return this;
        }

        if (_count == 0)
        {
            return over;
        }

        var builder = new ConfigMapBuilder(this, _count + over._count);
        foreach (var entry in over.Entries)
        {
            var merged = entry.Value is ConfigMap inner && this[entry.Key] is ConfigMap own ? own.Merge(inner) : entry.Value;
            builder.Set(entry with { Value = merged });
        }

        return builder.Build(Span);
    }

    /// <summary>
    /// Takes only what is missing here from another map; objects deeply. An existing value, even null, is kept.
    /// Digdag behaviour: <c>mergeDefault</c> of dig-language 3.1.
    /// </summary>
    /// <param name="defaults">The map that supplies missing keys.</param>
    /// <returns>The completed map.</returns>
    public ConfigMap MergeDefault(ConfigMap defaults)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        if (defaults._count == 0)
        {
            return this;
        }

        var builder = new ConfigMapBuilder(this, _count + defaults._count);
        foreach (var entry in defaults.Entries)
        {
            if (!TryGet(entry.Key, out var own))
            {
                builder.Set(entry);
            }
            else if (own is ConfigMap ownMap && entry.Value is ConfigMap defaultMap)
            {
                builder.Set(entry with { Value = ownMap.MergeDefault(defaultMap) });
            }
        }

        return builder.Build(Span);
    }

    /// <summary>Removes the value at a dotted path; a missing step ends silently (dig-language 8.4).</summary>
    /// <param name="path">The names from outer to inner.</param>
    /// <returns>The changed map.</returns>
    public ConfigMap WithoutPath(ReadOnlySpan<string> path)
    {
        if (path.IsEmpty || !TryGet(path[0], out var value))
        {
            return this;
        }

        if (path.Length == 1)
        {
            return Without(path[0]);
        }

        return value is ConfigMap inner ? With(path[0], inner.WithoutPath(path[1..])) : this;
    }

    /// <summary>The same map with another place.</summary>
    /// <param name="span">The place.</param>
    /// <returns>The map.</returns>
    public ConfigMap At(SourceSpan? span) => new(_entries, _count, span);

    /// <inheritdoc/>
    public override bool DeepEquals(ConfigValue other)
    {
        if (other is not ConfigMap map || map._count != _count)
        {
            return false;
        }

        foreach (var entry in Entries)
        {
            if (!map.TryGet(entry.Key, out var theirs) || !entry.Value.DeepEquals(theirs))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public IEnumerator<ConfigEntry> GetEnumerator()
    {
        for (var i = 0; i < _count; i++)
        {
            yield return _entries[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(string key)
    {
        if (_count <= LinearSearchLimit)
        {
            for (var i = 0; i < _count; i++)
            {
                if (string.Equals(_entries[i].Key, key, StringComparison.Ordinal))
                {
                    return i;
                }
            }

            return -1;
        }

        // Two threads may build the index at once; both build the same one.
        var index = _index;
        if (index is null)
        {
            index = new Dictionary<string, int>(_count, StringComparer.Ordinal);
            for (var i = 0; i < _count; i++)
            {
                index[_entries[i].Key] = i;
            }

            _index = index;
        }

        return index.GetValueOrDefault(key, -1);
    }
}
