using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Http;

/// <summary><c>http&gt;</c>: sends a request and stores its status, on demand also its content. Digdag behaviour: operators-core 9.</summary>
public sealed class HttpOperator : IOperator
{
    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "http",
        "Sends an HTTP request.",
        new OperatorParameter("_command", ParameterType.Text, "Address; the secret http.uri takes its place.") { ResolvesSecrets = true },
        [
            .. HttpParameters.Shared,
            new OperatorParameter("store_content", ParameterType.Boolean, "Stores the answer's text as http.last_content."),
        ])
    {
        Stores = ["http"],
    };

    /// <inheritdoc/>
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var run = new HttpRun(request, context);
        var stores = run.Options.GetBooleanOr("store_content", false);
        return run.RunAsync(secretUri: true, answer => Store(answer, stores, run.Settings), cancellationToken);
    }

    private static OperatorOutcome.Succeeded Store(HttpAnswer answer, bool withContent, HttpSettings settings)
    {
        var result = ConfigMap.Of(("last_status", (long)answer.Status));
        if (withContent)
        {
            var text = answer.Text(answer.Charset);
            result = text.Length <= settings.LargestStoredContent
                ? result.With("last_content", text)
                : throw new TaskFailedException($"Response content too large: {text.Length} > {settings.LargestStoredContent}");
        }

        return new OperatorOutcome.Succeeded(new TaskResult
        {
            ResetStoreParams = ["http.last_status", "http.last_content"],
            StoreParams = ConfigMap.Of(("http", result)),
        });
    }
}
