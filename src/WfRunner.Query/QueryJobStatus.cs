namespace WfRunner.Query;

/// <summary>Where a query job stands.</summary>
public enum QueryJobStatus
{
    /// <summary>Waits for its turn, or runs.</summary>
    Running,

    /// <summary>The statements ran; rows may still be read.</summary>
    Succeeded,

    /// <summary>The query failed; waiting for it tells why.</summary>
    Failed,

    /// <summary>The query was cancelled.</summary>
    Cancelled,
}
