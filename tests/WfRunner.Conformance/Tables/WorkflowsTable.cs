using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;

namespace WfRunner.Conformance.Tables;

/// <summary>Rows of <c>workflows.jsonl</c>: file to zone, config and compiled tasks.</summary>
internal sealed class WorkflowsTable : ITableComparer
{
    public string Table => "workflows";

    public string? Compare(ConfigMap row)
    {
        var name = row.GetStringOr("name", "wf");
        ConfigMap got;
        try
        {
            var path = Path.Combine(RowFiles.Directory, "wf.dig");
            var definition = DigFile.ReadWorkflow(new RowFiles(row, "wf.dig"), path, name);
            got = Describe(definition, WorkflowCompiler.Compile(definition));
        }
        catch (WorkflowException e)
        {
            return CompareError(row, e);
        }

        return row.Has("error")
            ? $"want error {row["error"]}, got {got}"
            : JsonEquality.Same(got, row["out"]!) ? null : $"want {row["out"]}, got {got}";
    }

    private static string? CompareError(ConfigMap row, WorkflowException e)
    {
        if (row.GetStringOrNull("error_message") is not { } want)
        {
            return row.Has("error") ? null : $"want {row["out"]}, got error {e.Message}";
        }

        // A Java type name in front of a message, or inside it, is never reproduced; YAML errors are worded by our own reader.
        want = want[(want.LastIndexOf("Exception: ", StringComparison.Ordinal) is var at and >= 0 ? at + "Exception: ".Length : 0)..];
        return row.GetStringOrNull("error_stage") == "load" || want == e.Message || want.Contains("[reference type", StringComparison.Ordinal)
            ? null
            : $"want error {want}, got error {e.Message}";
    }

    private static ConfigMap Describe(WorkflowDefinition definition, IReadOnlyList<CompiledTask> tasks) => ConfigMap.Of(
        ("timezone", definition.TimeZone.Id),
        ("config", definition.Config),
        ("tasks", new ConfigList(tasks.Select(t => ConfigMap.Of(
            ("index", t.Index),
            ("name", t.Name),
            ("full_name", t.FullName),
            ("parent", t.ParentIndex is { } parent ? (ConfigValue)(long)parent : ConfigNull.Instance),
            ("upstreams", new ConfigList(t.Upstreams.Select(u => (ConfigValue)(long)u))),
            ("group", t.IsGroup),
            ("config", t.Config))))));
}
