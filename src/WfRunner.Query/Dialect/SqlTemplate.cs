using System.Globalization;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Builds SQL from a template such as <c>CASE WHEN {0} THEN {1} END</c>; what is inserted keeps its places in the source.</summary>
internal static class SqlTemplate
{
    public static List<SqlNode> Fill(string template, int offset, params IReadOnlyList<IReadOnlyList<SqlNode>> arguments)
    {
        var nodes = new List<SqlNode>();
        var at = 0;
        while (template.IndexOf('{', at) is var open and >= 0)
        {
            var close = template.IndexOf('}', open);
            Literal(template[at..open]);
            nodes.AddRange(arguments[int.Parse(template.AsSpan(open + 1, close - open - 1), CultureInfo.InvariantCulture)]);
            at = close + 1;
        }

        Literal(template[at..]);
        return nodes;

        void Literal(string text)
        {
            if (text.Length > 0)
            {
                nodes.Add(SqlLeaf.Generated(text, offset));
            }
        }
    }
}
