namespace WfRunner.Core.Config;

/// <summary>Builds a <see cref="ConfigMap"/> key by key; a repeated key keeps its position and takes the new value.</summary>
public sealed class ConfigMapBuilder
{
    private const int LinearSearchLimit = 8;

    private ConfigEntry[] _entries;
    private Dictionary<string, int>? _index;

    /// <summary>Starts empty.</summary>
    public ConfigMapBuilder() => _entries = new ConfigEntry[4];

    /// <summary>Starts with the keys of a map.</summary>
    /// <param name="start">The map to start from.</param>
    public ConfigMapBuilder(ConfigMap start)
        : this(start ?? throw new ArgumentNullException(nameof(start)), start.Count + 4)
    {
    }

    /// <summary>Starts empty.</summary>
    /// <param name="capacity">How many keys are expected.</param>
    internal ConfigMapBuilder(int capacity) => _entries = new ConfigEntry[Math.Max(4, capacity)];

    internal ConfigMapBuilder(ConfigMap start, int capacity)
    {
        _entries = new ConfigEntry[Math.Max(4, capacity)];
        start.Entries.CopyTo(_entries);
        Count = start.Count;
    }

    /// <summary>The number of keys so far.</summary>
    public int Count { get; private set; }

    /// <summary>The value set so far for a key, or null.</summary>
    /// <param name="key">The key.</param>
    public ConfigValue? this[string key] => IndexOf(key) is var i and >= 0 ? _entries[i].Value : null;

    /// <summary>Sets a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>This builder.</returns>
    public ConfigMapBuilder Set(string key, ConfigValue value) => Set(new ConfigEntry(key, value));

    /// <summary>Sets a key with the place it was read from.</summary>
    /// <param name="entry">Key, value and place.</param>
    /// <returns>This builder.</returns>
    public ConfigMapBuilder Set(ConfigEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry.Key);
        ArgumentNullException.ThrowIfNull(entry.Value);
        var i = IndexOf(entry.Key);
        if (i >= 0)
        {
            _entries[i] = entry;
            return this;
        }

        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        _entries[Count] = entry;
        _index?.Add(entry.Key, Count);
        Count++;
        return this;
    }

    /// <summary>A map with the keys so far on top of another one's; values are replaced, not merged. The builder goes on.</summary>
    /// <param name="under">The map below.</param>
    /// <returns>The map.</returns>
    public ConfigMap OverlayOn(ConfigMap under)
    {
        var merged = new ConfigMapBuilder(under);
        foreach (var entry in _entries.AsSpan(0, Count))
        {
            merged.Set(entry);
        }

        return merged.Build();
    }

    /// <summary>The finished map. The builder must not be used afterwards.</summary>
    /// <param name="span">Where the map was read.</param>
    /// <returns>The map.</returns>
    public ConfigMap Build(SourceSpan? span = null) =>
        Count == 0 && span is null ? ConfigMap.Empty : new ConfigMap(_entries, Count, span);

    private int IndexOf(string key)
    {
        if (Count <= LinearSearchLimit)
        {
            for (var i = 0; i < Count; i++)
            {
                if (string.Equals(_entries[i].Key, key, StringComparison.Ordinal))
                {
                    return i;
                }
            }

            return -1;
        }

        if (_index is null)
        {
            _index = new Dictionary<string, int>(_entries.Length, StringComparer.Ordinal);
            for (var i = 0; i < Count; i++)
            {
                _index.Add(_entries[i].Key, i);
            }
        }

        return _index.GetValueOrDefault(key, -1);
    }
}
