using WfRunner.Core.Config;

namespace WfRunner.Conformance.Tables;

/// <summary>Compares one kind of recorded row with what this program does.</summary>
internal interface ITableComparer
{
    /// <summary>Name of the table: its file's name without the ending.</summary>
    string Table { get; }

    /// <summary>Runs a row's input.</summary>
    /// <returns>Null when the result equals the recorded one, else <c>want …, got …</c>.</returns>
    string? Compare(ConfigMap row);
}
