using WfRunner.Core;
using WfRunner.Core.Secrets;

namespace WfRunner.Operators.Cloud;

/// <summary>Secrets that may stand at several places, the nearest first, for example <c>aws.s3.region</c> before <c>aws.region</c>.</summary>
internal static class CloudSecrets
{
    /// <summary>The first that is set.</summary>
    /// <param name="secrets">The task's secrets.</param>
    /// <param name="name">The name inside its scope, for example <c>access_key_id</c>.</param>
    /// <param name="scopes">The scopes, for example <c>aws.s3</c> and <c>aws</c>.</param>
    public static string? FindIn(this ISecretProvider secrets, string name, params ReadOnlySpan<string> scopes)
    {
        foreach (var scope in scopes)
        {
            if (secrets.Find($"{scope}.{name}") is { } value)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The first that is set.</summary>
    /// <exception cref="WorkflowException">None is.</exception>
    public static string GetFrom(this ISecretProvider secrets, string name, params ReadOnlySpan<string> scopes) =>
        secrets.FindIn(name, scopes) ?? throw new WorkflowException(FailureKind.SecretNotFound, $"Secret not found for key: '{name}'");
}
