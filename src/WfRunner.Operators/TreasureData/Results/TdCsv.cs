using System.Text;
using WfRunner.Core.Config;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData.Results;

/// <summary>Rows as CSV, as <c>download_file</c> and <c>preview</c> write them. Digdag behaviour: operators-td 2.4.</summary>
internal static class TdCsv
{
    public const string RecordEnd = "\r\n";

    public static string Header(IEnumerable<QueryColumn> columns) => string.Join(',', columns.Select(c => Quote(c.Name))) + RecordEnd;

    public static string Row(IEnumerable<ConfigValue> values) => string.Join(',', values.Select(Field)) + RecordEnd;

    private static string Field(ConfigValue value) => value switch
    {
        ConfigNull => string.Empty,
        ConfigText { Value: "" } => "\"\"",
        ConfigText text => Quote(text.Value),
        ConfigFloat number when !double.IsFinite(number.Value) => "null",
        _ => Quote(ConfigJson.Write(value)),
    };

    private static string Quote(string text)
    {
        if (text.AsSpan().IndexOfAny("\",\r\n") < 0)
        {
            return text;
        }

        var builder = new StringBuilder(text);
        builder.Replace("\r\n", "\n").Replace('\r', '\n').Replace("\"", "\"\"");
        return "\"" + builder + "\"";
    }
}
