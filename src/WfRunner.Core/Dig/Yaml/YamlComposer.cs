using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>
/// Makes values from what the reader found: types and tags (dig-language 2.2, 2.3), keys and duplicates (2.4), merge keys (2.5)
/// and includes (2.7).
/// </summary>
/// <param name="include">Loads an included file; told the path as written and its place.</param>
/// <param name="report">Takes what is wrong but can be read over; without it the first such thing is thrown.</param>
internal sealed class YamlComposer(Func<string, SourceSpan, ConfigMap> include, Action<WorkflowException>? report)
{
    // So many keys are compared with each other faster than they are put into a set.
    private const int FewKeys = 8;

    /// <summary>A scalar.</summary>
    /// <param name="tag">Its tag, if any.</param>
    /// <param name="token">Its text.</param>
    /// <param name="span">Its place, tag included.</param>
    public YamlNode Scalar(string? tag, YamlToken token, SourceSpan span)
    {
        if (tag is null or "!" && token is { Plain: true, Text: "<<" })
        {
            return new YamlNode(new ConfigText("<<", span), "<<", YamlNodeForm.Merge, span);
        }

        return tag switch
        {
            null => new YamlNode(
                token.Plain ? YamlScalar.Resolve(token.Text, span) : new ConfigText(token.Text, span), token.Text, YamlNodeForm.Ordinary, span),
            YamlTag.Include => new YamlNode(new ConfigText(token.Text, span), token.Text, YamlNodeForm.Include, span),
            YamlTag.Merge => new YamlNode(new ConfigText(token.Text, span), token.Text, YamlNodeForm.Merge, span),
            _ => Tagged(tag, token, span),
        };
    }

    /// <summary>A list.</summary>
    /// <param name="tag">Its tag, if any.</param>
    /// <param name="items">The items.</param>
    /// <param name="span">Its place.</param>
    public YamlNode Sequence(string? tag, IReadOnlyList<ConfigValue> items, SourceSpan span)
    {
        var list = new ConfigList(items, span);
        return new YamlNode(tag is null ? list : Tagged(tag, list, span), null, YamlNodeForm.Ordinary, span);
    }

    /// <summary>A mapping.</summary>
    /// <param name="tag">Its tag, if any.</param>
    /// <param name="pairs">Keys and values in order.</param>
    /// <param name="span">Its place.</param>
    public YamlNode Mapping(string? tag, IReadOnlyList<YamlPair> pairs, SourceSpan span)
    {
        if (tag == YamlTag.Set)
        {
            return new YamlNode(SetOf(pairs, span), null, YamlNodeForm.Ordinary, span);
        }

        RefuseDuplicates(pairs);
        if (tag is not (null or "!" or YamlTag.Prefix + "map"))
        {
            Refuse(YamlTag.WrongKind(tag, "mapping", span));
        }

        return new YamlNode(Assemble(pairs, span), null, YamlNodeForm.Ordinary, span);
    }

    /// <summary>The value of a node that is no key.</summary>
    /// <param name="node">The node.</param>
    public ConfigValue ValueOf(YamlNode node)
    {
        switch (node.Form)
        {
            case YamlNodeForm.Merge:
                Refuse(YamlTag.Unknown(YamlTag.Merge, node.Span));
                return node.Value;
            case YamlNodeForm.Include:
                // Digdag loses the path of an include in this place and fails; here it means what it says.
                return Included(new ConfigText(node.Text!, node.Span), node.Span);
            default:
                return node.Value;
        }
    }

    // What captures its arguments stands apart, so that the sound and plain does not pay for it.
    private YamlNode Tagged(string tag, YamlToken token, SourceSpan span) => new(
        Tolerant(() => YamlTag.Scalar(tag, token.Text, token.Plain, span), new ConfigText(token.Text, span)),
        token.Text,
        YamlNodeForm.Ordinary,
        span);

    private ConfigValue Tagged(string tag, ConfigList list, SourceSpan span) => Tolerant<ConfigValue>(
        () => tag switch
        {
            "!" or YamlTag.Prefix + "seq" => list,
            YamlTag.OrderedMap => OrderedMap(list.Items, span),
            YamlTag.Pairs => Pairs(list.Items, span),
            _ => throw YamlTag.WrongKind(tag, "sequence", span),
        },
        list);

    private void Refuse(WorkflowException problem) => (report ?? throw problem)(problem);

    private T Tolerant<T>(Func<T> make, T otherwise)
    {
        try
        {
            return make();
        }
        catch (WorkflowException e) when (report is not null)
        {
            report(e);
            return otherwise;
        }
    }

    private void RefuseDuplicates(IReadOnlyList<YamlPair> pairs)
    {
        List<YamlNode>? duplicates = null;
        var seen = pairs.Count > FewKeys ? new HashSet<string>(pairs.Count, StringComparer.Ordinal) : null;
        for (var i = 0; i < pairs.Count; i++)
        {
            if (pairs[i].Key is not { Text: { } text, Form: not YamlNodeForm.Include } key)
            {
                continue;
            }

            if ((seen is null ? StandsBefore(pairs, i, text) : !seen.Add(text)) && duplicates?.Exists(d => d.Text == text) != true)
            {
                (duplicates ??= []).Add(key);
            }
        }

        if (duplicates is not null)
        {
            Refuse(new WorkflowException(
                FailureKind.DuplicateKeyYaml, $"Duplicated keys: [{string.Join(", ", duplicates.Select(d => d.Text))}]", duplicates[0].Span));
        }
    }

    private static bool StandsBefore(IReadOnlyList<YamlPair> pairs, int index, string text)
    {
        for (var i = 0; i < index; i++)
        {
            if (pairs[i].Key.Form != YamlNodeForm.Include && pairs[i].Key.Text == text)
            {
                return true;
            }
        }

        return false;
    }

    // Own keys win over merged ones wherever they stand; an include is merged deeply at its place, later keys replace.
    private ConfigMap Assemble(IReadOnlyList<YamlPair> pairs, SourceSpan span)
    {
        var builder = new ConfigMapBuilder(pairs.Count);
        foreach (var (key, value) in pairs)
        {
            if (key.Form == YamlNodeForm.Merge)
            {
                TolerantMerge(builder, key, value);
                continue;
            }

            if (KeyName(key) is not { } name)
            {
                continue;
            }

            if (value is not ConfigMap and not ConfigList && name.StartsWith("!include:", StringComparison.Ordinal))
            {
                IncludeInto(builder, Included(value, key.Span));
            }
            else
            {
                builder.Set(new ConfigEntry(name, value, key.Span));
            }
        }

        return builder.Build(span);
    }

    // Written so that a sound key costs nothing: every key of every file passes here.
    private string? KeyName(YamlNode key) => key switch
    {
        { Form: YamlNodeForm.Include } => "!include:" + key.Text,
        { Value: ConfigText text } => text.Value,
        _ => TolerantKeyText(key),
    };

    private string? TolerantKeyText(YamlNode key) => Tolerant<string?>(() => KeyText(key), null);

    private void TolerantMerge(ConfigMapBuilder builder, YamlNode key, ConfigValue value) => Tolerant(() => MergeInto(builder, key, value), builder);

    private ConfigMap Included(ConfigValue path, SourceSpan keySpan) =>
        Tolerant(() => include(PathOf(path), path.Span ?? keySpan), ConfigMap.Empty);

    private static string KeyText(YamlNode key) => key.Value switch
    {
        ConfigNull => throw new WorkflowException(
            FailureKind.JsonMapping,
            "Null key for a Map not allowed in JSON (use a converting NullKeySerializer?) (through reference chain: java.util.LinkedHashMap[\"null\"])",
            key.Span),
        ConfigList or ConfigMap => JavaText.Of(key.Value),
        var value => ConfigJson.Write(value),
    };

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

    private static ConfigMapBuilder MergeInto(ConfigMapBuilder builder, YamlNode key, ConfigValue value)
    {
        IEnumerable<ConfigValue> sources = value switch
        {
            ConfigMap map => [map],
            ConfigList list => list.Items,
            _ => throw new WorkflowException(
                FailureKind.Constructor, "expected a mapping or list of mappings for merging, but found scalar", value.Span ?? key.Span)
            {
                Rule = DiagnosticRules.WrongKey,
            },
        };
        foreach (var source in sources)
        {
            var map = source as ConfigMap ?? throw new WorkflowException(
                FailureKind.Constructor,
                $"expected a mapping for merging, but found {YamlTag.KindOf(source)}",
                source.Span ?? key.Span)
            {
                Rule = DiagnosticRules.WrongKey,
            };
            foreach (var merged in map)
            {
                if (builder[merged.Key] is null)
                {
                    builder.Set(merged);
                }
            }
        }

        return builder;
    }

    private static ConfigMap OrderedMap(IReadOnlyList<ConfigValue> items, SourceSpan span)
    {
        var builder = new ConfigMapBuilder();
        foreach (var item in items)
        {
            builder.Set(SinglePair(item, span));
        }

        return builder.Build(span);
    }

    private static ConfigList SetOf(IReadOnlyList<YamlPair> pairs, SourceSpan span)
    {
        var items = new List<ConfigValue>(pairs.Count);
        foreach (var (key, _) in pairs)
        {
            if (!items.Exists(i => i.DeepEquals(key.Value)))
            {
                items.Add(key.Value);
            }
        }

        return new ConfigList(items, span);
    }

    private static ConfigList Pairs(IReadOnlyList<ConfigValue> items, SourceSpan span) =>
        new(items.Select(i => SinglePair(i, span)).Select(p => new ConfigList([p.Key, p.Value], p.KeySpan)), span);

    private static ConfigEntry SinglePair(ConfigValue item, SourceSpan span) => item is ConfigMap { Count: 1 } pair
        ? pair.First()
        : throw new WorkflowException(
            FailureKind.Constructor, $"expected a mapping of length 1, but found {YamlTag.KindOf(item)}", item.Span ?? span);
}
