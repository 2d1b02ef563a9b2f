namespace WfRunner.Cli.Commands.Local.Querying;

/// <summary>How rows are written.</summary>
internal enum RowFormat
{
    /// <summary>Aligned columns, for eyes.</summary>
    Table,

    /// <summary>One JSON array of objects.</summary>
    Json,

    /// <summary>A JSON object a line.</summary>
    JsonLines,

    /// <summary>CSV (RFC 4180): an empty field is NULL, <c>""</c> the empty text.</summary>
    Csv,

    /// <summary>Tab-separated: <c>\N</c> is NULL; tab, line break and backslash have a backslash in front.</summary>
    Tsv,
}
