using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using WfRunner.Core.Config;

namespace WfRunner.Core.Templates;

/// <summary>
/// Answers expressions such as <c>name</c> and <c>td.database</c> without JavaScript, where the answer is certain to be the one
/// JavaScript would give; anything doubtful is left to it.
/// </summary>
internal static partial class PlainVariable
{
    private const long LargestExactInteger = 1L << 53;

    // Words of the language, and names that do not mean the parameter of that name.
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.Ordinal,
        "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "enum", "export", "extends",
        "false", "finally", "for", "function", "if", "import", "in", "instanceof", "new", "null", "return", "super", "switch", "this",
        "throw", "true", "try", "typeof", "var", "void", "while", "with", "let", "static", "yield", "await", "arguments", "eval", "print",
        "__proto__");

    /// <summary>The parameter that an expression of this form needs; null when it is another expression.</summary>
    public static string? RootOf(string expression)
    {
        if (!Path().IsMatch(expression))
        {
            return null;
        }

        var end = expression.IndexOf('.', StringComparison.Ordinal);
        var root = end < 0 ? expression : expression[..end];
        return Reserved.Contains(root) || JavaScriptNames.IsGlobal(root) ? null : root;
    }

    /// <summary>The text of an expression; null when it needs JavaScript.</summary>
    public static string? Evaluate(string expression, TemplateEvaluator.Overlay scope)
    {
        if (!Path().IsMatch(expression))
        {
            return null;
        }

        var end = expression.IndexOf('.', StringComparison.Ordinal);
        var root = end < 0 ? expression : expression[..end];
        var value = Reserved.Contains(root) ? null : scope.Find(root);
        while (end >= 0 && value is not null)
        {
            var start = end + 1;
            end = expression.IndexOf('.', start);
            value = Member(value, end < 0 ? expression[start..] : expression[start..end]);
        }

        return value is null ? null : Text(value);
    }

    // A missing key might be a method of objects; texts and lists have properties of their own.
    private static ConfigValue? Member(ConfigValue value, string key) => key == "__proto__" ? null : (value as ConfigMap)?[key];

    private static string? Text(ConfigValue value) => value switch
    {
        ConfigText text => text.Value,
        ConfigNull => string.Empty,
        ConfigBoolean b => b.Value ? "true" : "false",
        ConfigInteger i when i.Value >= -LargestExactInteger && i.Value <= LargestExactInteger => i.Value.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    [GeneratedRegex(@"^[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Path();
}
