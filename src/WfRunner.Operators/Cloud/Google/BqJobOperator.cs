using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Cloud.Google;

/// <summary>What <c>bq&gt;</c>, <c>bq_load&gt;</c> and <c>bq_extract&gt;</c> have in common: each is one job. Digdag behaviour: operators-cloud 7.1.</summary>
public abstract class BqJobOperator : IOperator
{
    private protected BqJobOperator(OperatorDescription description) => Description = description with { Stores = ["bq"] };

    /// <inheritdoc/>
    public OperatorDescription Description { get; }

    /// <summary>Parameters that all jobs declare.</summary>
    private protected static OperatorParameter[] Shared { get; } =
    [
        new("dataset", ParameterType.Text, "Dataset of tables that are named without one: [PROJECT:]DATASET."),
        new("location", ParameterType.Text, "Where the job runs, for example EU or asia-northeast1."),
    ];

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var options = OptionsOf(request);
        using var bigQuery = GoogleServices.OpenBigQuery(context);
        var configuration = await ConfigureAsync(request, options, bigQuery.Project, context, cancellationToken).ConfigureAwait(false);
        return BqJob.WithoutId(request) is { } first
            ? first
            : await new BqJob(request, context, options.GetStringOrNull("location")).RunAsync(bigQuery, configuration, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task CleanUpAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        return BqJob.CancelAsync(request, context, OptionsOf(request).GetStringOrNull("location"), cancellationToken);
    }

    /// <summary>Says what the job does.</summary>
    private protected abstract ValueTask<ConfigMap> ConfigureAsync(
        OperatorRequest request, ConfigMap options, string project, IOperatorContext context, CancellationToken cancellationToken);

    private protected static ConfigMap? Table(ConfigMap options, string key, string project) => options.GetStringOrNull(key) is { } name
        ? BqReference.Table(name, options.GetStringOrNull("dataset"), project)
        : null;

    // One text, a list, or JSON of a list.
    private protected static ConfigList Addresses(ConfigMap options, string key) => options[key] switch
    {
        ConfigText text when !text.Value.TrimStart().StartsWith('[') => new ConfigList([text]),
        ConfigText => BqFields.TextList(key, new ConfigList(options.ParseList(key))),
        _ => BqFields.TextList(key, new ConfigList(options.GetList(key))),
    };

    private static ConfigMap OptionsOf(OperatorRequest request) => request.Config.MergeDefault(request.Config.GetMapOrEmpty("bq"));
}
