using System.Globalization;
using WfRunner.Cli.CommandLine;
using WfRunner.Server.Settings;
using WfRunner.Storage;
using WfRunner.Storage.PostgreSql;
using WfRunner.Storage.Sqlite;

namespace WfRunner.Cli.Commands.Server;

/// <summary>
/// <c>wf migrate</c>: brings a server's database up to date, or tells what is missing. A server does it by itself when it starts; this
/// is for those who want to know before. Digdag behaviour: cli-local 13.
/// </summary>
internal sealed class MigrateCommand : ICommand
{
    private static readonly OptionSyntax Database = OptionSyntax.Value("DIR", "the server's database directory", "-o", "--database");
    private static readonly OptionSyntax ExitCode = OptionSyntax.Flag("check: exit with 1 when a migration is pending", "--exit-code");

    /// <inheritdoc/>
    public CommandSyntax Syntax { get; } = new()
    {
        Name = "migrate",
        Group = CommandGroup.Server,
        Arguments = "(run|check) (-o DIR | -c PATH)",
        Summary = "migrate a server's database",
        Options = [Database, ExitCode],
        MaximumArguments = 9,
        Examples = ["migrate check -o wf-data", "migrate run -o wf-data"],
    };

    /// <inheritdoc/>
    public async Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        if (arguments.Positional.Count != 1)
        {
            throw new UsageException("Invalid parameters");
        }

        if (arguments.Positional[0] is not ("run" or "check"))
        {
            throw new UsageException("Invalid command");
        }

        var database = DatabaseOf(arguments, context);
        var pending = await PendingAsync(database, cancellationToken).ConfigureAwait(false);
        if (arguments.Positional[0] == "check")
        {
            await context.Out.WriteAsync(pending switch
            {
                null => "No table exist\n",
                [] => "No update\n",
                _ => string.Concat(pending.Select(v => v.ToString(CultureInfo.InvariantCulture) + "\n")),
            }).ConfigureAwait(false);
            return arguments.Has(ExitCode) && pending is not [] ? 1 : 0;
        }

        if (pending is not [])
        {
            await MigrateAsync(database, context, cancellationToken).ConfigureAwait(false);
        }

        await context.Out.WriteLineAsync(pending is [] ? "No update" : "Migrations successfully finished").ConfigureAwait(false);
        return 0;
    }

    private static DatabaseChoice DatabaseOf(ParsedArguments arguments, CommandContext context)
    {
        if (arguments.Value(Database) is { } directory)
        {
            return new DatabaseChoice.Embedded(Path.GetFullPath(directory, context.CurrentDirectory));
        }

        return arguments.Has(CommonOptions.Config)
            ? ServerSettings.Of(context.SystemConfig, context.CurrentDirectory).Database
            : throw new UsageException("--database, or --config option is required");
    }

    // A database in memory never has tables before a server makes them.
    private static async Task<IReadOnlyList<int>?> PendingAsync(DatabaseChoice database, CancellationToken cancellationToken) => database switch
    {
        DatabaseChoice.Embedded embedded => await SqliteStore.PendingMigrationsAsync(embedded.Directory, cancellationToken).ConfigureAwait(false),
        DatabaseChoice.PostgreSql shared => await PostgreSqlStore.PendingMigrationsAsync(shared.Connection, cancellationToken).ConfigureAwait(false),
        _ => null,
    };

    private static async Task MigrateAsync(DatabaseChoice database, CommandContext context, CancellationToken cancellationToken)
    {
        IStore? store = database switch
        {
            DatabaseChoice.Embedded embedded => await SqliteStore.OpenAsync(embedded.Directory, context.Clock, cancellationToken).ConfigureAwait(false),
            DatabaseChoice.PostgreSql shared => await PostgreSqlStore.OpenAsync(shared.Connection, migrates: true, context.Clock, cancellationToken)
                .ConfigureAwait(false),
            _ => null,
        };
        if (store is not null)
        {
            await store.DisposeAsync().ConfigureAwait(false);
        }
    }
}
