using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.ParameterServer;

/// <summary><c>param_set&gt;</c>: keeps values on the parameter server for later sessions. Digdag behaviour: operators-core 11.</summary>
public sealed class ParamSetOperator : IOperator
{
    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "param_set",
        "Keeps values on the parameter server.",
        new OperatorParameter("_command", ParameterType.Any, "Nothing."),
        [])
    {
        TakesAnyParameter = true,
    };

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var store = await ParameterServers.OpenAsync(context.SystemConfig, cancellationToken).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            var values = ParameterKeys.Of(request)
                .Where(e => !e.Value.IsNull)
                .Select(e => new KeyValuePair<string, string>(e.Key, ConfigAccess.AsString(e.Key, e.Value)))
                .ToList();
            await store.SetAsync(request.Attempt.SiteId, values, cancellationToken).ConfigureAwait(false);
        }

        return OperatorOutcome.Done;
    }
}
