using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.TreasureData;

/// <summary>
/// <c>td_load&gt;</c>: a bulk load, from a configuration or a saved session. Digdag behaviour: operators-td 5; unlike there
/// <c>name</c> and <c>config</c> are read from the task and its section <c>td</c> only, since exports of those names are common.
/// </summary>
public sealed class TdLoadOperator : TdFamilyOperator
{
    /// <summary>Makes the operator.</summary>
    /// <param name="backends">The engines.</param>
    public TdLoadOperator(QueryBackendSelector backends)
        : base(backends)
    {
    }

    /// <inheritdoc/>
    public override OperatorDescription Description { get; } = new(
        "td_load",
        "Loads data into a table of Treasure Data.",
        new OperatorParameter("_command", ParameterType.File, "YAML file (.yml, .yaml) of the load, or name of a saved session.")
        {
            IsTemplate = true,
            FileSuffixes = [".yml", ".yaml"],
        },
        [
            new OperatorParameter("name", ParameterType.Text, "Name of a saved session."),
            new OperatorParameter("config", ParameterType.Map, "The load's configuration: in, out, filters.") { ResolvesSecrets = true },
            new OperatorParameter("table", ParameterType.Text, "Table that is loaded into; not for sessions."),
            .. TdParameters.Connection,
        ])
    {
        Stores = ["td"],
    };

    private protected override async Task<OperatorOutcome> RunAsync(TdTask task, CancellationToken cancellationToken)
    {
        var (session, config) = await InputAsync(task, cancellationToken).ConfigureAwait(false);
        var database = task.Database();
        if (task.LeavesOut("td_load>"))
        {
            return OperatorOutcome.Done;
        }

        if (session is not null)
        {
            return await TdServiceJob.AdvanceAsync(task, database, StartSessionAsync, cancellationToken).ConfigureAwait(false);
        }

        _ = task.Parameters.GetString("table");
        var table = TdOptions.Table("table", task.Parameters["table"]!);
        return await TdServiceJob.AdvanceAsync(task, database, StartLoadAsync, cancellationToken).ConfigureAwait(false);

        async Task<Query.QueryJobId> StartSessionAsync(string domainKey, CancellationToken token)
        {
            var id = await task.Client(database)
                .RunBulkLoadSessionAsync(session, task.Request.Attempt.SessionTime, domainKey, token).ConfigureAwait(false);
            task.Log.Info($"Started bulk load session job name={session}, id={id}");
            return id;
        }

        async Task<Query.QueryJobId> StartLoadAsync(string domainKey, CancellationToken token)
        {
            var resolved = (ConfigMap)SecretTemplate.Replace(config!, task.Context.Secrets);
            var id = await task.Client(database)
                .IssueBulkLoadAsync(table.Database ?? database, table.Table, domainKey, resolved, token).ConfigureAwait(false);
            task.Log.Info($"Started bulk load job id={id}");
            return id;
        }
    }

    private protected override IReadOnlyList<string> Describe(TdTask task)
    {
        var command = task.Parameters.GetStringOrNull("_command");
        var session = command is not null && !IsFile(command) ? command : task.Request.LocalConfig.GetStringOrNull("name");
        return
        [
            task.Outlook("td_load>", session is not null ? $"runs the bulk load session {session}"
                : $"loads what {command ?? "config"} describes into the table {task.Parameters.GetStringOrNull("table") ?? "that it names"}"),
        ];
    }

    private static async Task<(string? Session, ConfigMap? Config)> InputAsync(TdTask task, CancellationToken cancellationToken)
    {
        var command = task.Parameters.GetStringOrNull("_command");
        var section = task.Request.Config.GetMapOrEmpty("td");
        var name = Own("name") is { } named ? ConfigAccess.AsString("name", named) : null;
        var config = Own("config");
        if (name is not null && config is not null)
        {
            throw new ConfigException("The parameters config and name cannot both be set", task.Parameters.KeySpan("config"));
        }

        switch (command, name, config)
        {
            case (null, null, null):
                throw new ConfigException("No parameter is set");
            case (null, null, ConfigMap map):
                return (null, map);
            case (null, null, _):
                throw new ConfigException("Parameter 'config' must be an object", config!.Span);
            case (null, _, null):
                return (name, null);
            case (_, null, null):
                return IsFile(command)
                    ? (null, await ReadAsync(task, command, cancellationToken).ConfigureAwait(false))
                    : (command, null);
            default:
                throw new ConfigException("Only the command or one of the config and name params may be set");
        }

        ConfigValue? Own(string key) => (task.Request.LocalConfig[key] ?? section[key]) is { IsNull: false } value ? value : null;
    }

    private static bool IsFile(string command) =>
        command.EndsWith(".yml", StringComparison.Ordinal) || command.EndsWith(".yaml", StringComparison.Ordinal);

    // The rules of scalars are those of .dig files.
    private static async Task<ConfigMap> ReadAsync(TdTask task, string name, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = (await TdQueryText.ReadFileAsync(task, name, cancellationToken).ConfigureAwait(false)).Text;
        }
        catch (ConfigException e)
        {
            throw new ConfigException("Failed to load bulk load file", e.Span, e);
        }

        try
        {
            return DigFile.ReadConfig(new OneFile(name, text), "/" + name);
        }
        catch (WorkflowException e)
        {
            throw new ConfigException("Failed to parse yaml file", e.Span, e);
        }
    }

    private sealed class OneFile(string name, string text) : IDigFiles
    {
        public byte[]? Read(string path) => path == "/" + name ? Encoding.UTF8.GetBytes(text) : null;

        public string DisplayName(string path) => name;
    }
}
