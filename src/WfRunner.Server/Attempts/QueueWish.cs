namespace WfRunner.Server.Attempts;

/// <summary>Whether a start waits while its pool is full.</summary>
internal enum QueueWish
{
    /// <summary>As the server is configured for what starts by itself.</summary>
    AsConfigured,

    /// <summary>It is refused.</summary>
    Never,

    /// <summary>It waits.</summary>
    Always,
}
