using System.Collections.Concurrent;
using Acornima;
using Acornima.Ast;

namespace WfRunner.Core.Templates;

/// <summary>What a text with templates needs, found without evaluating it.</summary>
/// <param name="Uses">Each name that an expression needs, with the expression's number; local names and guarded ones excepted.</param>
/// <param name="Expressions">The expressions from left to right.</param>
/// <param name="IsUnfinished">Whether a <c>${</c> is never closed.</param>
/// <param name="SyntaxError">Why the first broken expression is none, with its number; null when all are sound.</param>
internal sealed record TemplateNames(
    IReadOnlyList<(string Name, int Expression)> Uses,
    IReadOnlyList<string> Expressions,
    bool IsUnfinished,
    (string Reason, int Expression)? SyntaxError)
{
    private const int Kept = 20_000;

    private static readonly ConcurrentDictionary<string, TemplateNames> Known = new(StringComparer.Ordinal);

    private static readonly ParserOptions Options = new() { Tolerant = false };

    /// <summary>Looks at a text.</summary>
    /// <param name="text">The text.</param>
    public static TemplateNames Of(string text)
    {
        if (Known.TryGetValue(text, out var names))
        {
            return names;
        }

        names = Find(TemplateText.Parse(text));
        return Known.Count < Kept ? Known.GetOrAdd(text, names) : names;
    }

    private static TemplateNames Find(TemplateText template)
    {
        var uses = new List<(string, int)>();
        var found = new ExpressionNames();
        for (var i = 0; i < template.Expressions.Count; i++)
        {
            var expression = template.Expressions[i];
            if (PlainVariable.RootOf(expression) is { } root)
            {
                uses.Add((root, i));
                continue;
            }

            try
            {
                var tree = new Parser(Options).ParseScript("(" + expression + ")");
                uses.AddRange(found.Collect(tree).Select(name => (name, i)));
            }
            catch (ParseErrorException e)
            {
                return new TemplateNames([], template.Expressions, template.IsUnfinished, (e.Description ?? e.Message, i));
            }
        }

        return new TemplateNames(
            [.. uses.Where(u => !found.Declared.Contains(u.Item1))], template.Expressions, template.IsUnfinished, null);
    }

    // Names that expressions of one text declare, assign or ask for with typeof: they need no definition from outside.
    private sealed class ExpressionNames
    {
        public HashSet<string> Declared { get; } = new(StringComparer.Ordinal);

        public IReadOnlyList<string> Collect(Node tree)
        {
            var used = new List<string>();
            var pending = new Stack<Node>();
            pending.Push(tree);
            while (pending.TryPop(out var node))
            {
                Declare(node);
                switch (node)
                {
                    case Identifier { Name: var name }:
                        if (!JavaScriptNames.IsGlobal(name))
                        {
                            used.Add(name);
                        }

                        break;
                    case MemberExpression { Computed: false } member:
                        pending.Push(member.Object);
                        break;
                    case Property { Computed: false } property:
                        pending.Push(property.Value);
                        break;
                    case LabeledStatement labeled:
                        pending.Push(labeled.Body);
                        break;
                    case BreakStatement or ContinueStatement:
                        break;
                    default:
                        foreach (var child in node.ChildNodes)
                        {
                            pending.Push(child);
                        }

                        break;
                }
            }

            used.Reverse();
            return used;
        }

        private void Declare(Node node)
        {
            switch (node)
            {
                case IFunction function:
                    foreach (var parameter in function.Params)
                    {
                        DeclarePattern(parameter);
                    }

                    if (function.Id is { } own)
                    {
                        Declared.Add(own.Name);
                    }

                    break;
                case VariableDeclarator declarator:
                    DeclarePattern(declarator.Id);
                    break;
                case CatchClause { Param: { } caught }:
                    DeclarePattern(caught);
                    break;
                case AssignmentExpression { Operator: Operator.Assignment, Left: Identifier assigned }:
                    Declared.Add(assigned.Name);
                    break;
                case UnaryExpression { Operator: Operator.TypeOf, Argument: Identifier asked }:
                    Declared.Add(asked.Name);
                    break;
                default:
                    break;
            }
        }

        private void DeclarePattern(Node pattern)
        {
            if (pattern is Identifier { Name: var name })
            {
                Declared.Add(name);
                return;
            }

            foreach (var child in pattern.ChildNodes)
            {
                DeclarePattern(child);
            }
        }
    }
}
