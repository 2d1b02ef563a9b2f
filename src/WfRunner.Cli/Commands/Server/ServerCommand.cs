using WfRunner.Cli.CommandLine;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators;
using WfRunner.Runtime.Local;
using WfRunner.Server;
using WfRunner.Server.Settings;

namespace WfRunner.Cli.Commands.Server;

/// <summary><c>wf server</c>: runs a server until it is told to stop. Digdag behaviour: server 1.1; every option sets a key of the configuration.</summary>
internal sealed class ServerCommand : ICommand
{
    private static readonly OptionSyntax Port = OptionSyntax.Value("PORT", "port number to listen for web interface and api clients (default: 65432)", "-n", "--port");
    private static readonly OptionSyntax Bind = OptionSyntax.Value("ADDRESS", "address to listen on (default: 127.0.0.1)", "-b", "--bind");
    private static readonly OptionSyntax AdminPort = OptionSyntax.Value("PORT", "port of the listener that serves the admin api too", "--admin-port");
    private static readonly OptionSyntax AdminBind = OptionSyntax.Value("ADDRESS", "address of that listener (default: same as --bind)", "--admin-bind");
    private static readonly OptionSyntax Memory = OptionSyntax.Flag("keep everything in memory; it is lost at the end", "-m", "--memory");
    private static readonly OptionSyntax Database = OptionSyntax.Value("DIR", "store everything in this directory", "-o", "--database");
    private static readonly OptionSyntax TaskLog = OptionSyntax.Value("DIR", "store task logs in this directory (default: in the database's)", "-O", "--task-log");
    private static readonly OptionSyntax AccessLog = OptionSyntax.Value("DIR", "store access logs in this directory", "-A", "--access-log");
    private static readonly OptionSyntax MaximumThreads = OptionSyntax.Value("N", "run at most N tasks at once", "--max-task-threads");
    private static readonly OptionSyntax NoAgent = OptionSyntax.Flag("run no tasks here", "--disable-local-agent");
    private static readonly OptionSyntax NoExecutor = OptionSyntax.Flag("run no attempts here", "--disable-executor-loop");
    private static readonly OptionSyntax NoScheduler = OptionSyntax.Flag("start no scheduled sessions here", "--disable-scheduler");
    private static readonly OptionSyntax Swagger = OptionSyntax.Flag(null, "--enable-swagger");
    private static readonly OptionSyntax Header = OptionSyntax.KeyValues("add a header to every answer of the api", "-H", "--header");

    private static readonly OptionSyntax Profile =
        OptionSyntax.Value("PROFILE", "td: limits and dialect of the hosted service, to rehearse a project", "--profile");

    private static readonly OptionSyntax InsecureNoAuth =
        OptionSyntax.Flag("listen on an address that others reach, without authentication", "--insecure-no-auth");

    /// <summary>The options of every command that runs a server.</summary>
    public static IReadOnlyList<OptionSyntax> ServerOptions { get; } =
    [
        Port, Bind, AdminPort, AdminBind, Memory, Database, TaskLog, AccessLog, MaximumThreads, NoAgent, NoExecutor, NoScheduler, Swagger,
        WorkflowParameters.Param, WorkflowParameters.ParamsFile, Header, InsecureNoAuth, Profile,
    ];

    /// <inheritdoc/>
    public CommandSyntax Syntax { get; } = new()
    {
        Name = "server",
        Group = CommandGroup.Server,
        Arguments = "<-o DIR | -m | -c FILE> [options...]",
        Summary = "start a server",
        Options = ServerOptions,
        Examples = ["server -o wf-data", "server --memory", "server -c server.properties"],
    };

    /// <inheritdoc/>
    public Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        RequireDatabase(arguments, context);
        return ServeAsync(ConfigurationOf(arguments, context), context, cancellationToken);
    }

    /// <summary>Runs a server until it is told to stop.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="context">The process.</param>
    /// <param name="cancellationToken">Tells it to stop.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> ServeAsync(
        IReadOnlyDictionary<string, string> config, CommandContext context, CancellationToken cancellationToken)
    {
        var settings = ServerSettings.Of(config, context.CurrentDirectory);
        var server = await WorkflowServer.StartAsync(
            settings,
            new ServerSurroundings
            {
                Log = context.Log,
                Operators = StandardOperators.CreateRegistry(),
                Clock = context.Clock,
                TimeZone = context.SystemTimeZone,
                LocalSecrets = new LocalSecrets(context.SystemConfig, context.ConfigHome),
            },
            cancellationToken).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // The first signal lets running tasks end; the second one ends them where they stand, and they run again at the next start.
            await server.StopAsync(context.TakeHurry()).ConfigureAwait(false);
        }

        return 0;
    }

    private static void RequireDatabase(ParsedArguments arguments, CommandContext context)
    {
        var isNamed = arguments.Has(Database) || arguments.Has(Memory) || context.SystemConfig.ContainsKey("database.type");
        if (!isNamed && !arguments.Has(CommonOptions.Config))
        {
            throw new UsageException("--database, --memory, or --config option is required");
        }

        if (!isNamed)
        {
            context.Log.WriteMain(
                TaskLogLevel.Warn, "The configuration names no database.type: everything is kept in memory and lost at the end");
        }
    }

    /// <summary>The configuration with the options of the command line in it.</summary>
    /// <param name="arguments">The options.</param>
    /// <param name="context">The configuration without them.</param>
    /// <returns>The whole.</returns>
    public static Dictionary<string, string> ConfigurationOf(ParsedArguments arguments, CommandContext context)
    {
        if (arguments.Has(Database) && arguments.Has(Memory))
        {
            throw new UsageException("Setting both --database and --memory is invalid");
        }

        var config = new Dictionary<string, string>(context.SystemConfig, StringComparer.Ordinal);
        Set(Port, "server.port");
        Set(Bind, "server.bind");
        Set(AdminPort, "server.admin.port");
        Set(AdminBind, "server.admin.bind");
        Set(AccessLog, "server.access-log.path");
        Set(Profile, "server.profile");
        Set(MaximumThreads, "agent.max-task-threads");
        SetFlag(NoAgent, "agent.enabled", "false");
        SetFlag(NoExecutor, "server.executor.enabled", "false");
        SetFlag(NoScheduler, "schedule.enabled", "false");
        SetFlag(Swagger, "server.enable-swagger", "true");
        SetFlag(InsecureNoAuth, "server.insecure-no-auth", "true");
        SetFlag(Memory, "database.type", "memory");
        if (arguments.Value(Database) is { } directory)
        {
            config["database.type"] = "sqlite";
            config["database.path"] = Path.GetFullPath(directory, context.CurrentDirectory);
        }

        if (arguments.Value(TaskLog) is { } logs)
        {
            config["log-server.type"] = "local";
            config["log-server.local.path"] = logs;
        }

        foreach (var (name, value) in arguments.KeyValues(Header))
        {
            config["server.http.headers." + name] = value;
        }

        config["digdag.defaultParams"] = ConfigJson.Write(WorkflowParameters.Of(arguments, context));
        return config;

        void Set(OptionSyntax option, string key)
        {
            if (arguments.Value(option) is { } value)
            {
                config[key] = value;
            }
        }

        void SetFlag(OptionSyntax option, string key, string value)
        {
            if (arguments.Has(option))
            {
                config[key] = value;
            }
        }
    }
}
