using System.Globalization;
using NodaTime;
using NodaTime.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData.Jobs;
using WfRunner.Operators.TreasureData.Results;
using WfRunner.Query;
using WfRunner.Query.Backends.TreasureData;

namespace WfRunner.Operators.TreasureData;

/// <summary>
/// <c>td_run&gt;</c>: runs a saved query. Digdag behaviour: operators-td 3; unlike there a name of digits that does not exist is tried
/// as a number. On other engines <c>saved_queries</c> names the file of a query.
/// </summary>
public sealed class TdRunOperator : TdFamilyOperator
{
    private static readonly InstantPattern LogPattern = InstantPattern.ExtendedIso;

    /// <summary>Makes the operator.</summary>
    /// <param name="backends">The engines.</param>
    public TdRunOperator(QueryBackendSelector backends)
        : base(backends)
    {
    }

    /// <inheritdoc/>
    public override OperatorDescription Description { get; } = new(
        "td_run",
        "Runs a query that is saved on Treasure Data.",
        new OperatorParameter("_command", ParameterType.Any, "Number or name of the saved query.", Required: true),
        [
            new OperatorParameter("session_time", ParameterType.Text, "Time that the query is run for, with an offset; the session time by default."),
            new OperatorParameter("saved_queries", ParameterType.Map, "Query files by the names of saved queries, for engines other than Treasure Data."),
            new OperatorParameter("engine", ParameterType.Text, "Dialect of such files: presto (default) or hive."),
            .. TdParameters.Result,
            .. TdParameters.Connection,
        ])
    {
        Stores = ["td"],
    };

    private protected override async Task<OperatorOutcome> RunAsync(TdTask task, CancellationToken cancellationToken)
    {
        var command = task.Parameters["_command"];
        if (command is null or ConfigNull)
        {
            _ = task.Parameters.GetString("_command");
        }

        var time = TimeOf(task.Parameters);
        var use = TdResultOptions.Read(task.Parameters, target: null);
        var database = task.Database();
        if (task.IsFirstCall)
        {
            task.Announce();
        }

        var job = new TaskJob(task, "job");
        Func<string, CancellationToken, Task<IQueryJob>> start = task.Backend is TreasureDataBackend
            ? (domainKey, token) => RunSavedAsync(task, database, command!, time, domainKey, token)
            : (_, token) => RunFileAsync(task, database, command!, time, token);
        var step = await job.AdvanceAsync(task.Scope(database), start, cancellationToken).ConfigureAwait(false);
        if (step is JobStep.Waiting waiting)
        {
            return waiting.Outcome;
        }

        var finished = ((JobStep.Finished)step).Job;
        await using (finished.ConfigureAwait(false))
        {
            return await new TdJobResult(task, database, use).UseAsync(finished, cancellationToken).ConfigureAwait(false);
        }
    }

    private protected override async Task<QueryRequest?> QueryOfAsync(TdTask task, CancellationToken cancellationToken)
    {
        if (task.Backend is TreasureDataBackend || FileOf(task) is not { } file)
        {
            return null;
        }

        var query = await TdQueryText.ReadFileAsync(task, file, cancellationToken).ConfigureAwait(false);
        return TdOptions.ReadJob(task.Parameters).Apply(task.Query(task.Database(), query.Text, query.Text, TimeOf(task.Parameters)));
    }

    private protected override IReadOnlyList<string> Describe(TdTask task)
    {
        var command = task.Parameters["_command"];
        var saved = command switch
        {
            ConfigInteger number => $"id={number}",
            ConfigText { Value: var name } => $"name={name}",
            _ => throw new ConfigException($"Invalid saved query reference: {command}", command?.Span),
        };
        var time = LogPattern.Format(TimeOf(task.Parameters));
        return
        [
            task.Backend is TreasureDataBackend ? $"runs the saved query {saved} with time={time}"
                : FileOf(task) is { } file ? $"runs {file} in place of the saved query {saved} with time={time}"
                : $"fails: {NoFile(ConfigAccess.AsString("_command", command!), command!).Message}",
            .. TdResultOptions.Read(task.Parameters, target: null).Describe(),
        ];
    }

    private static string? FileOf(TdTask task) =>
        task.Parameters.GetMapOrEmpty("saved_queries").GetStringOrNull(ConfigAccess.AsString("_command", task.Parameters["_command"]!));

    private static ConfigException NoFile(string name, ConfigValue command) =>
        new($"td_run> needs a Treasure Data account (saved query {name}), or the file of the query under saved_queries", command.Span);

    private static async Task<IQueryJob> RunSavedAsync(
        TdTask task, string database, ConfigValue command, Instant time, string domainKey, CancellationToken cancellationToken)
    {
        var client = task.Client(database);
        QueryJobId id;
        switch (command)
        {
            case ConfigInteger { Value: var number }:
                id = await client.RunSavedQueryAsync((long)number, time, domainKey, cancellationToken).ConfigureAwait(false);
                task.Log.Info($"Started a saved query id={number} with time={LogPattern.Format(time)}, job id={id}");
                break;
            case ConfigText { Value: var name }:
                id = await RunByNameAsync(client, name, time, domainKey, cancellationToken).ConfigureAwait(false);
                task.Log.Info($"Started a saved query name={name} with time={LogPattern.Format(time)}, job id={id}");
                break;
            default:
                throw new ConfigException($"Invalid saved query reference: {command}", command.Span);
        }

        return task.Backend.Attach(id, task.Scope(database));
    }

    // A template always yields text, so that a number arrives as a name.
    private static async Task<QueryJobId> RunByNameAsync(
        TdClient client, string name, Instant time, string domainKey, CancellationToken cancellationToken)
    {
        try
        {
            return await client.RunSavedQueryAsync(name, time, domainKey, cancellationToken).ConfigureAwait(false);
        }
        catch (TdApiException e) when (e.Status == 404 && long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return await client.RunSavedQueryAsync(number, time, domainKey, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<IQueryJob> RunFileAsync(
        TdTask task, string database, ConfigValue command, Instant time, CancellationToken cancellationToken)
    {
        var name = ConfigAccess.AsString("_command", command);
        var file = task.Parameters.GetMapOrEmpty("saved_queries").GetStringOrNull(name) ?? throw NoFile(name, command);
        var options = TdOptions.ReadJob(task.Parameters);
        var query = await TdQueryText.ReadFileAsync(task, file, cancellationToken).ConfigureAwait(false);
        var started = await task.Backend.SubmitAsync(options.Apply(task.Query(database, query.Text, query.Text, time)), cancellationToken).ConfigureAwait(false);
        task.Log.Info($"Started a saved query name={name} with time={LogPattern.Format(time)}, job id={started.Id}");
        return started;
    }

    private static Instant TimeOf(ConfigMap parameters)
    {
        var text = parameters.GetString("session_time");
        foreach (var pattern in (OffsetDateTimePattern[])[OffsetDateTimePattern.ExtendedIso, OffsetDateTimePattern.Rfc3339])
        {
            if (pattern.Parse(text) is { Success: true, Value: var time })
            {
                return time.ToInstant();
            }
        }

        throw ConfigAccess.Mismatch("date and time with an offset", "session_time", parameters["session_time"]!);
    }
}
