using System.Diagnostics;
using System.Text.Json;

namespace WfRunner.EndToEnd.Support;

/// <summary>A real server process on a free port; it tells its port through the runtime-info file.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _drained;

    private ServerProcess(Process process, Task drained, string endpoint)
    {
        _process = process;
        _drained = drained;
        Endpoint = endpoint;
    }

    public string Endpoint { get; }

    /// <summary>Starts a server and waits until it answers.</summary>
    public static async Task<ServerProcess> StartAsync(TestFolder folder, params IEnumerable<string> arguments)
    {
        var info = Path.Combine(folder.Home, $"server-{Guid.NewGuid():N}.json");
        var process = Wf.Start(folder, ["server", "--port", "0", "-X", "server.runtime-info.path=" + info, .. arguments]);
        process.StandardInput.Close();
        var output = new List<string>();
        var drained = Task.WhenAll(DrainAsync(process.StandardOutput, output), DrainAsync(process.StandardError, output));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var watcher = new FileSystemWatcher(folder.Home);
        var appeared = new SemaphoreSlim(0);
        watcher.Created += (_, _) => appeared.Release();
        watcher.Renamed += (_, _) => appeared.Release();
        watcher.EnableRaisingEvents = true;
        while (!File.Exists(info))
        {
            if (process.HasExited)
            {
                await drained;
                throw new InvalidOperationException("the server ended: " + string.Join('\n', output));
            }

            await Task.WhenAny(appeared.WaitAsync(deadline.Token), process.WaitForExitAsync(deadline.Token));
            deadline.Token.ThrowIfCancellationRequested();
        }

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(info, deadline.Token));
        var port = json.RootElement.GetProperty("local_addresses")[0].GetProperty("port").GetInt32();
        return new ServerProcess(process, drained, $"http://127.0.0.1:{port}");
    }

    /// <summary>Ends the server without any warning, as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _drained;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static async Task DrainAsync(StreamReader from, List<string> into)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (into)
            {
                into.Add(line);
            }
        }
    }
}
