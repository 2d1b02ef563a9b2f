using System.Globalization;
using System.Numerics;
using Npgsql;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.PostgreSql;

/// <summary>PostgreSQL's types in Presto's spelling, and its texts as values.</summary>
internal static class PostgreSqlTypes
{
    public static IReadOnlyList<QueryColumn> Columns(NpgsqlDataReader reader) =>
        [.. Enumerable.Range(0, reader.FieldCount).Select(i => new QueryColumn(reader.GetName(i), ToPresto(reader.GetDataTypeName(i))))];

    public static string ToPresto(string type)
    {
        if (type.EndsWith("[]", StringComparison.Ordinal))
        {
            return $"array({ToPresto(type[..^2])})";
        }

        var open = type.IndexOf('(', StringComparison.Ordinal);
        var name = open < 0 ? type : type[..open] + type[(type.IndexOf(')', StringComparison.Ordinal) + 1)..];
        return name switch
        {
            "smallint" or "integer" or "bigint" or "boolean" or "date" => name,
            "real" => "real",
            "double precision" => "double",
            "numeric" => open < 0 ? "decimal" : "decimal" + type[open..].Replace(" ", string.Empty, StringComparison.Ordinal),
            "timestamp without time zone" => "timestamp",
            "timestamp with time zone" => "timestamp with time zone",
            "json" or "jsonb" => "json",
            "bytea" => "varbinary",
            _ => "varchar",
        };
    }

    public static string OfPresto(string type) => type switch
    {
        "double" => "double precision",
        "varbinary" => "bytea",
        "json" => "jsonb",
        "varchar" => "text",
        _ when type.StartsWith("array(", StringComparison.Ordinal) => OfPresto(type[6..^1]) + "[]",
        _ when type.StartsWith("decimal", StringComparison.Ordinal) => "numeric" + type["decimal".Length..],
        _ => type,
    };

    /// <summary>What reads the text of a value of a type.</summary>
    public static Func<string, ConfigValue> ParserOf(string prestoType) => prestoType switch
    {
        "smallint" or "integer" or "bigint" => static t => new ConfigInteger(BigInteger.Parse(t, CultureInfo.InvariantCulture)),
        "real" or "double" => static t => new ConfigFloat(Float(t)),
        "boolean" => static t => ConfigBoolean.Of(t is "t" or "true"),
        "timestamp" => static t => new ConfigText(WithMilliseconds(t)),
        "timestamp with time zone" => static t => new ConfigText(WithMilliseconds(t[..OffsetStart(t)]) + " UTC"),
        "json" => static t => ConfigJson.Parse(t),
        _ when prestoType.StartsWith("array(", StringComparison.Ordinal) => ArrayParser(prestoType[6..^1]),
        _ => static t => new ConfigText(t),
    };

    private static double Float(string text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    // Sessions run in UTC, so the offset is always +00.
    private static int OffsetStart(string text)
    {
        var at = text.LastIndexOfAny(['+', '-']);
        return at > 10 ? at : text.Length;
    }

    private static string WithMilliseconds(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (text.Contains(':', StringComparison.Ordinal) ? text + ".000" : text)
            : text.Length - dot - 1 < 3 ? text.PadRight(dot + 4, '0')
            : text;
    }

    // {1,NULL,"a \"b\""}, nested by braces. The type of the elements is the same at any depth.
    private static Func<string, ConfigValue> ArrayParser(string elementType)
    {
        while (elementType.StartsWith("array(", StringComparison.Ordinal))
        {
            elementType = elementType[6..^1];
        }

        var parse = ParserOf(elementType);
        return text =>
        {
            // Bounds other than from 1 stand in front: [0:1]={...}.
            var at = text.IndexOf('{', StringComparison.Ordinal);
            return Array(text, ref at, parse);
        };
    }

    private static ConfigList Array(string text, ref int at, Func<string, ConfigValue> parse)
    {
        var items = new List<ConfigValue>();
        for (at++; text[at] != '}'; at += text[at] == ',' ? 1 : 0)
        {
            if (text[at] == '{')
            {
                items.Add(Array(text, ref at, parse));
            }
            else if (text[at] == '"')
            {
                items.Add(parse(Quoted(text, ref at)));
            }
            else
            {
                var end = text.AsSpan(at).IndexOfAny(',', '}') + at;
                var word = text[at..end];
                items.Add(word == "NULL" ? ConfigNull.Instance : parse(word));
                at = end;
            }
        }

        at++;
        return new ConfigList(items);
    }

    private static string Quoted(string text, ref int at)
    {
        var value = new System.Text.StringBuilder();
        for (at++; text[at] != '"'; at++)
        {
            at += text[at] == '\\' ? 1 : 0;
            value.Append(text[at]);
        }

        at++;
        return value.ToString();
    }
}
