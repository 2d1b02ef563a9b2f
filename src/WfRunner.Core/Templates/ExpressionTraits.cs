using System.Collections.Frozen;
using Acornima;
using Acornima.Ast;

namespace WfRunner.Core.Templates;

/// <summary>
/// What can be said about expressions without running them. An engine may serve another text only when the expressions it ran
/// can neither have changed an object that outlives them nor read what others left: nothing is assigned, only well-known
/// functions are called, and no way leads to constructors, prototypes or the global object. Whatever is not known to be
/// harmless gets an engine of its own.
/// </summary>
/// <param name="IsHarmless">Whether an engine can be shared with other texts.</param>
/// <param name="Names">The names that may refer to parameters; null when any may be reached, for example through <c>this</c>.</param>
internal sealed record ExpressionTraits(bool IsHarmless, FrozenSet<string>? Names)
{
    private static readonly FrozenSet<string> HarmlessFunctions = FrozenSet.Create(
        StringComparer.Ordinal,
        "moment", "parseInt", "parseFloat", "isNaN", "isFinite", "encodeURIComponent", "decodeURIComponent", "encodeURI", "decodeURI",
        "escape", "unescape", "String", "Number", "Boolean", "Date", "Array");

    private static readonly FrozenSet<string> HarmlessMethods = FrozenSet.Create(
        StringComparer.Ordinal,
        "charAt", "charCodeAt", "codePointAt", "concat", "contains", "endsWith", "equals", "equalsIgnoreCase", "compareTo",
        "compareToIgnoreCase", "includes", "indexOf", "isBlank", "isEmpty", "lastIndexOf", "localeCompare", "match", "matches", "padEnd",
        "padStart", "repeat", "replace", "replaceAll", "replaceFirst", "search", "slice", "split", "startsWith", "strip", "substr",
        "substring", "toLowerCase", "toUpperCase", "trim", "trimEnd", "trimLeft", "trimRight", "trimStart", "hashCode", "toString",
        "valueOf", "join", "map", "filter", "reduce", "reduceRight", "every", "some", "find", "findIndex", "forEach", "flat", "at",
        "keys", "values", "entries", "isArray", "hasOwnProperty", "stringify", "parse", "toFixed", "toPrecision", "toExponential",
        "abs", "ceil", "floor", "round", "trunc", "sign", "sqrt", "pow", "min", "max", "log", "exp", "fromCharCode", "test",
        "format", "add", "subtract", "startOf", "endOf", "utc", "local", "unix", "toISOString", "toDate", "toArray", "toObject", "toJSON",
        "year", "month", "date", "day", "hour", "minute", "second", "millisecond", "years", "months", "dates", "days", "hours",
        "minutes", "seconds", "milliseconds", "week", "weeks", "isoWeek", "isoWeeks", "weekday", "isoWeekday", "weekYear",
        "isoWeekYear", "quarter", "dayOfYear", "daysInMonth", "diff", "isBefore", "isAfter", "isSame", "isSameOrBefore",
        "isSameOrAfter", "isBetween", "isValid", "isLeapYear", "isDST", "isUTC", "isLocal", "clone", "utcOffset", "parseZone",
        "duration", "humanize", "asYears", "asMonths", "asWeeks", "asDays", "asHours", "asMinutes", "asSeconds", "asMilliseconds",
        "from", "fromNow", "to", "toNow", "calendar", "getTime", "getFullYear", "getMonth", "getDate", "getDay", "getHours",
        "getMinutes", "getSeconds", "getMilliseconds", "getUTCFullYear", "getUTCMonth", "getUTCDate", "getUTCDay", "getUTCHours",
        "getUTCMinutes", "getUTCSeconds", "getTimezoneOffset", "toUTCString", "toDateString", "UTC", "now");

    // Ways to objects that all texts of an engine share, or to code made from text.
    private static readonly FrozenSet<string> Doors = FrozenSet.Create(
        StringComparer.Ordinal,
        "eval", "Function", "globalThis", "template", "RegExp", "Reflect", "Proxy", "Symbol", "constructor", "prototype", "__proto__",
        "caller", "callee", "arguments");

    // Names inside these can mean anything.
    private static readonly FrozenSet<string> DoorsToAllNames = FrozenSet.Create(StringComparer.Ordinal, "eval", "Function", "template", "constructor");

    public static ExpressionTraits Of(IEnumerable<Node> trees)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var harmless = true;
        var anyName = false;
        var pending = new Stack<Node>(trees);
        while (pending.TryPop(out var node))
        {
            if (node is Identifier { Name: var name })
            {
                names.Add(name);
                anyName |= DoorsToAllNames.Contains(name);
            }

            anyName |= node is ThisExpression or MemberExpression { Computed: true };
            harmless = harmless && IsHarmlessNode(node);
            foreach (var child in node.ChildNodes)
            {
                pending.Push(child);
            }
        }

        return new ExpressionTraits(harmless, anyName ? null : names.ToFrozenSet(StringComparer.Ordinal));
    }

    private static bool IsHarmlessNode(Node node) => node switch
    {
        Identifier id => !Doors.Contains(id.Name),
        CallExpression call => call.Callee switch
        {
            Identifier function => HarmlessFunctions.Contains(function.Name),
            MemberExpression { Computed: false, Property: Identifier method } => HarmlessMethods.Contains(method.Name),
            FunctionExpression => true,
            _ => false,
        },
        NewExpression creation => creation.Callee is Identifier { Name: "Date" or "Array" },
        MemberExpression { Computed: true } member => member.Property is NumericLiteral || (member.Property is StringLiteral key && !Doors.Contains(key.Value)),
        Program or ExpressionStatement or Literal or MemberExpression or BinaryExpression or ConditionalExpression or ArrayExpression
            or ObjectExpression or ObjectProperty or SequenceExpression or ParenthesizedExpression or TemplateLiteral or TemplateElement or ChainExpression => true,
        UnaryExpression unary => unary.Operator != Operator.Delete,
        FunctionExpression function => !function.Async && !function.Generator,
        ArrowFunctionExpression function => !function.Async,
        FunctionBody or BlockStatement or ReturnStatement or IfStatement or VariableDeclaration or VariableDeclarator => true,
        _ => false,
    };
}
