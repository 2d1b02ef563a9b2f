namespace WfRunner.Query;

/// <summary>What happens to the target table of a query.</summary>
public enum QueryTargetMode
{
    /// <summary><c>create_table</c>: the result becomes the table; what was there is replaced.</summary>
    Replace,

    /// <summary><c>insert_into</c>: the result is appended; the table is made when missing.</summary>
    Append,
}
