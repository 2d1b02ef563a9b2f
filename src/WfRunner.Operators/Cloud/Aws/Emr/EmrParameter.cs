using WfRunner.Core.Config;

namespace WfRunner.Operators.Cloud.Aws.Emr;

/// <summary>A value that the runner on the cluster uses. Digdag behaviour: operators-cloud 3.5.</summary>
/// <param name="IsEncrypted">Whether the text is Base64 of what KMS gave.</param>
/// <param name="Value">The text.</param>
internal sealed record EmrParameter(bool IsEncrypted, string Value)
{
    /// <summary>A value that is no secret.</summary>
    public static implicit operator EmrParameter(string value) => new(false, value);

    /// <summary>As the runner reads it.</summary>
    public ConfigMap ToConfig() => ConfigMap.Of(("type", IsEncrypted ? "kms_encrypted" : "plain"), ("value", Value));
}
