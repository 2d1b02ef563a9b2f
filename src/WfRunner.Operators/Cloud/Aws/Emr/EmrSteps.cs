using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Cloud.Aws.Emr;

/// <summary>Turns the steps of a task into commands on the cluster, and stages what they need. Digdag behaviour: operators-cloud 3.4.</summary>
internal sealed class EmrSteps(EmrStaging staging, EmrSession session, IOperatorContext context, string tag)
{
    private const string ScriptRunner = "s3://us-east-1.elasticmapreduce/libs/script-runner/script-runner.jar";

    private readonly Dictionary<string, EmrFile> _own = new(StringComparer.Ordinal);

    /// <summary>The steps as EMR takes them.</summary>
    public async Task<ConfigList> CompileAsync(IReadOnlyList<ConfigValue> steps, string defaultAction, CancellationToken cancellationToken)
    {
        var compiled = new List<ConfigValue>();
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i] as ConfigMap ?? throw ConfigAccess.Mismatch("object", "steps", steps[i]);
            var place = string.Create(CultureInfo.InvariantCulture, $"steps/{i + 1}");
            var command = await CommandAsync(step, place, cancellationToken).ConfigureAwait(false);
            var (runner, config) = await StageAsync(command, place, cancellationToken).ConfigureAwait(false);
            compiled.Add(ConfigMap.Of(
                ("Name", $"{command.Name} ({tag})"),
                ("ActionOnFailure", step.GetStringOr("action_on_failure", defaultAction)),
                ("HadoopJarStep", ConfigMap.Of(("Jar", ScriptRunner), ("Args", new ConfigList([runner.Uri, config.Uri]))))));
        }

        return new ConfigList(compiled);
    }

    /// <summary>The bootstrap actions as EMR takes them.</summary>
    public async Task<ConfigList> BootstrapAsync(IReadOnlyList<ConfigValue> actions, CancellationToken cancellationToken)
    {
        var compiled = new List<ConfigValue>();
        for (var i = 0; i < actions.Count; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"bootstrap/{i + 1}");
            var action = actions[i] switch
            {
                ConfigText text => ConfigMap.Of(("path", text)),
                ConfigMap map => map,
                var other => throw new ConfigException($"Invalid bootstrap action: {other}", other.Span),
            };
            var path = action.GetString("path");
            var command = New(action, path[(path.LastIndexOf('/') + 1)..], $"{EmrStaging.LocalFolder}/{place}/wd");
            var script = await staging.AddAsync("path", path, place, isTemplate: false, cancellationToken).ConfigureAwait(false);
            command.Add(command.Bring(script, isExecutable: true));
            await AddCommonAsync(command, action, place, cancellationToken).ConfigureAwait(false);
            var (runner, config) = await StageAsync(command, place, cancellationToken).ConfigureAwait(false);
            compiled.Add(ConfigMap.Of(
                ("Name", command.Name),
                ("ScriptBootstrapAction", ConfigMap.Of(("Path", runner.Uri), ("Args", new ConfigList([config.Uri]))))));
        }

        return new ConfigList(compiled);
    }

    private async Task<(EmrFile Runner, EmrFile Config)> StageAsync(EmrCommand command, string place, CancellationToken cancellationToken) => (
        await OwnAsync("runner.py", cancellationToken).ConfigureAwait(false),
        await staging.AddTextAsync("config.json", ConfigJson.Write(command.ToConfig(session.KmsRegion)), place, cancellationToken).ConfigureAwait(false));

    private async Task<EmrFile> OwnAsync(string name, CancellationToken cancellationToken) => _own.TryGetValue(name, out var known)
        ? known
        : _own[name] = await staging.AddOwnAsync(name, cancellationToken).ConfigureAwait(false);

    private Task<EmrCommand> CommandAsync(ConfigMap step, string place, CancellationToken cancellationToken) => step.GetString("type") switch
    {
        "flink" => FlinkAsync(step, place, cancellationToken),
        "hive" => HiveAsync(step, place, cancellationToken),
        "spark" => SparkAsync(step, place, cancellationToken),
        "spark-sql" => SparkSqlAsync(step, place, cancellationToken),
        "script" => ScriptAsync(step, place, cancellationToken),
        "command" => PlainAsync(step, place, cancellationToken),
        var type => throw new ConfigException($"Unsupported step type: {type}", step["type"]?.Span),
    };

    private async Task<EmrCommand> FlinkAsync(ConfigMap step, string place, CancellationToken cancellationToken)
    {
        var command = NewStep(step, "Flink Application", place);
        var application = await staging.AddAsync("application", step.GetString("application"), place, isTemplate: false, cancellationToken).ConfigureAwait(false);
        var containers = (step.GetInt32OrNull("yarn_containers") ?? 2).ToString(CultureInfo.InvariantCulture);
        command.Add("flink", "run", "-m", "yarn-cluster", "-yn", containers, command.Bring(application));
        command.Add(await ParametersAsync(step, "args", cancellationToken).ConfigureAwait(false));
        return command;
    }

    private async Task<EmrCommand> HiveAsync(ConfigMap step, string place, CancellationToken cancellationToken)
    {
        var command = NewStep(step, "Hive Script", place);
        var script = await staging.AddAsync("script", step.GetString("script"), place, isTemplate: false, cancellationToken).ConfigureAwait(false);
        command.Add("hive-script", "--run-hive-script", "--args", "-f", script.Uri);
        await AddPairsAsync(command, "-d", "vars", step, cancellationToken).ConfigureAwait(false);
        await AddPairsAsync(command, "-hiveconf", "hiveconf", step, cancellationToken).ConfigureAwait(false);
        return command;
    }

    private async Task<EmrCommand> SparkAsync(ConfigMap step, string place, CancellationToken cancellationToken)
    {
        var application = step.GetString("application");
        var isScala = application.EndsWith(".scala", StringComparison.Ordinal);
        var isPython = application.EndsWith(".py", StringComparison.Ordinal);
        var command = NewStep(step, isScala ? "Spark Shell Script" : isPython ? "Spark Py Script" : "Spark Application", place);
        var arguments = Texts(step, "args");
        var mode = step.GetStringOr("deploy_mode", isScala ? "client" : "cluster");
        if (isScala && mode != "client")
        {
            throw new ConfigException($"Only 'client' deploy_mode is supported for Spark shell scala scripts, got: '{mode}'", step["deploy_mode"]?.Span);
        }

        if (isScala && arguments.Count > 0)
        {
            throw new ConfigException(
                $"The 'args' parameter is not supported for Spark shell scala scripts, got: [{string.Join(", ", arguments)}]", step["args"]?.Span);
        }

        command.Add(isScala ? "spark-shell" : "spark-submit", "--deploy-mode", mode);
        command.Add(Plain(Texts(step, "submit_options")));
        await AddFilesAsync(command, "jars", step, place, cancellationToken).ConfigureAwait(false);
        await AddFilesAsync(command, "files", step, place, cancellationToken).ConfigureAwait(false);
        await AddPairsAsync(command, "--conf", "conf", step, cancellationToken).ConfigureAwait(false);
        if (step.GetStringOrNull("class") is { } main)
        {
            command.Add("--class", main);
        }

        var file = command.Bring(
            await staging.AddAsync("application", application, place, isPython || isScala, cancellationToken).ConfigureAwait(false));
        if (isScala)
        {
            command.Add("-i", file, command.Bring(await OwnAsync("exit-helper.scala", cancellationToken).ConfigureAwait(false)));
            return command;
        }

        command.Add(file);
        command.Add(Plain(arguments));
        return command;
    }

    private async Task<EmrCommand> SparkSqlAsync(ConfigMap step, string place, CancellationToken cancellationToken)
    {
        var command = NewStep(step, "Spark Sql", place);
        var query = await staging.AddAsync("query", step.GetString("query"), place, isTemplate: true, cancellationToken).ConfigureAwait(false);
        var result = step.GetString("result");
        if (!result.StartsWith("s3://", StringComparison.Ordinal))
        {
            throw new ConfigException($"Invalid result uri: '{result}'", step["result"]?.Span);
        }

        command.Add("spark-submit", "--deploy-mode", step.GetStringOr("deploy_mode", "cluster"), "--files", command.Bring(query));
        await AddPairsAsync(command, "--conf", "conf", step, cancellationToken).ConfigureAwait(false);
        command.Add(await ParametersAsync(step, "submit_options", cancellationToken).ConfigureAwait(false));
        await AddFilesAsync(command, "jars", step, place, cancellationToken).ConfigureAwait(false);
        command.Add(command.Bring(await OwnAsync("spark-sql-wrapper.py", cancellationToken).ConfigureAwait(false)), query.Name, result);
        return command;
    }

    private async Task<EmrCommand> ScriptAsync(ConfigMap step, string place, CancellationToken cancellationToken)
    {
        var command = NewStep(step, "Script", place);
        var script = await staging.AddAsync("script", step.GetString("script"), place, isTemplate: false, cancellationToken).ConfigureAwait(false);
        command.Add(command.Bring(script, isExecutable: true));
        await AddCommonAsync(command, step, place, cancellationToken).ConfigureAwait(false);
        return command;
    }

    private async Task<EmrCommand> PlainAsync(ConfigMap step, string place, CancellationToken cancellationToken)
    {
        var command = NewStep(step, "Command", place);
        command.Add(step.GetString("command"));
        await AddCommonAsync(command, step, place, cancellationToken).ConfigureAwait(false);
        return command;
    }

    private async Task AddCommonAsync(EmrCommand command, ConfigMap step, string place, CancellationToken cancellationToken)
    {
        command.Add(await ParametersAsync(step, "args", cancellationToken).ConfigureAwait(false));
        foreach (var (name, value, _) in step.GetMapOrEmpty("env"))
        {
            command.Set(name, await ParameterAsync(ConfigAccess.AsString(name, value), cancellationToken).ConfigureAwait(false));
        }

        foreach (var file in Texts(step, "files"))
        {
            command.BringHere(await staging.AddAsync("files", file, place, isTemplate: false, cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task AddFilesAsync(EmrCommand command, string key, ConfigMap step, string place, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        foreach (var file in Texts(step, key))
        {
            paths.Add(command.Bring(await staging.AddAsync(key, file, place, isTemplate: false, cancellationToken).ConfigureAwait(false)));
        }

        if (paths.Count > 0)
        {
            command.Add($"--{key}", string.Join(',', paths));
        }
    }

    // An object, or a list of objects whose order counts.
    private async Task AddPairsAsync(EmrCommand command, string option, string key, ConfigMap step, CancellationToken cancellationToken)
    {
        IEnumerable<ConfigValue> maps = step[key] switch
        {
            null or ConfigNull => [],
            ConfigList list => list.Items,
            var one => [one],
        };
        foreach (var (name, value, _) in maps.SelectMany(m => m as ConfigMap ?? throw ConfigAccess.Mismatch("object", key, m)))
        {
            command.Add(option, await ParameterAsync($"{name}={ConfigAccess.AsString(name, value)}", cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task<List<EmrParameter>> ParametersAsync(ConfigMap step, string key, CancellationToken cancellationToken)
    {
        var parameters = new List<EmrParameter>();
        foreach (var text in Texts(step, key))
        {
            parameters.Add(await ParameterAsync(text, cancellationToken).ConfigureAwait(false));
        }

        return parameters;
    }

    // What a secret is part of is encrypted as a whole.
    private async Task<EmrParameter> ParameterAsync(string text, CancellationToken cancellationToken) =>
        SecretTemplate.Replace(text, context.Secrets) is var resolved && resolved == text
            ? text
            : new EmrParameter(true, await session.EncryptAsync(resolved, cancellationToken).ConfigureAwait(false));

    private EmrCommand NewStep(ConfigMap step, string name, string place) => New(step, name, $"{EmrStaging.LocalFolder}/{tag}/{place}/wd");

    private static EmrCommand New(ConfigMap step, string name, string workingDirectory) => new(step.GetStringOr("name", name), workingDirectory);

    private static IEnumerable<EmrParameter> Plain(IEnumerable<string> texts) => texts.Select(t => (EmrParameter)t);

    private static List<string> Texts(ConfigMap step, string key) => step[key] is null or ConfigNull
        ? []
        : [.. step.ParseList(key).Select(v => ConfigAccess.AsString(key, v))];
}
