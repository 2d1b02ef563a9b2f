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
            return !row.Has("error") ? $"want {row["out"]}, got error {e.Message}"
                : SyntaxProblem(row) is { } problem && !e.Message.Contains(problem, StringComparison.Ordinal)
                    ? $"want error {problem}, got error {e.Message}"
                    : null;
        }

        return row.Has("error")
            ? $"want error {row["error"]}, got {got}"
            : JsonEquality.Same(got, row["out"]!) ? null : $"want {row["out"]}, got {got}";
    }

    // The words of a syntax error; the place and what was being read around it are shown in another form here.
    private static string? SyntaxProblem(ConfigMap row)
    {
        var kind = row["error_class"]?.ToString() ?? string.Empty;
        return kind.Contains("org.yaml.snakeyaml.", StringComparison.Ordinal) || kind.Contains("DuplicateKey", StringComparison.Ordinal)
            ? ((ConfigText)row["error_message"]!).Value.Split('\n').LastOrDefault(line => line.Length > 0 && line[0] != ' ')
            : null;
    }
}
