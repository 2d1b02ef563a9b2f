namespace WfRunner.Operators.Sql;

/// <summary>Which rows of a result become parameters.</summary>
internal enum StoredRows
{
    /// <summary>None.</summary>
    None,

    /// <summary>The first one, as an object.</summary>
    First,

    /// <summary>All, as a list of objects.</summary>
    All,
}
