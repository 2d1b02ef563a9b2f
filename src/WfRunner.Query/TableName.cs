namespace WfRunner.Query;

/// <summary>A table as tasks name it: <c>[database.]table</c>, split at the first dot. Digdag behaviour: operators-td 1.6.</summary>
/// <param name="Database">The database; null for the query's own.</param>
/// <param name="Table">The table.</param>
public sealed record TableName(string? Database, string Table)
{
    /// <summary>Reads a name.</summary>
    /// <param name="text">The name as written; it is neither trimmed nor checked.</param>
    /// <returns>The name.</returns>
    public static TableName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? new TableName(null, text) : new TableName(text[..dot], text[(dot + 1)..]);
    }

    /// <summary>The name quoted for an engine; quotation marks inside are doubled.</summary>
    /// <param name="quote"><c>"</c> for Presto, a backtick for Hive.</param>
    /// <returns>For example <c>"db"."tbl"</c>.</returns>
    public string Quote(char quote = '"')
    {
        var mark = quote.ToString();
        return Database is null ? Part(Table) : Part(Database) + "." + Part(Table);

        string Part(string name) => mark + name.Replace(mark, mark + mark, StringComparison.Ordinal) + mark;
    }

    /// <summary>The name as written.</summary>
    public override string ToString() => Database is null ? Table : Database + "." + Table;
}
