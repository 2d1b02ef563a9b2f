using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Query;
using WfRunner.Query.Backends.TreasureData;

namespace WfRunner.Operators.TreasureData;

/// <summary>One call of an operator of the family: its parameters with the section <c>td</c> below them, its engine, its state.</summary>
internal sealed class TdTask
{
    /// <summary>Key of the system configuration that makes tasks show their SQL and do nothing.</summary>
    public const string ExplainKey = "query.explain";

    private const string RetryCount = "retry_count";
    private const string StateOfRetry = "state_of_retry";
    private const string SkipExternalEffects = "query.skip_external_effects";

    private TdTask(OperatorRequest request, IOperatorContext context, QueryBackendSelector backends)
    {
        Request = request;
        Context = context;
        Parameters = TdOptions.Merged(request);
        Settings = new BackendSettings(Parameters, context.Secrets, context.SystemConfig);
        Backend = backends.Select(request, context, Settings);
        State = StateOf(request);
    }

    public OperatorRequest Request { get; }

    public IOperatorContext Context { get; }

    /// <summary>All parameters, with those of the section <c>td</c> where the task does not say otherwise.</summary>
    public ConfigMap Parameters { get; }

    public BackendSettings Settings { get; }

    public IQueryBackend Backend { get; }

    /// <summary>What was saved by the last call; changed by every step of this one.</summary>
    public ConfigMap State { get; set; }

    /// <summary>Whether the task only shows its SQL.</summary>
    public bool IsExplaining => Context.SystemConfig.GetValueOrDefault(ExplainKey) == "true";

    public ITaskLog Log => Context.Log;

    /// <summary>Whether this is the task's first call, so that it says where it runs.</summary>
    public bool IsFirstCall => Request.RetryCount == 0;

    public static TdTask Open(OperatorRequest request, IOperatorContext context, QueryBackendSelector backends) => new(request, context, backends);

    public Workspace Workspace() => Operators.Workspace.Of(Request, Context);

    /// <summary>The database, from the secret or the parameters.</summary>
    /// <exception cref="ConfigException">There is none.</exception>
    public string Database()
    {
        var database = (Context.Secrets.Find("td.database") ?? Parameters.GetString("database")).Trim();
        return database.Length > 0
            ? database
            : throw new ConfigException("Parameter 'database' is empty", Parameters.KeySpan("database"));
    }

    /// <summary>The surroundings of queries.</summary>
    /// <param name="database">The database; empty where none is needed.</param>
    public QueryScope Scope(string database) => new()
    {
        ProjectDirectory = Context.ProjectDirectory,
        LocalDirectory = LocalDirectory(),
        Database = database,
        Settings = Settings,
        Warn = Log.Warn,
        Debug = Log.Debug,
    };

    /// <summary>A query in these surroundings.</summary>
    public QueryRequest Query(string database, string statement, string query, Instant? scheduledTime) => new()
    {
        ProjectDirectory = Context.ProjectDirectory,
        LocalDirectory = LocalDirectory(),
        Database = database,
        Settings = Settings,
        Warn = Log.Warn,
        Debug = Log.Debug,
        Statement = statement,
        Query = query,
        ScheduledTime = scheduledTime,
    };

    /// <summary>A client of Treasure Data, for what only it can do.</summary>
    /// <exception cref="ConfigException">The task runs on another engine.</exception>
    public TdClient Client(string database) => (Backend as TreasureDataBackend
        ?? throw NotSupported(Request.Config.GetStringOr("_type", "this operator") + ">")).Connect(Scope(database));

    /// <summary>The failure of something that the engine of the task cannot do.</summary>
    /// <param name="what">What was asked for.</param>
    public ConfigException NotSupported(string what) => new(
        $"{what} is not supported on the backend {Backend.Name}: it needs a Treasure Data account "
        + $"(set the secret td.apikey, or {SkipExternalEffects}=true in the configuration to leave it out)");

    /// <summary>
    /// Whether something that only Treasure Data can do is left out, because a rehearsal elsewhere was asked for.
    /// </summary>
    /// <param name="what">What it is.</param>
    /// <exception cref="ConfigException">It cannot be done and was not asked to be left out.</exception>
    public bool LeavesOut(string what)
    {
        if (Backend is TreasureDataBackend)
        {
            return false;
        }

        if (Context.SystemConfig.GetValueOrDefault(SkipExternalEffects) != "true")
        {
            throw NotSupported(what);
        }

        Log.Warn($"{what} has no meaning on the backend {Backend.Name} and is left out");
        return true;
    }

    /// <summary>What would become of something that only Treasure Data can do, in words.</summary>
    /// <param name="what">What it is: an operator or an option.</param>
    /// <param name="there">What it does there.</param>
    public string Outlook(string what, string there) => Backend is TreasureDataBackend ? there
        : Context.SystemConfig.GetValueOrDefault(SkipExternalEffects) == "true" ? $"{what} has no meaning on the backend {Backend.Name} and is left out"
        : $"fails: {NotSupported(what).Message}";

    /// <summary>Says once where the task runs.</summary>
    public void Announce()
    {
        if (Backend.Notice is { } notice)
        {
            Log.Info(notice);
        }
    }

    /// <summary>The outcome that saves the state and asks to be called again.</summary>
    public OperatorOutcome.Polling Later(Duration pause) => new(pause, State);

    // What a failed try left behind must not make the next one look at the same failed job: a generic retry starts afresh.
    private static ConfigMap StateOf(OperatorRequest request)
    {
        var state = request.StateParams;
        var retries = state.GetInt32OrNull(RetryCount) ?? 0;
        return retries == (state.GetInt32OrNull(StateOfRetry) ?? 0)
            ? state
            : ConfigMap.Of((RetryCount, state[RetryCount]!), (StateOfRetry, (long)retries));
    }

    // A server keeps local databases outside of the workspace, which it removes after each task.
    private string LocalDirectory() => Context.SystemConfig.TryGetValue("query.local_directory", out var root)
        ? Path.Combine(root, Request.Attempt.ProjectId.ToString())
        : Path.Combine(Context.ProjectDirectory, ".digdag", "local");
}
