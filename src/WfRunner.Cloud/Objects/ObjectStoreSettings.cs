namespace WfRunner.Cloud.Objects;

/// <summary>A bucket of Amazon S3, or of a service that speaks its protocol.</summary>
/// <param name="Bucket">Its name.</param>
public sealed record S3Settings(string Bucket)
{
    /// <summary>Address of the service; null for Amazon's in the region.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The region; null for <c>us-east-1</c>.</summary>
    public string? Region { get; init; }

    /// <summary>Whether the bucket stands in the path of addresses instead of the host name.</summary>
    public bool IsPathStyle { get; init; }

    /// <summary>The key that requests are signed with; null for what the machine has been given, as all of Amazon's programs find it.</summary>
    public (string Id, string Secret)? Key { get; init; }
}

/// <summary>A bucket of Google Cloud Storage.</summary>
/// <param name="Bucket">Its name.</param>
public sealed record GcsSettings(string Bucket)
{
    /// <summary>Address of the service.</summary>
    public Uri Endpoint { get; init; } = new("https://storage.googleapis.com");

    /// <summary>A service account's key or a user's, as Google hands it out; null for what the machine has been given.</summary>
    public string? Credential { get; init; }

    /// <summary>What users call the credential, for messages.</summary>
    public string CredentialName { get; init; } = "the credential";

    /// <summary>Whether addresses are to be signed, which needs the key of a service account.</summary>
    public bool Signs { get; init; }
}
