using System.Globalization;
using System.Numerics;
using System.Text.Json;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.Trino;

/// <summary>A type as the server describes it, which tells what its JSON means: rows come as lists, doubles may be words.</summary>
/// <param name="Name">The type in Presto's spelling.</param>
/// <param name="Raw">The type without its parameters.</param>
/// <param name="Inner">Types of elements, of key and value, or of fields.</param>
/// <param name="Fields">Names of the fields of a row.</param>
internal sealed record TrinoType(string Name, string Raw, IReadOnlyList<TrinoType> Inner, IReadOnlyList<string> Fields)
{
    /// <summary>Reads the type of a column.</summary>
    public static TrinoType Read(JsonElement column)
    {
        var name = column.GetProperty("type").GetString()!;
        return column.TryGetProperty("typeSignature", out var signature) && signature.ValueKind == JsonValueKind.Object
            ? OfSignature(signature, name)
            : new TrinoType(name, name.Split('(')[0], [], []);
    }

    /// <summary>A value of the type.</summary>
    public ConfigValue Value(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return ConfigNull.Instance;
        }

        return Raw switch
        {
            "boolean" => ConfigBoolean.Of(value.GetBoolean()),
            "tinyint" or "smallint" or "integer" or "bigint" => new ConfigInteger(BigInteger.Parse(value.GetRawText(), CultureInfo.InvariantCulture)),
            "real" or "double" => new ConfigFloat(Double(value)),
            "array" when Inner.Count == 1 => new ConfigList(value.EnumerateArray().Select(Inner[0].Value)),
            "map" when Inner.Count == 2 => ConfigMap.Of(value.EnumerateObject().Select(p => (p.Name, Inner[1].Value(p.Value)))),
            "row" when Fields.Count == Inner.Count => Row(value),
            "json" when value.ValueKind == JsonValueKind.String => ConfigJson.Parse(value.GetString()!),
            _ when value.ValueKind == JsonValueKind.String => new ConfigText(value.GetString()!),
            _ => ConfigJson.Parse(value.GetRawText()),
        };
    }

    private static double Double(JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? value.GetDouble()
        : double.Parse(value.GetString()!, CultureInfo.InvariantCulture);

    // Two fields may share a name, or have none.
    private ConfigMap Row(JsonElement value)
    {
        var row = new ConfigMapBuilder();
        foreach (var (item, i) in value.EnumerateArray().Select((item, i) => (item, i)))
        {
            row.Set(Fields[i], Inner[i].Value(item));
        }

        return row.Build();
    }

    private static TrinoType OfSignature(JsonElement signature, string? name)
    {
        var raw = signature.GetProperty("rawType").GetString()!;
        var inner = new List<TrinoType>();
        var fields = new List<string>();
        foreach (var argument in signature.TryGetProperty("arguments", out var arguments) ? arguments.EnumerateArray() : default)
        {
            var value = argument.GetProperty("value");
            switch (argument.GetProperty("kind").GetString())
            {
                case "TYPE":
                    inner.Add(OfSignature(value, null));
                    break;
                case "NAMED_TYPE":
                    fields.Add(value.TryGetProperty("fieldName", out var field) && field.ValueKind == JsonValueKind.Object
                        ? field.GetProperty("name").GetString()!
                        : $"field{fields.Count}");
                    inner.Add(OfSignature(value.GetProperty("typeSignature"), null));
                    break;
            }
        }

        return new TrinoType(name ?? raw, raw, inner, fields);
    }
}
