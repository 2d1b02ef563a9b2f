using WfRunner.Core.Config;

namespace WfRunner.Operators.Tests.TreasureData.Remote;

/// <summary>The course of a job.</summary>
internal sealed record TdServerJob
{
    /// <summary>Answers of successive questions; the last one repeats.</summary>
    public string[] Statuses { get; init; } = ["success"];

    /// <summary>The columns as JSON; null for none.</summary>
    public string? Schema { get; init; }

    /// <summary>The rows as JSON; null for no result.</summary>
    public string? Rows { get; init; }

    public long Records { get; init; }

    public string Output { get; init; } = string.Empty;

    public string Errors { get; init; } = string.Empty;

    public ConfigMap Show(string id) => ConfigMap.Of(
        ("job_id", id),
        ("query", "q"),
        ("num_records", Records),
        ("hive_result_schema", Schema is null ? ConfigNull.Instance : new ConfigText(Schema)),
        ("debug", ConfigMap.Of(("cmdout", Output), ("stderr", Errors))));
}
