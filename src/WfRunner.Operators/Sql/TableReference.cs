namespace WfRunner.Operators.Sql;

/// <summary>A table as users name it: what stands before the first dot is its schema. Digdag behaviour: operators-core 10.2.</summary>
/// <param name="Schema">The schema; null for the search path's.</param>
/// <param name="Name">The table.</param>
internal sealed record TableReference(string? Schema, string Name)
{
    public static TableReference Parse(string text) => text.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0
        ? new(text[..dot], text[(dot + 1)..])
        : new(null, text);

    /// <summary>Quoted for SQL.</summary>
    public override string ToString() => Schema is null ? Quote(Name) : $"{Quote(Schema)}.{Quote(Name)}";

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
