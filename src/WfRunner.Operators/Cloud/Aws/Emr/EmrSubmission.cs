using WfRunner.Core.Config;

namespace WfRunner.Operators.Cloud.Aws.Emr;

/// <summary>What was submitted, as the task's state keeps it.</summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Steps">Ids of the steps in their order; of a new cluster, empty until they were asked for.</param>
/// <param name="IsNewCluster">Whether the cluster was started for the task.</param>
/// <param name="EndsItself">Whether that cluster ends with its steps.</param>
internal sealed record EmrSubmission(string Cluster, IReadOnlyList<string> Steps, bool IsNewCluster, bool EndsItself)
{
    /// <summary>Where it stands in the state.</summary>
    public const string Key = "submission";

    private const string Result = "result";

    /// <summary>Reads it.</summary>
    /// <returns>Null when nothing was submitted.</returns>
    public static EmrSubmission? Of(ConfigMap state) => state.GetMapOrEmpty(Key)[Result] is ConfigMap saved
        ? new(
            saved.GetString("cluster_id"),
            [.. saved.GetList("steps").Select(s => ConfigAccess.AsString("steps", s))],
            saved.GetBoolean("new_cluster"),
            saved.GetBoolean("auto_terminate"))
        : null;

    /// <summary>The state with it.</summary>
    public ConfigMap SaveIn(ConfigMap state) => state.With(Key, ConfigMap.Of((Result, ConfigMap.Of(
        ("cluster_id", Cluster),
        ("steps", new ConfigList(Steps.Select(ConfigValue.FromString))),
        ("new_cluster", IsNewCluster),
        ("auto_terminate", EndsItself)))));
}
