using System.Globalization;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Scripting;

namespace WfRunner.Operators.Plugins;

/// <summary>
/// An operator that is a program: it gets the task as JSON on its standard input and answers as JSON on its standard output; what it
/// writes to standard error is the task's output. docs/plugins.md describes both.
/// </summary>
internal sealed class PluginOperator : IOperator
{
    private const int MaximumAnswer = 16 * 1024 * 1024;

    private readonly string _file;

    public PluginOperator(string name, string file)
    {
        _file = file;
        Description = Describe(name);
    }

    public OperatorDescription Description { get; }

    /// <summary>What is known of a plugin without calling it.</summary>
    public static OperatorDescription Describe(string name) => new(
        name,
        $"A plugin: the program {PluginOperators.Prefix}{name}.",
        new OperatorParameter("_command", ParameterType.Any, "What the program takes it for."),
        [new OperatorParameter("_env", ParameterType.Map, "Environment variables of the program.") { ResolvesSecrets = true }])
    {
        TakesAnyParameter = true,
        StoresAnyParameter = true,
    };

    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken) =>
        await CallAsync("run", request, context, cancellationToken).ConfigureAwait(false) switch
        {
            PluginAnswer.Success s => new OperatorOutcome.Succeeded(s.Result),
            PluginAnswer.Retry r => new OperatorOutcome.Polling(r.After, r.State),
            PluginAnswer.Error e => throw new TaskFailedException(e.Message, e.Properties),
            var other => throw new InvalidOperationException($"unknown answer {other}"),
        };

    /// <summary>Calls the program once more if it has left something behind that it would have come back to.</summary>
    public async Task CleanUpAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.StateParams.Count > 0)
        {
            await CallAsync("cleanup", request, context, cancellationToken).ConfigureAwait(false);
        }
    }

    // A program that needs secrets says which, and is called again with them: it gets no other, and none on a command line.
    private async Task<PluginAnswer> CallAsync(
        string action, OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        var secrets = ConfigMap.Empty;
        while (true)
        {
            var answer = await AskAsync(PluginRequest.Write(action, request, context, secrets), request, context, cancellationToken).ConfigureAwait(false);
            if (answer is not PluginAnswer.Secrets wish)
            {
                return answer;
            }

            var missing = wish.Keys.Where(k => !secrets.Has(k)).ToList();
            if (missing.Count == 0)
            {
                throw new TaskFailedException($"{Name} asks again for secrets that it was given: {string.Join(", ", wish.Keys)}");
            }

            foreach (var key in missing)
            {
                secrets = secrets.With(key, SecretOf(key, context) is { } value ? ConfigValue.FromString(value) : ConfigNull.Instance);
            }
        }
    }

    private string Name => PluginOperators.Prefix + Description.Name;

    private string? SecretOf(string key, IOperatorContext context) => key.StartsWith(Description.Name + ".", StringComparison.Ordinal)
        ? context.Secrets.Find(key)
        : throw new TaskFailedException($"{Name} asks for the secret '{key}'; a plugin may only read secrets whose key begins with '{Description.Name}.'");

    private async Task<PluginAnswer> AskAsync(
        ReadOnlyMemory<byte> question, OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        var answer = new Answer(MaximumAnswer);
        var options = CommandExecutor.OptionsOf(context.SystemConfig) with { Input = question, Answer = answer };
        int code;
        try
        {
            code = await CommandProcess.RunAsync(
                [_file],
                Workspace.Of(request, context).WorkingDirectory,
                CommandEnvironment.Own(request, context),
                context.Output,
                options,
                cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new TaskFailedException($"{Name} failed: {e.Message}", null, e);
        }

        if (code == 0)
        {
            return PluginAnswer.Parse(answer.Bytes, Name);
        }

        var said = PluginAnswer.TryParse(answer.Bytes) as PluginAnswer.Error;
        return new PluginAnswer.Error(
            said?.Message ?? string.Create(CultureInfo.InvariantCulture, $"{Name} failed with code {code}"), said?.Properties ?? ConfigMap.Empty);
    }
}
