using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace WfRunner.Tests.Shared;

/// <summary>
/// A PostgreSQL server of the tests' own, started from the machine's binaries on a free port, without any lasting trace. PostgreSQL
/// does not run as root: then the account that its packages create is used.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    public const string User = "wf";
    public const string Password = "pw";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-postgres-");

    public int Port { get; } = FreePort();

    private string Data => Path.Combine(_folder.FullName, "data");

    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username={User};Password={Password};Database=postgres;Pooling=false";

    public async ValueTask InitializeAsync()
    {
        var passwordFile = Path.Combine(_folder.FullName, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "-R", "postgres", _folder.FullName);
        }

        await RunAsync(Binary("initdb"), "-D", Data, "-U", User, "--pwfile", passwordFile, "--auth", "scram-sha-256", "--no-locale", "-E", "UTF8", "--no-sync");
        await StartAsync();
    }

    /// <summary>Starts the server again after a stop; what was stored is there.</summary>
    public Task StartAsync() => RunAsync(
        Binary("pg_ctl"), "start", "-w", "-s", "-D", Data, "-l", Path.Combine(_folder.FullName, "log"),
        "-o", $"-p {Port} -k {_folder.FullName} -c listen_addresses=127.0.0.1 -c fsync=off");

    /// <summary>Starts the server again with further settings.</summary>
    /// <param name="files">Files for its data folder, by name.</param>
    /// <param name="settings">Lines of postgresql.conf; paths in them start at the data folder.</param>
    /// <param name="access">Lines of pg_hba.conf, before those that are there.</param>
    public async Task ReconfigureAsync(IReadOnlyDictionary<string, string> files, string settings, string access)
    {
        await CrashAsync();
        foreach (var (name, text) in files)
        {
            var path = Path.Combine(Data, name);
            await File.WriteAllTextAsync(path, text);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.conf"), "\n" + settings + "\n");
        var rules = Path.Combine(Data, "pg_hba.conf");
        await File.WriteAllTextAsync(rules, access + "\n" + await File.ReadAllTextAsync(rules));
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "-R", "postgres", Data);
        }

        await StartAsync();
    }

    /// <summary>Ends the server as a crash would; connections break and new ones are refused.</summary>
    public Task CrashAsync() => RunAsync(Binary("pg_ctl"), "stop", "-w", "-m", "immediate", "-D", Data);

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await CrashAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Makes a database for one test.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = "t" + Guid.NewGuid().ToString("N");
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return name;
    }

    /// <summary>Runs statements.</summary>
    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>All rows of a query as text: values joined by <c>|</c>, rows by LF.</summary>
    public async Task<string> QueryAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? string.Empty : reader.GetString(i))));
        }

        return string.Join('\n', rows);
    }

    public async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static string Binary(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(d => d + "/bin") : []);
        return folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"{name} is not installed; test.sh installs PostgreSQL");
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo { RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        string[] command = Environment.IsPrivilegedProcess && program != "chown" ? ["runuser", "-u", "postgres", "--", program, .. arguments] : [program, .. arguments];
        start.FileName = command[0];
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        // The server inherits nothing that this test would wait for: its output goes to its own log.
        start.RedirectStandardOutput = !command.Contains("start");
        start.RedirectStandardError = start.RedirectStandardOutput;
        using var process = Process.Start(start)!;
        var error = start.RedirectStandardError ? await process.StandardError.ReadToEndAsync() : "see the log";
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {error}");
        }
    }
}
