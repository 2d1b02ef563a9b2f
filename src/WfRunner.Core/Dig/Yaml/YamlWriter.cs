using System.Text;
using WfRunner.Core.Config;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>
/// Writes configs as YAML in the style of Digdag's files and listings: block style, texts always in double quotation marks,
/// keys plain where they can be, <c>{}</c> and <c>[]</c> for what is empty (cli-local 8.6).
/// </summary>
public static class YamlWriter
{
    // Words that some YAML reader takes for something else than a text.
    private static readonly string[] ReservedWords = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

    /// <summary>Writes an object.</summary>
    /// <param name="map">The object.</param>
    /// <returns>Lines that each end with a line break; <c>{}</c> and a line break for the empty object.</returns>
    public static string Write(ConfigMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var builder = new StringBuilder();
        if (map.IsEmpty)
        {
            return "{}\n";
        }

        AppendMap(builder, map, indent: 0, firstLineIndented: false);
        return builder.ToString();
    }

    private static void AppendMap(StringBuilder builder, ConfigMap map, int indent, bool firstLineIndented)
    {
        foreach (var entry in map)
        {
            if (!firstLineIndented)
            {
                builder.Append(' ', indent);
            }

            firstLineIndented = false;
            AppendKey(builder, entry.Key);
            builder.Append(':');
            AppendValue(builder, entry.Value, indent);
        }
    }

    private static void AppendValue(StringBuilder builder, ConfigValue value, int indent)
    {
        switch (value)
        {
            case ConfigMap { IsEmpty: false } map:
                builder.Append('\n');
                AppendMap(builder, map, indent + 2, firstLineIndented: false);
                break;
            case ConfigList { Items.Count: > 0 } list:
                builder.Append('\n');
                AppendList(builder, list, indent, firstLineIndented: false);
                break;
            default:
                builder.Append(' ');
                ConfigJson.Append(builder, value);
                builder.Append('\n');
                break;
        }
    }

    // The dash stands at the indentation of the key.
    private static void AppendList(StringBuilder builder, ConfigList list, int indent, bool firstLineIndented)
    {
        foreach (var item in list.Items)
        {
            if (!firstLineIndented)
            {
                builder.Append(' ', indent);
            }

            firstLineIndented = false;
            builder.Append('-');
            switch (item)
            {
                case ConfigMap { IsEmpty: false } map:
                    builder.Append(' ');
                    AppendMap(builder, map, indent + 2, firstLineIndented: true);
                    break;
                case ConfigList { Items.Count: > 0 } inner:
                    builder.Append(' ');
                    AppendList(builder, inner, indent + 2, firstLineIndented: true);
                    break;
                default:
                    builder.Append(' ');
                    ConfigJson.Append(builder, item);
                    builder.Append('\n');
                    break;
            }
        }
    }

    private static void AppendKey(StringBuilder builder, string key)
    {
        if (IsPlain(key))
        {
            builder.Append(key);
        }
        else
        {
            ConfigJson.AppendText(builder, key);
        }
    }

    private static bool IsPlain(string key)
    {
        if (key.Length == 0 || key[0] is '-' or '+' or '.' or '~' or (>= '0' and <= '9') or '?' or '!' or '&' or '*' or '\'' or '"' or '%' or '@' or '`' or '#' or '|' or '>' or '{' or '[' or ' '
            || key[^1] is ' ' or ':')
        {
            return false;
        }

        for (var i = 0; i < key.Length; i++)
        {
            if (key[i] < ' ' || key[i] is '{' or '}' or '[' or ']' or ',' || (key[i] == ':' && key[i + 1] == ' ') || (key[i] == '#' && key[i - 1] == ' '))
            {
                return false;
            }
        }

        return YamlScalar.Resolve(key, null) is ConfigText && !ReservedWords.Contains(key, StringComparer.OrdinalIgnoreCase);
    }
}
