namespace WfRunner.Core.Dig.Yaml;

/// <summary>The <c>%</c> lines of a document, and the tags they abbreviate.</summary>
internal sealed class YamlDirectives(YamlSource source)
{
    private readonly Dictionary<string, string> _handles = new(StringComparer.Ordinal);
    private bool _versioned;

    /// <summary>Forgets the directives of the document before.</summary>
    public void Clear()
    {
        _versioned = false;
        _handles.Clear();
    }

    /// <summary>Takes a directive.</summary>
    /// <param name="directive">The token.</param>
    public void Add(YamlToken directive)
    {
        if (directive.Text == "YAML")
        {
            if (_versioned)
            {
                throw Error("found duplicate YAML directive", directive);
            }

            _versioned = true;
            if (!directive.Detail!.StartsWith("1.", StringComparison.Ordinal))
            {
                throw Error("found incompatible YAML document (version 1.* is required)", directive);
            }
        }
        else if (directive.Text == "TAG")
        {
            var parts = directive.Detail!.Split(' ', 2);
            if (!_handles.TryAdd(parts[0], parts[1]))
            {
                throw Error($"duplicate tag handle {parts[0]}", directive);
            }
        }
    }

    /// <summary>The full name of a tag.</summary>
    /// <param name="tag">The token.</param>
    public string TagOf(YamlToken tag) => tag.Detail switch
    {
        null => tag.Text,
        var handle when _handles.TryGetValue(handle, out var prefix) => prefix + tag.Text,
        "!" => "!" + tag.Text,
        "!!" => YamlTag.Prefix + tag.Text,
        var handle => throw source.Error(
            FailureKind.Parser, $"found undefined tag handle {handle}", tag.Start, tag.End, "while parsing a node", tag.Start),
    };

    private WorkflowException Error(string problem, YamlToken at) => source.Error(FailureKind.Parser, problem, at.Start, at.End);
}
