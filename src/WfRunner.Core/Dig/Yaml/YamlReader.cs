using System.Text;
using WfRunner.Core.Config;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>
/// Reads one YAML document in Digdag's dialect (dig-language 2) into a config tree whose every node and key knows its place.
/// Syntax comes from YamlDotNet's parser events; typing, duplicate keys, merge keys and includes are Digdag's. Bad input of any
/// size ends in a located error: nesting and the number of values are limited.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>Deepest nesting of values.</summary>
    public const int MaximumDepth = 500;

    /// <summary>Most values of a file after aliases are expanded; a small file can otherwise stand for billions.</summary>
    public const int MaximumValues = 2_000_000;

    private readonly string _file;
    private readonly Func<string, SourceSpan, ConfigMap> _include;
    private readonly Dictionary<string, (ConfigValue Value, int Size)> _anchors = new(StringComparer.Ordinal);
    private readonly Parser _parser;
    private readonly string _text;
    private int _depth;
    private int _values;

    private YamlReader(string text, string file, Func<string, SourceSpan, ConfigMap> include)
    {
        _text = text;
        _file = file;
        _include = include;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>Reads a document that must be a mapping.</summary>
    /// <param name="bytes">UTF-8; malformed bytes become U+FFFD as in Digdag.</param>
    /// <param name="file">How places call the file.</param>
    /// <param name="include">Loads an included file; told the path as written and its place.</param>
    public static ConfigMap ReadMap(byte[] bytes, string file, Func<string, SourceSpan, ConfigMap> include)
    {
        var text = Encoding.UTF8.GetString(bytes.AsSpan(bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0));
        CheckCharacters(text, file);
        var value = new YamlReader(text, file, include).ReadDocument();
        return value as ConfigMap ?? throw new WorkflowException(
            FailureKind.RuntimeJsonMapping, $"Expected object to load Config but got {value}", value.Span ?? new SourceSpan(file, 1, 1, 1, 1));
    }

    private static void CheckCharacters(string text, string file)
    {
        var line = 1;
        var column = 1;
        foreach (var c in text)
        {
            if (c is < ' ' and not ('\t' or '\n' or '\r') or '\u007F' or (>= '\u0080' and <= '\u009F' and not '\u0085') or '\uFFFE' or '\uFFFF')
            {
                throw new WorkflowException(
                    FailureKind.Scanner, "special characters are not allowed", new SourceSpan(file, line, column, line, column + 1));
            }

            (line, column) = c == '\n' ? (line + 1, 1) : (line, column + 1);
        }
    }

    private ConfigValue ReadDocument()
    {
        Next();
        Next();
        if (_parser.Current is StreamEnd)
        {
            return new ConfigNull(new SourceSpan(_file, 1, 1, 1, 1));
        }

        Next();
        var value = ReadNode();
        Expect<DocumentEnd>();
        if (_parser.Current is not StreamEnd)
        {
            throw new WorkflowException(
                FailureKind.Composer,
                "expected a single document in the stream, but found another document",
                SpanOf(_parser.Current!));
        }

        return value;
    }

    // Some malformed input makes YamlDotNet throw another exception than its own kind; the place is then the last known one.
    private void Next()
    {
        try
        {
            _parser.MoveNext();
        }
        catch (YamlException e)
        {
            throw Located(e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new WorkflowException(
                FailureKind.Scanner, e.Message, _parser.Current is { } current ? SpanOf(current) : new SourceSpan(_file, 1, 1, 1, 1), e);
        }
    }

    private ConfigValue ReadNode()
    {
        if (++_values > MaximumValues)
        {
            throw new WorkflowException(FailureKind.Composer, $"more than {MaximumValues} values", SpanOf(_parser.Current!));
        }

        if (++_depth > MaximumDepth)
        {
            throw new WorkflowException(FailureKind.Composer, $"nested deeper than {MaximumDepth} levels", SpanOf(_parser.Current!));
        }

        var before = _values;
        var current = _parser.Current;
        ConfigValue value;
        switch (current)
        {
            case AnchorAlias alias:
                value = ReadAlias(alias);
                break;
            case Scalar scalar:
                value = ReadScalar(scalar);
                break;
            case SequenceStart sequence:
                value = ReadSequence(sequence);
                break;
            case MappingStart mapping:
                value = ReadMapping(mapping);
                break;
            default:
                throw new WorkflowException(FailureKind.Parser, "expected the node content", SpanOf(current!));
        }

        if (current is not AnchorAlias && current is NodeEvent { Anchor.IsEmpty: false } node)
        {
            _anchors[node.Anchor.Value] = (value, _values - before + 1);
        }

        _depth--;
        return value;
    }

    private ConfigValue ReadAlias(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchored))
        {
            throw new WorkflowException(FailureKind.Composer, $"found undefined alias {alias.Value.Value}", SpanOf(alias));
        }

        _values += anchored.Size;
        Next();
        return anchored.Value;
    }

    private ConfigValue ReadScalar(Scalar scalar)
    {
        var span = SpanOf(scalar);
        var plain = scalar.Style == ScalarStyle.Plain;
        if (scalar.Tag.IsEmpty)
        {
            Next();
            return plain ? YamlScalar.Resolve(scalar.Value, span) : new ConfigText(scalar.Value, span);
        }

        var tag = CheckTag(scalar);
        Next();
        return tag == YamlTag.Include ? IncludedValue(scalar.Value, span) : YamlTag.Scalar(tag, scalar.Value, plain, span);
    }

    // Digdag loses the path of an include in this place and fails; here it means what it says.
    private ConfigMap IncludedValue(string path, SourceSpan span) => _include(path, span);

    private ConfigValue ReadSequence(SequenceStart start)
    {
        var tag = CheckTag(start);
        var items = new List<ConfigValue>();
        Next();
        while (_parser.Current is not SequenceEnd)
        {
            items.Add(ReadNode());
        }

        var span = Through(start, _parser.Current!);
        Next();
        return tag switch
        {
            YamlTag.Prefix + "omap" => OrderedMap(items, span),
            YamlTag.Prefix + "pairs" => Pairs(items, span),
            "" or "!" or YamlTag.Prefix + "seq" => new ConfigList(items, span),
            _ => throw new WorkflowException(FailureKind.Constructor, $"expected another kind of value for the tag {tag}", span),
        };
    }

    private static ConfigMap OrderedMap(List<ConfigValue> items, SourceSpan span)
    {
        var builder = new ConfigMapBuilder();
        foreach (var item in items)
        {
            builder.Set(SinglePair(item, span));
        }

        return builder.Build(span);
    }

    private static ConfigList Pairs(List<ConfigValue> items, SourceSpan span) =>
        new(items.Select(i => SinglePair(i, span)).Select(p => new ConfigList([p.Key, p.Value], p.KeySpan)), span);

    private static ConfigEntry SinglePair(ConfigValue item, SourceSpan span) => item is ConfigMap { Count: 1 } pair
        ? pair.First()
        : throw new WorkflowException(FailureKind.Constructor, "expected a mapping of length 1", item.Span ?? span);

    private ConfigValue ReadMapping(MappingStart start)
    {
        var tag = CheckTag(start);
        Next();
        var entries = new List<(ConfigEntry Entry, KeyForm Form)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var duplicates = new List<(string Key, SourceSpan Span)>();
        while (_parser.Current is not MappingEnd)
        {
            var form = FormOfKey(_parser.Current!, out var written);
            var (key, keySpan) = ReadKey(form);
            if (form != KeyForm.Include && written is not null && !seen.Add(written) && !duplicates.Exists(d => d.Key == written))
            {
                duplicates.Add((written, keySpan));
            }

            entries.Add((new ConfigEntry(key, ReadNode(), keySpan), form));
        }

        var span = Through(start, _parser.Current!);
        Next();
        if (duplicates.Count > 0)
        {
            throw new WorkflowException(
                FailureKind.DuplicateKeyYaml,
                $"Duplicated keys: [{string.Join(", ", duplicates.Select(d => d.Key))}]",
                duplicates[0].Span);
        }

        return tag switch
        {
            YamlTag.Prefix + "set" => new ConfigList(entries.Select(e => YamlScalar.Resolve(e.Entry.Key, e.Entry.KeySpan)), span),
            "" or "!" or YamlTag.Prefix + "map" or YamlTag.Prefix + "omap" => Assemble(entries, span),
            _ => throw new WorkflowException(FailureKind.Constructor, $"expected another kind of value for the tag {tag}", span),
        };
    }

    private enum KeyForm
    {
        Ordinary,
        Merge,
        Include,
    }

    private static KeyForm FormOfKey(ParsingEvent key, out string? written)
    {
        written = null;
        if (key is not Scalar scalar)
        {
            return KeyForm.Ordinary;
        }

        written = scalar.Value;
        if (!scalar.Tag.IsEmpty && scalar.Tag.Value == YamlTag.Include)
        {
            return KeyForm.Include;
        }

        return scalar is { Value: "<<", Style: ScalarStyle.Plain, Tag.IsEmpty: true } ? KeyForm.Merge : KeyForm.Ordinary;
    }

    private (string Key, SourceSpan Span) ReadKey(KeyForm form)
    {
        var span = SpanOf(_parser.Current!);
        if (form != KeyForm.Ordinary)
        {
            var text = ((Scalar)_parser.Current!).Value;
            Next();
            return (form == KeyForm.Merge ? "<<" : "!include:" + text, span);
        }

        return ReadNode() switch
        {
            ConfigNull => throw new WorkflowException(
                FailureKind.JsonMapping,
                "Null key for a Map not allowed in JSON (use a converting NullKeySerializer?) (through reference chain: java.util.LinkedHashMap[\"null\"])",
                span),
            ConfigText text => (text.Value, span),
            var value => (value is ConfigList or ConfigMap ? JavaText.Of(value) : ConfigJson.Write(value), span),
        };
    }

    // Own keys win over merged ones wherever they stand; an include is merged deeply at its place, later keys replace (2.5, 2.7).
    private ConfigMap Assemble(List<(ConfigEntry Entry, KeyForm Form)> entries, SourceSpan span)
    {
        var builder = new ConfigMapBuilder();
        foreach (var (entry, form) in entries)
        {
            if (form == KeyForm.Merge)
            {
                MergeInto(builder, entry);
            }
            else if (entry.Value is not ConfigMap and not ConfigList
                && (form == KeyForm.Include || entry.Key.StartsWith("!include:", StringComparison.Ordinal)))
            {
                IncludeInto(builder, _include(PathOf(entry.Value), entry.Value.Span ?? entry.KeySpan ?? span));
            }
            else
            {
                builder.Set(entry);
            }
        }

        return builder.Build(span);
    }

    private static string PathOf(ConfigValue value) => value is ConfigText text ? text.Value : ConfigJson.Write(value);

    private static void IncludeInto(ConfigMapBuilder builder, ConfigMap included)
    {
        foreach (var entry in included)
        {
            builder.Set(entry.Value is ConfigMap inner && builder[entry.Key] is ConfigMap own
                ? entry with { Value = own.Merge(inner) }
                : entry);
        }
    }

    private static void MergeInto(ConfigMapBuilder builder, ConfigEntry entry)
    {
        IEnumerable<ConfigValue> sources = entry.Value switch
        {
            ConfigMap map => [map],
            ConfigList list => list.Items,
            _ => throw new WorkflowException(
                FailureKind.Constructor, "expected a mapping or list of mappings for merging, but found scalar", entry.Value.Span ?? entry.KeySpan),
        };
        foreach (var source in sources)
        {
            var map = source as ConfigMap ?? throw new WorkflowException(
                FailureKind.Constructor, "expected a mapping for merging, but found another value", source.Span ?? entry.KeySpan);
            foreach (var merged in map.Where(m => builder[m.Key] is null))
            {
                builder.Set(merged);
            }
        }
    }

    private string CheckTag(NodeEvent node)
    {
        if (node.Tag.IsEmpty)
        {
            return string.Empty;
        }

        var tag = node.Tag.Value;
        return tag == YamlTag.Include || YamlTag.IsKnown(tag)
            ? tag
            : throw new WorkflowException(
                FailureKind.Constructor, $"could not determine a constructor for the tag {tag}", SpanOf(node));
    }

    private void Expect<TEvent>()
        where TEvent : ParsingEvent
    {
        if (_parser.Current is not TEvent)
        {
            throw new WorkflowException(FailureKind.Parser, "unexpected content", SpanOf(_parser.Current!));
        }

        Next();
    }

    private SourceSpan SpanOf(ParsingEvent e) => Through(e, e);

    private SourceSpan Through(ParsingEvent first, ParsingEvent last) => new(
        _file, (int)first.Start.Line, (int)first.Start.Column, (int)last.End.Line, (int)last.End.Column);

    private WorkflowException Located(YamlException e)
    {
        var span = new SourceSpan(_file, (int)e.Start.Line, (int)e.Start.Column, (int)e.End.Line, (int)e.End.Column);
        return new WorkflowException(FailureKind.Scanner, YamlProblem.Explain(e, _text), span, null);
    }
}
