using System.Numerics;

namespace WfRunner.Core.Config;

/// <summary>The JSON type of a <see cref="ConfigValue"/>, named as Digdag names it in messages.</summary>
public enum ConfigValueKind
{
    /// <summary>JSON null.</summary>
    Null,

    /// <summary>JSON true or false.</summary>
    Boolean,

    /// <summary>An integer of any size, or a double.</summary>
    Number,

    /// <summary>A text.</summary>
    String,

    /// <summary>An ordered list.</summary>
    Array,

    /// <summary>An object with ordered keys.</summary>
    Object,
}

/// <summary>
/// A node of the ordered, immutable JSON tree that workflow definitions and parameters consist of. Nodes may be shared
/// freely between trees and threads. A node read from a file knows where it stands (<see cref="Span"/>).
/// Digdag behaviour: key order is significant and kept everywhere (dig-language 3.1).
/// </summary>
public abstract class ConfigValue
{
    private protected ConfigValue(SourceSpan? span) => Span = span;

    /// <summary>Where the value was read; <c>null</c> when it was computed or came over a wire.</summary>
    public SourceSpan? Span { get; }

    /// <summary>The JSON type.</summary>
    public abstract ConfigValueKind Kind { get; }

    /// <summary>Whether any text in this value, at any depth, holds a <c>$</c> and so may be a template.</summary>
    public abstract bool MayHoldTemplate { get; }

    /// <summary>Whether this is JSON null.</summary>
    public bool IsNull => Kind == ConfigValueKind.Null;

    /// <summary>Compact JSON, as Digdag prints it in messages.</summary>
    public override string ToString() => ConfigJson.Write(this);

    /// <summary>Deep equality of values; spans do not take part, the order of keys does not either.</summary>
    /// <param name="other">The value to compare with.</param>
    /// <returns>Whether both hold the same JSON.</returns>
    public abstract bool DeepEquals(ConfigValue other);

    /// <summary>Wraps a text.</summary>
    /// <param name="value">The text.</param>
    public static implicit operator ConfigValue(string value) => new ConfigText(value);

    /// <summary>Wraps an integer.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator ConfigValue(long value) => new ConfigInteger(value);

    /// <summary>Wraps a boolean.</summary>
    /// <param name="value">The truth value.</param>
    public static implicit operator ConfigValue(bool value) => ConfigBoolean.Of(value);

    /// <summary>Wraps a text; same as the implicit conversion.</summary>
    /// <param name="value">The text.</param>
    /// <returns>The node.</returns>
    public static ConfigValue FromString(string value) => value;

    /// <summary>Wraps an integer; same as the implicit conversion.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The node.</returns>
    public static ConfigValue FromInt64(long value) => value;

    /// <summary>Wraps a boolean; same as the implicit conversion.</summary>
    /// <param name="value">The truth value.</param>
    /// <returns>The node.</returns>
    public static ConfigValue FromBoolean(bool value) => value;
}

/// <summary>JSON null.</summary>
public sealed class ConfigNull : ConfigValue
{
    /// <summary>The null without a place.</summary>
    public static readonly ConfigNull Instance = new();

    /// <summary>Creates a null.</summary>
    /// <param name="span">Where it was read.</param>
    public ConfigNull(SourceSpan? span = null)
        : base(span)
    {
    }

    /// <inheritdoc/>
    public override ConfigValueKind Kind => ConfigValueKind.Null;

    /// <inheritdoc/>
    public override bool MayHoldTemplate => false;

    /// <inheritdoc/>
    public override bool DeepEquals(ConfigValue other) => other is ConfigNull;
}

/// <summary>JSON true or false.</summary>
public sealed class ConfigBoolean : ConfigValue
{
    private static readonly ConfigBoolean True = new(true);
    private static readonly ConfigBoolean False = new(false);

    /// <summary>Creates a boolean.</summary>
    /// <param name="value">The truth value.</param>
    /// <param name="span">Where it was read.</param>
    public ConfigBoolean(bool value, SourceSpan? span = null)
        : base(span) => Value = value;

    /// <summary>The truth value.</summary>
    public bool Value { get; }

    /// <inheritdoc/>
    public override ConfigValueKind Kind => ConfigValueKind.Boolean;

    /// <inheritdoc/>
    public override bool MayHoldTemplate => false;

    /// <summary>The shared node of a truth value.</summary>
    /// <param name="value">The truth value.</param>
    /// <returns>A node without a place.</returns>
    public static ConfigBoolean Of(bool value) => value ? True : False;

    /// <inheritdoc/>
    public override bool DeepEquals(ConfigValue other) => other is ConfigBoolean b && b.Value == Value;
}

/// <summary>An integer of any size. (YAML and JSON integers are exact in Digdag; dig-language 2.2.)</summary>
public sealed class ConfigInteger : ConfigValue
{
    /// <summary>Creates an integer.</summary>
    /// <param name="value">The number.</param>
    /// <param name="span">Where it was read.</param>
    public ConfigInteger(BigInteger value, SourceSpan? span = null)
        : base(span) => Value = value;

    /// <summary>The exact number.</summary>
    public BigInteger Value { get; }

    /// <inheritdoc/>
    public override ConfigValueKind Kind => ConfigValueKind.Number;

    /// <inheritdoc/>
    public override bool MayHoldTemplate => false;

    /// <inheritdoc/>
    public override bool DeepEquals(ConfigValue other) => other is ConfigInteger i && i.Value == Value;
}

/// <summary>A double. Infinities and NaN never occur: the YAML reader turns them into texts (dig-language 2.2).</summary>
public sealed class ConfigFloat : ConfigValue
{
    /// <summary>Creates a floating number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="span">Where it was read.</param>
    public ConfigFloat(double value, SourceSpan? span = null)
        : base(span) => Value = value;

    /// <summary>The number.</summary>
    public double Value { get; }

    /// <inheritdoc/>
    public override ConfigValueKind Kind => ConfigValueKind.Number;

    /// <inheritdoc/>
    public override bool MayHoldTemplate => false;

    /// <inheritdoc/>
    public override bool DeepEquals(ConfigValue other) => other is ConfigFloat f && f.Value.Equals(Value);
}

/// <summary>A text.</summary>
public sealed class ConfigText : ConfigValue
{
    /// <summary>Creates a text.</summary>
    /// <param name="value">The text.</param>
    /// <param name="span">Where it was read.</param>
    public ConfigText(string value, SourceSpan? span = null)
        : base(span)
    {
        ArgumentNullException.ThrowIfNull(value);
        Value = value;
        MayHoldTemplate = value.Contains('$', StringComparison.Ordinal);
    }

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override ConfigValueKind Kind => ConfigValueKind.String;

    /// <inheritdoc/>
    public override bool MayHoldTemplate { get; }

    /// <inheritdoc/>
    public override bool DeepEquals(ConfigValue other) => other is ConfigText t && t.Value == Value;
}

/// <summary>An ordered list. Merging replaces lists as a whole (dig-language 3.1).</summary>
public sealed class ConfigList : ConfigValue
{
    /// <summary>The empty list without a place.</summary>
    public static readonly ConfigList Empty = new([]);

    private readonly ConfigValue[] _items;

    /// <summary>Creates a list.</summary>
    /// <param name="items">The elements in order.</param>
    /// <param name="span">Where it was read.</param>
    public ConfigList(IEnumerable<ConfigValue> items, SourceSpan? span = null)
        : base(span)
    {
        _items = [.. items];
        MayHoldTemplate = Array.Exists(_items, static i => i.MayHoldTemplate);
    }

    /// <summary>The elements in order.</summary>
    public IReadOnlyList<ConfigValue> Items => _items;

    /// <inheritdoc/>
    public override ConfigValueKind Kind => ConfigValueKind.Array;

    /// <inheritdoc/>
    public override bool MayHoldTemplate { get; }

    /// <inheritdoc/>
    public override bool DeepEquals(ConfigValue other) =>
        other is ConfigList l && l._items.Length == _items.Length
        && !_items.Where((t, i) => !t.DeepEquals(l._items[i])).Any();
}
