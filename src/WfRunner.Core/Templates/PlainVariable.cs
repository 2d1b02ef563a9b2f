using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using WfRunner.Core.Config;

namespace WfRunner.Core.Templates;

/// <summary>
/// Answers expressions such as <c>name</c> and <c>td.database</c> without JavaScript, where the answer is certain to be the one
/// JavaScript would give; anything doubtful is left to it.
/// </summary>
internal static class PlainVariable
{
    private const long LargestExactInteger = 1L << 53;

    public static bool TryEvaluate(string expression, Func<string, ConfigValue?> scope, [NotNullWhen(true)] out string? text)
    {
        text = null;
        var names = expression.Split('.');
        if (!Array.TrueForAll(names, IsIdentifier) || scope(names[0]) is not { } value || IsReserved(names[0]))
        {
            return false;
        }

        foreach (var name in names.Skip(1))
        {
            // A missing key might be a method of objects; texts and lists have properties of their own.
            if (value is not ConfigMap map || !map.TryGet(name, out var inner) || name == "__proto__")
            {
                return false;
            }

            value = inner;
        }

        text = value switch
        {
            ConfigText t => t.Value,
            ConfigNull => string.Empty,
            ConfigBoolean b => b.Value ? "true" : "false",
            ConfigInteger i when i.Value >= -LargestExactInteger && i.Value <= LargestExactInteger => i.Value.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
        return text is not null;
    }

    private static bool IsIdentifier(string name) =>
        name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] is '_' or '$') && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');

    private static bool IsReserved(string name) => name is
        "break" or "case" or "catch" or "class" or "const" or "continue" or "debugger" or "default" or "delete" or "do" or "else" or "enum"
        or "export" or "extends" or "false" or "finally" or "for" or "function" or "if" or "import" or "in" or "instanceof" or "new" or "null"
        or "return" or "super" or "switch" or "this" or "throw" or "true" or "try" or "typeof" or "var" or "void" or "while" or "with"
        or "let" or "static" or "yield" or "await" or "arguments" or "eval";
}
