using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;

namespace WfRunner.Conformance.Tables;

/// <summary>Rows of <c>yaml.jsonl</c>: text to object.</summary>
internal sealed class YamlTable : ITableComparer
{
    public string Table => "yaml";

    public string? Compare(ConfigMap row)
    {
        var files = new RowFiles(row, "wf.dig");
        ConfigMap got;
        try
        {
            got = DigFile.ReadConfig(files, Path.Combine(RowFiles.Directory, "wf.dig"));
        }
        catch (WorkflowException e)
        {
            return row.Has("error") ? null : $"want {row["out"]}, got error {e.Message}";
        }

        return row.Has("error")
            ? $"want error {row["error"]}, got {got}"
            : JsonEquality.Same(got, row["out"]!) ? null : $"want {row["out"]}, got {got}";
    }
}
