using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>
/// Reads one YAML document in Digdag's dialect (dig-language 2) into a config tree whose every node and key knows its place.
/// A recursive descent over the tokens of <see cref="YamlScanner"/>. Bad input of any size ends in a located error: nesting and
/// the number of values are limited.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>Deepest nesting of values.</summary>
    public const int MaximumDepth = 500;

    /// <summary>Most values of a file after aliases are expanded; a small file can otherwise stand for billions.</summary>
    public const int MaximumValues = 2_000_000;

    private readonly YamlSource _source;
    private readonly YamlScanner _scanner;
    private readonly YamlDirectives _directives;
    private readonly YamlComposer _composer;
    private readonly Dictionary<string, (YamlNode Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private YamlMark _end;
    private int _depth;
    private int _values;

    private YamlReader(YamlSource source, Func<string, SourceSpan, ConfigMap> include, Action<WorkflowException>? report)
    {
        _source = source;
        _scanner = new YamlScanner(source);
        _directives = new YamlDirectives(source);
        _composer = new YamlComposer(include, report);
    }

    /// <summary>Reads a document that must be a mapping.</summary>
    /// <param name="bytes">UTF-8; malformed bytes become U+FFFD as in Digdag.</param>
    /// <param name="file">How places call the file.</param>
    /// <param name="include">Loads an included file; told the path as written and its place.</param>
    /// <param name="report">Takes what is wrong but can be read over; without it the first such thing is thrown.</param>
    public static ConfigMap ReadMap(
        byte[] bytes, string file, Func<string, SourceSpan, ConfigMap> include, Action<WorkflowException>? report = null)
    {
        var text = YamlBytes.Decode(bytes);
        CheckCharacters(text, file);
        var value = new YamlReader(new YamlSource(text, file), include, report).ReadDocument();
        return value as ConfigMap ?? throw new WorkflowException(
            FailureKind.RuntimeJsonMapping, $"Expected object to load Config but got {Shortened(value)}", value.Span ?? new SourceSpan(file, 1, 1, 1, 1))
        {
            Rule = DiagnosticRules.NotAMapping,
        };
    }

    private static string Shortened(ConfigValue value)
    {
        const int longest = 2000;
        var text = value.ToString() ?? string.Empty;
        return text.Length <= longest ? text : text[..longest] + "...";
    }

    private static void CheckCharacters(string text, string file)
    {
        var bad = text.AsSpan().IndexOfAny(YamlBytes.Refused);
        if (bad < 0)
        {
            return;
        }

        var before = text.AsSpan(0, bad);
        var line = before.Count('\n') + 1;
        var column = bad - before.LastIndexOf('\n');
        throw new WorkflowException(
            FailureKind.Scanner, "special characters are not allowed", new SourceSpan(file, line, column, line, column + 1));
    }

    private ConfigValue ReadDocument()
    {
        YamlNode document;
        if (_scanner.Peek().Kind is YamlTokenKind.Directive or YamlTokenKind.DocumentStart or YamlTokenKind.StreamEnd)
        {
            if (_scanner.Peek().Kind == YamlTokenKind.StreamEnd)
            {
                return new ConfigNull(_source.Span(default, default));
            }

            StartDocument();
            document = _scanner.Peek().Kind is YamlTokenKind.Directive or YamlTokenKind.DocumentStart or YamlTokenKind.DocumentEnd
                or YamlTokenKind.StreamEnd ? Empty() : ReadNode(block: true);
        }
        else
        {
            document = ReadNode(block: true);
        }

        while (_scanner.Peek().Kind == YamlTokenKind.DocumentEnd)
        {
            Take();
        }

        if (_scanner.Peek().Kind != YamlTokenKind.StreamEnd)
        {
            var start = _scanner.Peek();
            StartDocument();
            throw _source.Error(
                FailureKind.Composer, "expected a single document in the stream, but found another document", start.Start, start.End);
        }

        return _composer.ValueOf(document);
    }

    private void StartDocument()
    {
        _directives.Clear();
        while (_scanner.Peek().Kind == YamlTokenKind.Directive)
        {
            _directives.Add(Take());
        }

        if (_scanner.Peek().Kind != YamlTokenKind.DocumentStart)
        {
            throw Unexpected("expected '<document start>', but found '{0}'");
        }

        Take();
    }

    private YamlNode ReadNode(bool block, bool indentless = false)
    {
        var first = _scanner.Peek();
        if (++_values > MaximumValues)
        {
            throw TooLarge($"more than {MaximumValues} values", first);
        }

        if (++_depth > MaximumDepth)
        {
            throw TooLarge($"nested deeper than {MaximumDepth} levels", first);
        }

        var before = _values;
        YamlNode node;
        if (first.Kind == YamlTokenKind.Alias)
        {
            node = ReadAlias();
        }
        else
        {
            var (anchor, tag) = ReadProperties();
            node = ReadContent(first.Start, tag, anchor is not null, block, indentless);
            if (anchor is not null)
            {
                _anchors[anchor] = (node, _values - before + 1);
            }
        }

        _depth--;
        return node;
    }

    private YamlNode ReadAlias()
    {
        var alias = Take();
        if (!_anchors.TryGetValue(alias.Text, out var anchored))
        {
            throw _source.Error(FailureKind.Composer, $"found undefined alias {alias.Text}", alias.Start, alias.End);
        }

        _values += anchored.Size;
        return anchored.Node;
    }

    private (string? Anchor, string? Tag) ReadProperties()
    {
        string? anchor = null;
        string? tag = null;
        while (_scanner.Peek() is { Kind: YamlTokenKind.Anchor or YamlTokenKind.Tag } property)
        {
            if (property.Kind == YamlTokenKind.Anchor && anchor is null)
            {
                anchor = Take().Text;
            }
            else if (property.Kind == YamlTokenKind.Tag && tag is null)
            {
                tag = _directives.TagOf(Take());
            }
            else
            {
                break;
            }
        }

        return (anchor, tag);
    }

    private YamlNode ReadContent(YamlMark start, string? tag, bool anchored, bool block, bool indentless)
    {
        var token = _scanner.Peek();
        switch (token.Kind)
        {
            case YamlTokenKind.BlockEntry when indentless:
                return ReadIndentlessSequence(start, tag);
            case YamlTokenKind.Scalar:
                Take();
                return _composer.Scalar(tag, token, SpanFrom(start));
            case YamlTokenKind.FlowSequenceStart:
                return ReadFlowSequence(start, tag);
            case YamlTokenKind.FlowMappingStart:
                return ReadFlowMapping(start, tag);
            case YamlTokenKind.BlockSequenceStart when block:
                return ReadBlockSequence(start, tag);
            case YamlTokenKind.BlockMappingStart when block:
                return ReadBlockMapping(start, tag);
            default:
                return tag is not null || anchored
                    ? _composer.Scalar(tag, new YamlToken(YamlTokenKind.Scalar, _end, _end, Plain: true), SpanFrom(start))
                    : throw Unexpected("expected the node content, but found '{0}'", $"while parsing a {(block ? "block" : "flow")} node", start);
        }
    }

    private YamlNode ReadBlockSequence(YamlMark start, string? tag)
    {
        var items = new List<ConfigValue>();
        Take();
        while (_scanner.Peek().Kind == YamlTokenKind.BlockEntry)
        {
            Take();
            items.Add(_composer.ValueOf(
                _scanner.Peek().Kind is YamlTokenKind.BlockEntry or YamlTokenKind.BlockEnd ? Empty() : ReadNode(block: true)));
        }

        var span = SpanFrom(start);
        EndBlock("while parsing a block collection", start);
        return _composer.Sequence(tag, items, span);
    }

    private YamlNode ReadIndentlessSequence(YamlMark start, string? tag)
    {
        var items = new List<ConfigValue>();
        while (_scanner.Peek().Kind == YamlTokenKind.BlockEntry)
        {
            Take();
            items.Add(_composer.ValueOf(
                _scanner.Peek().Kind is YamlTokenKind.BlockEntry or YamlTokenKind.Key or YamlTokenKind.Value or YamlTokenKind.BlockEnd
                    ? Empty()
                    : ReadNode(block: true)));
        }

        return _composer.Sequence(tag, items, SpanFrom(start));
    }

    private YamlNode ReadBlockMapping(YamlMark start, string? tag)
    {
        var pairs = new List<YamlPair>();
        Take();
        while (_scanner.Peek().Kind == YamlTokenKind.Key)
        {
            Take();
            var key = BlockPart();
            pairs.Add(new YamlPair(key, _composer.ValueOf(TakeIf(YamlTokenKind.Value) ? BlockPart() : Empty())));
        }

        var span = SpanFrom(start);
        EndBlock("while parsing a block mapping", start);
        return _composer.Mapping(tag, pairs, span);
    }

    private YamlNode BlockPart() => _scanner.Peek().Kind is YamlTokenKind.Key or YamlTokenKind.Value or YamlTokenKind.BlockEnd
        ? Empty()
        : ReadNode(block: true, indentless: true);

    private void EndBlock(string context, YamlMark start)
    {
        if (_scanner.Peek().Kind != YamlTokenKind.BlockEnd)
        {
            throw Unexpected("expected <block end>, but found '{0}'", context, start);
        }

        _scanner.Take();
    }

    private YamlNode ReadFlowSequence(YamlMark start, string? tag)
    {
        var items = new List<ConfigValue>();
        Take();
        while (NextFlowEntry(items.Count == 0, YamlTokenKind.FlowSequenceEnd, "expected ',' or ']', but got {0}", "while parsing a flow sequence", start))
        {
            items.Add(_scanner.Peek().Kind == YamlTokenKind.Key
                ? ReadSinglePair()
                : _composer.ValueOf(ReadNode(block: false)));
        }

        return _composer.Sequence(tag, items, SpanFrom(start));
    }

    // [a: 1] is a list of one mapping.
    private ConfigValue ReadSinglePair()
    {
        var start = Take().Start;
        var key = FlowPart(YamlTokenKind.FlowSequenceEnd, beforeValue: true);
        var value = TakeIf(YamlTokenKind.Value) ? FlowPart(YamlTokenKind.FlowSequenceEnd, beforeValue: false) : Empty();
        return _composer.Mapping(null, [new YamlPair(key, _composer.ValueOf(value))], SpanFrom(start)).Value;
    }

    private YamlNode ReadFlowMapping(YamlMark start, string? tag)
    {
        var pairs = new List<YamlPair>();
        Take();
        while (NextFlowEntry(pairs.Count == 0, YamlTokenKind.FlowMappingEnd, "expected ',' or '}}', but got {0}", "while parsing a flow mapping", start))
        {
            if (_scanner.Peek().Kind != YamlTokenKind.Key)
            {
                var lone = ReadNode(block: false);
                pairs.Add(new YamlPair(lone, Empty().Value));
                continue;
            }

            Take();
            var key = FlowPart(YamlTokenKind.FlowMappingEnd, beforeValue: true);
            var value = TakeIf(YamlTokenKind.Value) ? FlowPart(YamlTokenKind.FlowMappingEnd, beforeValue: false) : Empty();
            pairs.Add(new YamlPair(key, _composer.ValueOf(value)));
        }

        return _composer.Mapping(tag, pairs, SpanFrom(start));
    }

    // Whether another entry follows; takes the comma before it, or the closing bracket.
    private bool NextFlowEntry(bool first, YamlTokenKind end, string problem, string context, YamlMark start)
    {
        if (!first && _scanner.Peek().Kind != end)
        {
            if (_scanner.Peek().Kind != YamlTokenKind.FlowEntry)
            {
                throw Unexpected(problem, context, start);
            }

            Take();
        }

        if (_scanner.Peek().Kind != end)
        {
            return true;
        }

        Take();
        return false;
    }

    private YamlNode FlowPart(YamlTokenKind end, bool beforeValue)
    {
        var kind = _scanner.Peek().Kind;
        return kind == YamlTokenKind.FlowEntry || kind == end || (beforeValue && kind == YamlTokenKind.Value)
            ? Empty()
            : ReadNode(block: false);
    }

    private YamlNode Empty()
    {
        var span = _source.Span(_end, _end);
        return new YamlNode(new ConfigNull(span), string.Empty, YamlNodeForm.Ordinary, span);
    }

    private bool TakeIf(YamlTokenKind kind)
    {
        if (_scanner.Peek().Kind != kind)
        {
            return false;
        }

        Take();
        return true;
    }

    private YamlToken Take()
    {
        var token = _scanner.Take();
        _end = token.End;
        return token;
    }

    private SourceSpan SpanFrom(YamlMark start) => _source.Span(start, _end);

    private WorkflowException TooLarge(string problem, YamlToken at) =>
        new(FailureKind.Composer, problem, _source.Span(at.Start, at.End)) { Rule = DiagnosticRules.TooLarge };

    private WorkflowException Unexpected(string problem, string? context = null, YamlMark? contextStart = null)
    {
        var token = _scanner.Peek();
        return _source.Error(
            FailureKind.Parser,
            string.Format(System.Globalization.CultureInfo.InvariantCulture, problem, token.Name),
            token.Start,
            token.End,
            context,
            contextStart);
    }
}
