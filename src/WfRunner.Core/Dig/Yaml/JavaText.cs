using System.Text;
using WfRunner.Core.Config;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>
/// Prints collections as Java's <c>toString</c> does: <c>{k=v, k2=[a, b]}</c>. Digdag prints complex YAML keys and the commands of
/// tasks this way (dig-language 2.4, engine 7).
/// </summary>
public static class JavaText
{
    /// <summary>The text of a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Texts as they are, null as <c>null</c>, numbers as JSON.</returns>
    public static string Of(ConfigValue value)
    {
        var builder = new StringBuilder();
        Append(builder, value);
        return builder.ToString();
    }

    private static void Append(StringBuilder builder, ConfigValue value)
    {
        switch (value)
        {
            case ConfigText text:
                builder.Append(text.Value);
                break;
            case ConfigList list:
                builder.Append('[');
                AppendJoined(builder, list.Items, item => Append(builder, item));
                builder.Append(']');
                break;
            case ConfigMap map:
                builder.Append('{');
                AppendJoined(builder, map, entry =>
                {
                    builder.Append(entry.Key).Append('=');
                    Append(builder, entry.Value);
                });
                builder.Append('}');
                break;
            default:
                ConfigJson.Append(builder, value);
                break;
        }
    }

    private static void AppendJoined<T>(StringBuilder builder, IEnumerable<T> items, Action<T> append)
    {
        var first = true;
        foreach (var item in items)
        {
            if (!first)
            {
                builder.Append(", ");
            }

            first = false;
            append(item);
        }
    }
}
