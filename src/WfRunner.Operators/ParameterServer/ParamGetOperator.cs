using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.ParameterServer;

/// <summary>
/// <c>param_get&gt;</c>: makes parameters of values on the parameter server; what is not there becomes an empty text. Digdag
/// behaviour: operators-core 11.
/// </summary>
public sealed class ParamGetOperator : IOperator
{
    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "param_get",
        "Reads values from the parameter server.",
        new OperatorParameter("_command", ParameterType.Any, "Nothing."),
        [])
    {
        TakesAnyParameter = true,
        StoresAnyParameter = true,
    };

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var store = await ParameterServers.OpenAsync(context.SystemConfig, cancellationToken).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            var names = ParameterKeys.Of(request).Select(e => (e.Key, Destination: ConfigAccess.AsString(e.Key, e.Value))).ToList();
            var found = await store.GetAsync(request.Attempt.SiteId, [.. names.Select(n => n.Key)], cancellationToken).ConfigureAwait(false);
            return new OperatorOutcome.Succeeded(new TaskResult
            {
                StoreParams = ConfigMap.Of(names.Select(n => (n.Destination, ConfigValue.FromString(found.GetValueOrDefault(n.Key, string.Empty))))),
            });
        }
    }
}
