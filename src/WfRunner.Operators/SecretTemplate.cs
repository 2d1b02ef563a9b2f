using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Secrets;

namespace WfRunner.Operators;

/// <summary>
/// Puts secrets where <c>${secret:key}</c> stands, in the few places that allow it. Digdag behaviour: dig-language 11.1; the
/// value is inserted as it is.
/// </summary>
public static class SecretTemplate
{
    /// <summary>Replaces every <c>${word:key}</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="secrets">The task's secrets.</param>
    /// <returns>The text with the secrets in it.</returns>
    /// <exception cref="WorkflowException">The word is not <c>secret</c>, or the secret is not set.</exception>
    public static string Replace(string text, ISecretProvider secrets)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(secrets);
        var builder = new StringBuilder();
        var at = 0;
        while (true)
        {
            var start = text.IndexOf("${", at, StringComparison.Ordinal);
            var end = start < 0 ? -1 : text.IndexOf('}', start);
            if (end < 0)
            {
                return builder.Append(text, at, text.Length - at).ToString();
            }

            builder.Append(text, at, start - at);
            var inside = text[(start + 2)..end];
            builder.Append(inside.Contains(':', StringComparison.Ordinal) ? Secret(inside, secrets) : text[start..(end + 1)]);
            at = end + 1;
        }
    }

    /// <summary>Replaces in every key and text of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="secrets">The task's secrets.</param>
    /// <returns>The value with the secrets in it.</returns>
    /// <exception cref="WorkflowException">The word is not <c>secret</c>, or the secret is not set.</exception>
    public static ConfigValue Replace(ConfigValue value, ISecretProvider secrets)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value switch
        {
            ConfigText text => new ConfigText(Replace(text.Value, secrets), text.Span),
            ConfigList list => new ConfigList(list.Items.Select(i => Replace(i, secrets)), list.Span),
            ConfigMap map => ConfigMap.Of(map.Select(e => (Replace(e.Key, secrets), Replace(e.Value, secrets)))).At(map.Span),
            _ => value,
        };
    }

    private static string Secret(string inside, ISecretProvider secrets)
    {
        var colon = inside.IndexOf(':', StringComparison.Ordinal);
        if (inside[..colon].Trim() != "secret")
        {
            throw new ConfigException($"Invalid parametrization: '${{{inside}}}'");
        }

        var key = inside[(colon + 1)..].Trim();
        return secrets.Find(key) ?? throw new WorkflowException(FailureKind.SecretNotFound, $"Secret not found for key: '{key}'");
    }
}
