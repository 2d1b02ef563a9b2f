using System.Text.Json;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>What DuckDB says is wrong.</summary>
internal sealed class DuckDbException : Exception, IInterruption
{
    private DuckDbException(string type, string message, int? position)
        : base(message)
    {
        Type = type;
        Position = position;
    }

    /// <summary>The kind of error, for example <c>Catalog</c>.</summary>
    public string Type { get; }

    /// <summary>Where in the SQL text, in bytes from its start.</summary>
    public int? Position { get; }

    /// <summary>Whether the query ended because it was told to.</summary>
    public bool IsInterrupt => Type.Equals("Interrupt", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether another process has the database file open.</summary>
    public bool IsLocked => Message.Contains("Could not set lock", StringComparison.Ordinal)
        || Message.Contains("being used by another process", StringComparison.Ordinal);

    /// <summary>The first line, as DuckDB's own shell prints it: <c>Catalog Error: …</c>.</summary>
    public string FirstLine
    {
        get
        {
            var line = Message.AsSpan();
            var end = line.IndexOfAny('\r', '\n');
            var text = end < 0 ? Message : Message[..end];
            return Type.Length == 0 ? text : $"{Type} Error: {text}";
        }
    }

    /// <summary>Reads an error text, which is JSON (setting <c>errors_as_json</c>), possibly behind a prefix.</summary>
    public static DuckDbException Of(string? text)
    {
        text ??= "unknown error";
        var brace = text.IndexOf('{', StringComparison.Ordinal);
        if (brace >= 0)
        {
            try
            {
                if (ConfigJson.Parse(text[brace..]) is ConfigMap map && map.Has("exception_message"))
                {
                    return new DuckDbException(
                        map.GetStringOr("exception_type", string.Empty), map.GetStringOr("exception_message", text), map.GetInt32OrNull("position"));
                }
            }
            catch (JsonException)
            {
                // Not JSON after all: the text is the message.
                return new DuckDbException(string.Empty, text, null);
            }
        }

        return new DuckDbException(string.Empty, text, null);
    }
}
