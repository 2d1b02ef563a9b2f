using System.Collections.Concurrent;
using System.Net;
using System.Text;
using WfRunner.Tests.Shared;

namespace WfRunner.Client.Tests;

/// <summary>An HTTP server that answers every request with what the test decides, and remembers the requests.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly Func<HttpListenerRequest, int, Answer> _answer;
    private readonly Task _loop;

    public ScriptedServer(Func<HttpListenerRequest, int, Answer> answer)
    {
        _answer = answer;
        (_listener, var port) = LoopbackListener.Open();
        Endpoint = new Uri($"http://127.0.0.1:{port}/");
        _loop = LoopAsync();
    }

    public Uri Endpoint { get; }

    public ConcurrentQueue<(string Line, string? Authorization, string? UserAgent)> Requests { get; } = new();

    /// <summary>The bodies of the requests, in their order.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    public WorkflowClient Client(ClientSettings settings) => new(settings with { Endpoint = Endpoint });

    public WorkflowClient Client(params (string Name, string Value)[] headers) =>
        new(new ClientSettings { Endpoint = Endpoint, ProgramVersion = "9.9", Headers = headers.ToDictionary(h => h.Name, h => h.Value) });

    public void Dispose()
    {
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
            catch (Exception e) when (e is HttpListenerException or InvalidOperationException)
            {
                return;
            }

            using (var reader = new StreamReader(context.Request.InputStream))
            {
                Bodies.Enqueue(await reader.ReadToEndAsync());
            }

            Requests.Enqueue((
                $"{context.Request.HttpMethod} {context.Request.RawUrl}", context.Request.Headers["Authorization"], context.Request.UserAgent));
            var answer = _answer(context.Request, Requests.Count);
            if (answer.Status == 0)
            {
                // A beginning without an end: the listener would turn a mere close into an empty answer.
                context.Response.ContentLength64 = 100;
                await context.Response.OutputStream.WriteAsync("{"u8.ToArray());
                await context.Response.OutputStream.FlushAsync();
                context.Response.Abort();
                continue;
            }

            context.Response.StatusCode = answer.Status;
            if (answer.RetryAfter is not null)
            {
                context.Response.Headers["Retry-After"] = answer.RetryAfter;
            }

            if (answer.Location is not null)
            {
                context.Response.Headers["Location"] = answer.Location;
            }

            context.Response.ContentType = answer.Type;
            try
            {
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
                context.Response.Close();
            }
            catch (HttpListenerException)
            {
                // The client has given up.
            }
        }
    }

    /// <summary>An answer; status 0 closes the connection without one.</summary>
    internal sealed record Answer(int Status, string Body = "", string Type = "application/json", string? Location = null, string? RetryAfter = null);
}
