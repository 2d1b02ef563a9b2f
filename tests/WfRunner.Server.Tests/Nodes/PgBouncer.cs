using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using WfRunner.Tests.Shared;

namespace WfRunner.Server.Tests.Nodes;

/// <summary>A PgBouncer of a test's own before a PostgreSQL server. Like that, it does not run as root.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private PgBouncer(DirectoryInfo folder, Process process, int port) => (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    /// <summary>Starts one.</summary>
    /// <param name="postgres">The server behind it.</param>
    /// <param name="mode">For how long a client keeps a connection: <c>session</c> or <c>transaction</c>.</param>
    public static async Task<PgBouncer> StartAsync(PostgresServer postgres, string mode)
    {
        var folder = Directory.CreateTempSubdirectory("wf-pgbouncer-");
        var port = FreePort();
        var settings = Path.Combine(folder.FullName, "pgbouncer.ini");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "users.txt"), $"\"{PostgresServer.User}\" \"{PostgresServer.Password}\"\n");
        await File.WriteAllTextAsync(
            settings,
            $"""
            [databases]
            * = host=127.0.0.1 port={postgres.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {folder.FullName}/users.txt
            pool_mode = {mode}
            default_pool_size = 60

            """);
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        }

        string[] command = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", Program(), settings] : [Program(), settings];
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        while (await process.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line)
        {
            if (line.Contains("process up", StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync();
                return new PgBouncer(folder, process, port);
            }
        }

        throw new InvalidOperationException("PgBouncer did not start");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    // Debian keeps it where only administrators look.
    private static string Program() => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Append("/usr/sbin")
        .Select(f => Path.Combine(f, "pgbouncer")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("pgbouncer is not installed; test.sh installs it");

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
