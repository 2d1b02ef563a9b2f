namespace WfRunner.Query;

/// <summary>A table as options name it: <c>[database.]table</c>, split at the first dot (operators-td 1.6).</summary>
/// <param name="Database">The database; null for the job's own.</param>
/// <param name="Table">The table; may itself hold dots.</param>
public sealed record TableName(string? Database, string Table)
{
    /// <summary>Reads an option's text.</summary>
    /// <param name="text">The text, taken as it is.</param>
    /// <returns>The name.</returns>
    public static TableName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? new TableName(null, text) : new TableName(text[..dot], text[(dot + 1)..]);
    }

    /// <summary>The name as SQL of an engine, quoted; an embedded quote is doubled.</summary>
    /// <param name="engine">The engine.</param>
    /// <returns>For example <c>"db"."table"</c>.</returns>
    public string ToSql(QueryEngine engine)
    {
        var quote = engine == QueryEngine.Hive ? "`" : "\"";
        return Database is null ? Quote(Table) : Quote(Database) + "." + Quote(Table);

        string Quote(string part) => quote + part.Replace(quote, quote + quote, StringComparison.Ordinal) + quote;
    }

    /// <summary>The name as written: <c>database.table</c> or <c>table</c>.</summary>
    public override string ToString() => Database is null ? Table : $"{Database}.{Table}";
}
