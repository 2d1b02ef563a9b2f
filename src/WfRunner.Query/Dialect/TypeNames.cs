using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Types in Presto's spelling: <c>array(T)</c> becomes <c>T[]</c>, at any depth.</summary>
internal static class TypeNames
{
    public static bool NeedsRewrite(IReadOnlyList<SqlNode> type) =>
        type.Any(n => n.IsWord("array") || (n is SqlGroup group && NeedsRewrite(group.Children)));

    public static List<SqlNode> Rewrite(IReadOnlyList<SqlNode> type)
    {
        var result = new List<SqlNode>();
        for (var i = 0; i < type.Count; i++)
        {
            var open = SqlTree.Next(type, i + 1);
            if (type[i].IsWord("array") && SqlTree.At(type, open) is SqlGroup { Open.Text: "(" } element)
            {
                result.AddRange(Rewrite(element.Children));
                result.Add(SqlLeaf.Generated("[]", type[i].Offset));
                i = open;
            }
            else
            {
                result.Add(type[i] is SqlGroup group ? group.With(Rewrite(group.Children)) : type[i]);
            }
        }

        return result;
    }
}
