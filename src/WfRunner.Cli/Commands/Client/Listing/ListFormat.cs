namespace WfRunner.Cli.Commands.Client.Listing;

/// <summary>How a list is written.</summary>
internal enum ListFormat
{
    /// <summary>Digdag's blocks of lines.</summary>
    Text,

    /// <summary>One JSON array of the server's objects.</summary>
    Json,

    /// <summary>One JSON object a line.</summary>
    JsonLines,

    /// <summary>Tab-separated values below a header line.</summary>
    Tsv,

    /// <summary>Aligned columns below a header line.</summary>
    Table,
}
