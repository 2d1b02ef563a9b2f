using System.Net.Http.Headers;
using System.Text.Json;
using WfRunner.Core.Config;
using WfRunner.Core.Dig.Yaml;
using WfRunner.Core.Operators;
using WfRunner.Operators.Control;

namespace WfRunner.Operators.Http;

/// <summary>
/// <c>http_call&gt;</c>: fetches a workflow and runs its tasks here. Digdag behaviour: operators-core 9.4. Better than Digdag: no
/// file <c>http_call.dig</c> is written, so none of the user's is lost and parallel tasks do not race.
/// </summary>
public sealed class HttpCallOperator : IOperator
{
    private const string Name = "http_call";

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        Name,
        "Fetches a workflow over HTTP and runs its tasks.",
        new OperatorParameter("_command", ParameterType.Text, "Address of the workflow.", Required: true) { ResolvesSecrets = true },
        [
            .. HttpParameters.Shared,
            new OperatorParameter("content_type_override", ParameterType.Text, "Media type to take the answer for."),
        ]);

    /// <inheritdoc/>
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var run = new HttpRun(request, context);
        return run.RunAsync(secretUri: false, answer => Call(answer, run, request, context), cancellationToken);
    }

    private static OperatorOutcome.Succeeded Call(HttpAnswer answer, HttpRun run, OperatorRequest request, IOperatorContext context)
    {
        var given = run.Options.GetStringOrNull("content_type_override");
        var text = answer.Text(given is null ? answer.Charset : CharsetOf(given));
        if (text.Length > run.Settings.LargestDefinition)
        {
            throw new TaskFailedException($"Response content too large: {text.Length} > {run.Settings.LargestDefinition}");
        }

        var yaml = ToYaml(text, given ?? answer.ContentType);
        context.Log.Info($"Fetched definition for http_call>:\n{yaml}");
        var called = CalledWorkflow.FromText(Name, yaml, Workspace.Of(request, context), context);
        return new OperatorOutcome.Succeeded(new TaskResult { SubtaskConfig = called.Tasks });
    }

    private static string ToYaml(string text, string? type)
    {
        if (string.IsNullOrWhiteSpace(type))
        {
            throw new TaskFailedException("Content-Type must be set in the HTTP response but not set");
        }

        switch (type.Split(';')[0].Trim().ToLowerInvariant())
        {
            case "application/json":
                return YamlWriter.Write(ParseJson(text));
            case "application/x-yaml":
                return text;
            default:
                throw new TaskFailedException($"Unsupported Content-Type (expected application/json or application/x-yaml): {type}");
        }
    }

    private static ConfigMap ParseJson(string text)
    {
        try
        {
            return ConfigJson.Parse(text) as ConfigMap ?? throw new TaskFailedException("Failed to parse response as JSON: it is no object");
        }
        catch (JsonException e)
        {
            throw new TaskFailedException($"Failed to parse response as JSON: {e.Message}", null, e);
        }
    }

    private static string? CharsetOf(string type) =>
        MediaTypeHeaderValue.TryParse(type, out var parsed) ? parsed.CharSet?.Trim('"') : null;
}
