namespace WfRunner.Client;

/// <summary>How to reach a server.</summary>
public sealed record ClientSettings
{
    /// <summary>URL of the server; ends with a slash.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Headers of every request to the server itself; names compare without case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Version of the program, for the <c>User-Agent</c>.</summary>
    public string ProgramVersion { get; init; } = "0";

    /// <summary>Whether archives and logs must come through the server rather than from its storage.</summary>
    public bool DisablesDirectDownload { get; init; }

    /// <summary>Whether any TLS certificate is accepted.</summary>
    public bool DisablesCertificateValidation { get; init; }

    /// <summary>The longest silence of the server; an upload or download that goes on may take any time.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The proxy; null for those that the environment names.</summary>
    public System.Net.IWebProxy? Proxy { get; init; }

    /// <summary>The clock of pauses and limits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told how far uploads and downloads are, often.</summary>
    public Action<TransferProgress>? Progress { get; init; }

    /// <summary>Told once when a request is tried again and that takes a while.</summary>
    public Action<string>? Retrying { get; init; }
}
