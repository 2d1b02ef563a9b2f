namespace WfRunner.Core.Dig.Yaml;

/// <summary>
/// Cuts YAML 1.1 into tokens. The rules are those of the reader that Digdag uses (dig-language 2.6), where they differ from
/// newer YAML: a TAB cannot stand between tokens, <c>?</c> ends a plain text inside brackets, <c>:</c> before a bracket
/// separates, and a key of one line may be 1024 characters long.
/// </summary>
internal sealed class YamlScanner(YamlSource source)
{
    private const int LongestKey = 1024;

    private readonly YamlScalarScanner _scalars = new(source);
    private readonly YamlBlockScanner _blocks = new(source);
    private readonly YamlTagScanner _tags = new(source);
    private readonly List<YamlToken> _tokens = [];
    private readonly Stack<int> _indents = [];

    // By depth of brackets: the token that becomes a key if a ':' follows it in time.
    private readonly List<PossibleKey?> _possibleKeys = [null];
    private int _head;
    private int _taken;
    private int _flowLevel;
    private int _indent = -1;
    private bool _keyAllowed = true;
    private bool _done;

    private readonly record struct PossibleKey(int TokenNumber, bool Required, YamlMark Start);

    /// <summary>The next token, which stays.</summary>
    public YamlToken Peek()
    {
        while (NeedsMore())
        {
            ScanNext();
        }

        return _tokens[_head];
    }

    /// <summary>Takes the next token.</summary>
    public YamlToken Take()
    {
        var token = Peek();
        _taken++;
        _head++;
        if (_head == _tokens.Count)
        {
            _tokens.Clear();
            _head = 0;
        }

        return token;
    }

    private bool NeedsMore()
    {
        if (_done)
        {
            return false;
        }

        if (_tokens.Count == 0)
        {
            return true;
        }

        DropStaleKeys();
        return _possibleKeys.Find(k => k is not null) is { } key && key.TokenNumber == _taken;
    }

    private void ScanNext()
    {
        SkipToToken();
        DropStaleKeys();
        CloseDeeper(source.Column);
        var c = source.Peek();
        var atLineStart = source.Column == 0;
        switch (c)
        {
            case '\0':
                End();
                break;
            case '%' when atLineStart:
                DocumentLevel(_tags.Directive);
                break;
            case '-' or '.' when atLineStart && source.AtDocumentMark:
                DocumentLevel(() => Symbol(c == '-' ? YamlTokenKind.DocumentStart : YamlTokenKind.DocumentEnd, 3));
                break;
            case '[' or '{':
                SavePossibleKey();
                _flowLevel++;
                _possibleKeys.Add(null);
                _keyAllowed = true;
                _tokens.Add(Symbol(c == '[' ? YamlTokenKind.FlowSequenceStart : YamlTokenKind.FlowMappingStart, 1));
                break;
            case ']' or '}':
                CloseFlow(c);
                break;
            case ',':
                _keyAllowed = true;
                RemovePossibleKey();
                _tokens.Add(Symbol(YamlTokenKind.FlowEntry, 1));
                break;
            case '-' when YamlCharacters.IsBlank(source.Peek(1)):
                BlockEntry();
                break;
            case '?' when _flowLevel > 0 || YamlCharacters.IsBlank(source.Peek(1)):
                Key();
                break;
            case ':' when _flowLevel > 0 || YamlCharacters.IsBlank(source.Peek(1)):
                Value();
                break;
            case '*' or '&':
                BeforeKeyPart();
                _tokens.Add(_tags.AnchorOrAlias());
                break;
            case '!':
                BeforeKeyPart();
                _tokens.Add(_tags.Tag());
                break;
            case '|' or '>' when _flowLevel == 0:
                _keyAllowed = true;
                RemovePossibleKey();
                _tokens.Add(_blocks.Scan(_indent));
                break;
            case '\'' or '"':
                BeforeKeyPart();
                _tokens.Add(_scalars.Quoted());
                break;
            default:
                Plain(c);
                break;
        }
    }

    private void SkipToToken()
    {
        while (true)
        {
            while (source.Peek() == ' ')
            {
                source.Skip();
            }

            if (source.Peek() == '#')
            {
                source.SkipLine();
            }

            if (source.TakeBreak().Length == 0)
            {
                return;
            }

            if (_flowLevel == 0)
            {
                _keyAllowed = true;
            }
        }
    }

    private YamlToken Symbol(YamlTokenKind kind, int length)
    {
        var start = source.Mark;
        source.Skip(length);
        return new YamlToken(kind, start, source.Mark);
    }

    private YamlToken Implied(YamlTokenKind kind) => new(kind, source.Mark, source.Mark);

    private void End()
    {
        CloseDeeper(-1);
        RemovePossibleKey();
        _keyAllowed = false;
        _possibleKeys.Clear();
        _tokens.Add(Implied(YamlTokenKind.StreamEnd));
        _done = true;
    }

    private void DocumentLevel(Func<YamlToken> scan)
    {
        CloseDeeper(-1);
        RemovePossibleKey();
        _keyAllowed = false;
        _tokens.Add(scan());
    }

    private void CloseFlow(char c)
    {
        RemovePossibleKey();
        if (_flowLevel > 0)
        {
            _possibleKeys.RemoveAt(_flowLevel);
            _flowLevel--;
        }

        _keyAllowed = false;
        _tokens.Add(Symbol(c == ']' ? YamlTokenKind.FlowSequenceEnd : YamlTokenKind.FlowMappingEnd, 1));
    }

    private void BlockEntry()
    {
        if (_flowLevel == 0)
        {
            RequireKeyAllowed("sequence entries are not allowed here");
            if (Open(source.Column))
            {
                _tokens.Add(Implied(YamlTokenKind.BlockSequenceStart));
            }
        }

        _keyAllowed = true;
        RemovePossibleKey();
        _tokens.Add(Symbol(YamlTokenKind.BlockEntry, 1));
    }

    private void Key()
    {
        if (_flowLevel == 0)
        {
            RequireKeyAllowed("mapping keys are not allowed here");
            if (Open(source.Column))
            {
                _tokens.Add(Implied(YamlTokenKind.BlockMappingStart));
            }
        }

        _keyAllowed = _flowLevel == 0;
        RemovePossibleKey();
        _tokens.Add(Symbol(YamlTokenKind.Key, 1));
    }

    private void Value()
    {
        if (_possibleKeys[_flowLevel] is { } key)
        {
            _possibleKeys[_flowLevel] = null;
            var at = _head + key.TokenNumber - _taken;
            _tokens.Insert(at, new YamlToken(YamlTokenKind.Key, key.Start, key.Start));
            if (_flowLevel == 0 && Open(key.Start.Column))
            {
                _tokens.Insert(at, new YamlToken(YamlTokenKind.BlockMappingStart, key.Start, key.Start));
            }

            _keyAllowed = false;
        }
        else
        {
            if (_flowLevel == 0)
            {
                RequireKeyAllowed("mapping values are not allowed here");
                if (Open(source.Column))
                {
                    _tokens.Add(Implied(YamlTokenKind.BlockMappingStart));
                }
            }

            _keyAllowed = _flowLevel == 0;
            RemovePossibleKey();
        }

        _tokens.Add(Symbol(YamlTokenKind.Value, 1));
    }

    private void Plain(char c)
    {
        var next = source.Peek(1);
        var starts = !YamlCharacters.IsBlank(c)
            && (!"-?:,[]{}#&*!|>'\"%@`".Contains(c, StringComparison.Ordinal)
                || (!YamlCharacters.IsBlank(next) && (c == '-' || (_flowLevel == 0 && c is ('?' or ':')))));
        if (!starts)
        {
            var shown = c == '\t' ? "\\t(TAB)" : c.ToString();
            throw source.Error(
                $"found character '{shown}' that cannot start any token. (Do not use {shown} for indentation)",
                "while scanning for the next token");
        }

        BeforeKeyPart();
        _tokens.Add(_scalars.Plain(_flowLevel > 0, _indent + 1));
        _keyAllowed = _scalars.PlainCrossedLine;
    }

    private void BeforeKeyPart()
    {
        SavePossibleKey();
        _keyAllowed = false;
    }

    private void RequireKeyAllowed(string problem)
    {
        if (!_keyAllowed)
        {
            throw source.Error(problem);
        }
    }

    private void SavePossibleKey()
    {
        if (_keyAllowed)
        {
            RemovePossibleKey();
            _possibleKeys[_flowLevel] = new PossibleKey(
                _taken + _tokens.Count - _head, _flowLevel == 0 && _indent == source.Column, source.Mark);
        }
    }

    private void RemovePossibleKey()
    {
        if (_possibleKeys[_flowLevel] is { } key)
        {
            _possibleKeys[_flowLevel] = null;
            RefuseIfRequired(key);
        }
    }

    private void DropStaleKeys()
    {
        for (var level = 0; level < _possibleKeys.Count; level++)
        {
            if (_possibleKeys[level] is { } key && (key.Start.Line != source.Line || source.Index - key.Start.Index > LongestKey))
            {
                _possibleKeys[level] = null;
                RefuseIfRequired(key);
            }
        }
    }

    private void RefuseIfRequired(PossibleKey key)
    {
        if (key.Required)
        {
            throw source.Error("could not find expected ':'", "while scanning a simple key", key.Start);
        }
    }

    private bool Open(int column)
    {
        if (_indent >= column)
        {
            return false;
        }

        _indents.Push(_indent);
        _indent = column;
        return true;
    }

    private void CloseDeeper(int column)
    {
        if (_flowLevel > 0)
        {
            return;
        }

        while (_indent > column)
        {
            _indent = _indents.Pop();
            _tokens.Add(Implied(YamlTokenKind.BlockEnd));
        }
    }
}
