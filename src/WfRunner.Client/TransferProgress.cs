namespace WfRunner.Client;

/// <summary>How far an upload or download is.</summary>
/// <param name="IsUpload">Whether bytes go to the server.</param>
/// <param name="Done">Bytes so far.</param>
/// <param name="Total">All bytes; null when nobody knows.</param>
public readonly record struct TransferProgress(bool IsUpload, long Done, long? Total);
