using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WfRunner.EndToEnd.Support;

/// <summary>
/// Stands in for Treasure Data's hosted service, where no real one can be had: it answers with the JSON of its published API
/// description, or with what stock Digdag would answer, and remembers every request.
/// </summary>
internal sealed class StandInService : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<Request, int, Answer> _answer;
    private readonly Task _loop;

    /// <summary>Starts the service.</summary>
    /// <param name="answer">Answers a request; told how many of the same method and path there were before.</param>
    public StandInService(Func<Request, int, Answer> answer)
    {
        _answer = answer;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Endpoint = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add(Endpoint + "/");
        _listener.Start();
        _loop = LoopAsync();
    }

    public string Endpoint { get; }

    public ConcurrentQueue<Request> Requests { get; } = new();

    public void Dispose()
    {
        // Not stopped before: closing a stopped listener opens its port once more, which another test may have by then.
        _listener.Close();
        _loop.Wait(TimeSpan.FromSeconds(5));
    }

    private async Task LoopAsync()
    {
        while (_listener.IsListening)
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

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var request = new Request(
                context.Request.HttpMethod, context.Request.Url!.AbsolutePath, context.Request.Url.Query, body.ToArray(), context.Request.Headers["Authorization"]);
            var before = Requests.Count(r => (r.Method, r.Path) == (request.Method, request.Path));
            Requests.Enqueue(request);
            var answer = request.Path == "/api/version/check" ? new Answer("""{"serverVersion":"0.10.5","upgradeRecommended":false,"apiCompatible":true}""") : _answer(request, before);
            context.Response.StatusCode = answer.Status;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
            context.Response.Close();
        }
    }

    /// <summary>A request.</summary>
    internal sealed record Request(string Method, string Path, string Query, byte[] Bytes, string? Authorization)
    {
        public string Body => Encoding.UTF8.GetString(Bytes);

        public string Line => Method + " " + Path;
    }

    /// <summary>An answer.</summary>
    internal sealed record Answer(string Body, int Status = 200);
}
