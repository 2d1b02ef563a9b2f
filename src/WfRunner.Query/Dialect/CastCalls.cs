using System.Globalization;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// <c>CAST</c> and <c>TRY_CAST</c> as Presto does them (operators-td 22.2): times as text have milliseconds, fractions are rounded half
/// up, a text with a fraction is no integer, <c>varchar(n)</c> cuts, a text becomes a JSON text.
/// </summary>
internal sealed class CastCalls(DialectSettings settings)
{
    public void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules)
    {
        rules["cast"] = Cast;
        rules["try_cast"] = Cast;
    }

    private List<SqlNode>? Cast(SqlCall call)
    {
        var nodes = call.Group.Children;
        var at = nodes.FindLastIndex(n => n.IsWord("AS"));
        if (at <= 0)
        {
            return null;
        }

        var value = nodes[..at];
        var type = nodes[(at + 1)..];
        return Special(call, value, SqlTree.Significant(type)) ?? (TypeNames.NeedsRewrite(type)
            ? [SqlLeaf.Generated(call.Name, call.Offset), call.Group.With([.. nodes[..(at + 1)], .. TypeNames.Rewrite(type)])]
            : null);
    }

    private List<SqlNode>? Special(SqlCall call, List<SqlNode> value, List<SqlNode> type)
    {
        // NULL has no type that a macro could choose by.
        if (settings.KeepsCasts || type.Count is 0 or > 2 || type[0] is not SqlLeaf { Token: var name } || SqlConstant.Of(value) is { IsNull: true })
        {
            return null;
        }

        return (name.Text.ToLowerInvariant(), type.Count == 2 ? Length(type[1]) : null, type.Count) switch
        {
            ("varchar", null, 1) => Fill("wf_varchar({0})"),
            ("varchar", { } length, 2) => Fill(string.Create(CultureInfo.InvariantCulture, $"left(wf_varchar({{0}}), {length})")),
            ("char", { } length, 2) => Fill(string.Create(CultureInfo.InvariantCulture, $"rpad(wf_varchar({{0}}), {length}, ' ')")),
            ("boolean", null, 1) => Fill($"{call.Name}(wf_boolean({{0}}) AS BOOLEAN)"),
            ("json", null, 1) => Fill("wf_json({0})"),
            ("bigint" or "integer" or "int" or "smallint" or "tinyint", null, 1) when settings.Engine == QueryEngine.Presto =>
                Fill($"{call.Name}(wf_integer({{0}}) AS {name.Text})"),
            _ => null,
        };

        List<SqlNode> Fill(string template) => SqlTemplate.Fill(template, call.Offset, value);
    }

    private static int? Length(SqlNode node) => node is SqlGroup { Open.Text: "(" } group && SqlTree.Significant(group.Children) is [SqlLeaf { Token: var number }]
        && int.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        ? length
        : null;
}
