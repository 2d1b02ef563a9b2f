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

    /// <summary>Replaces in all keys and texts of a value, at any depth.</summary>
    /// <param name="value">The value.</param>
    /// <param name="secrets">The task's secrets.</param>
    /// <returns>The value with the secrets in it.</returns>
    /// <exception cref="WorkflowException">As for <see cref="Replace"/>.</exception>
    public static ConfigValue ReplaceAll(ConfigValue value, ISecretProvider secrets)
    {
        switch (value)
        {
            case ConfigText text:
                return new ConfigText(Replace(text.Value, secrets), text.Span);
            case ConfigList list:
                return new ConfigList(list.Items.Select(item => ReplaceAll(item, secrets)), list.Span);
            case ConfigMap map:
                var builder = new ConfigMapBuilder();
                foreach (var entry in map)
                {
                    builder.Set(Replace(entry.Key, secrets), ReplaceAll(entry.Value, secrets));
                }

                return builder.Build(map.Span);
            default:
                return value;
        }
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
