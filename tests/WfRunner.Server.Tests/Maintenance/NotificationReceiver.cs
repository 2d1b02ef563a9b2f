using System.Net;
using System.Threading.Channels;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests.Maintenance;

/// <summary>An HTTP server that takes notifications.</summary>
internal sealed class NotificationReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Channel<ConfigMap> _received = Channel.CreateUnbounded<ConfigMap>();
    private readonly Task _loop;
    private int _failures;

    private NotificationReceiver(string url)
    {
        Url = url;
        _listener.Prefixes.Add(url);
        _listener.Start();
        _loop = LoopAsync();
    }

    public string Url { get; }

    public static NotificationReceiver Start()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return new NotificationReceiver($"http://127.0.0.1:{port}/");
    }

    /// <summary>Answers the next ones with an error.</summary>
    public void Fail(int times) => _failures = times;

    public async Task<ConfigMap> NextAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        return await _received.Reader.ReadAsync(limit.Token);
    }

    /// <summary>How many came that nobody asked for.</summary>
    public int Left => _received.Reader.Count;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
        _listener.Close();
    }

    private async Task LoopAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            var body = (ConfigMap)ConfigJson.Parse(await reader.ReadToEndAsync());
            var fails = Interlocked.Decrement(ref _failures) >= 0;
            context.Response.StatusCode = fails ? 500 : 200;
            context.Response.Close();
            if (!fails)
            {
                _received.Writer.TryWrite(body);
            }
        }
    }
}
