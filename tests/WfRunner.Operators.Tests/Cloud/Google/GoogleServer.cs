using System.Collections.Concurrent;
using System.Net;
using System.Text;
using WfRunner.Tests.Shared;

namespace WfRunner.Operators.Tests.Cloud.Google;

/// <summary>
/// Stands in for Google, which has no server to install: gives tokens to the service account whose signature it has checked, takes
/// requests that carry the token, keeps them, and answers with what the test says.
/// </summary>
internal sealed class GoogleServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly GoogleAccount _account = new();
    private readonly Func<string, (int Status, string Body)> _answer;
    private readonly Task _loop;

    /// <param name="answer">Gives the answer to a request written as <c>METHOD path</c>.</param>
    public GoogleServer(Func<string, (int Status, string Body)> answer)
    {
        _answer = answer;
        (_listener, var port) = LoopbackListener.Open();
        Address = $"http://127.0.0.1:{port}";
        _loop = ServeAsync();
    }

    public string Address { get; }

    /// <summary>Requests but those for tokens, as <c>METHOD path body</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public int TokenRequests { get; private set; }

    /// <summary>Answers in order, the last one again and again.</summary>
    public static GoogleServer Of(params (int Status, string Body)[] answers)
    {
        var next = 0;
        return new GoogleServer(_ => answers[Math.Min(next++, answers.Length - 1)]);
    }

    /// <summary>An error as Google words it.</summary>
    public static (int, string) Error(int status, string message = "sorry") =>
        (status, $$$"""{"error":{"code":{{{status}}},"message":"{{{message}}}","errors":[]}}""");

    /// <summary>The key of the service account.</summary>
    public string Credential(string? project = "p") => _account.Credential(Address, project);

    public void Use(OperatorTestContext context, string? project = "p")
    {
        context.SecretValues["gcp.credential"] = Credential(project);
        context.SecretValues["gcp.storage.endpoint"] = Address;
        context.SecretValues["gcp.bigquery.endpoint"] = Address;
    }

    public void Dispose()
    {
        _listener.Close();
        _loop.GetAwaiter().GetResult();
        _account.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
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

            using var reader = new StreamReader(context.Request.InputStream);
            var (status, body) = Answer(context.Request, await reader.ReadToEndAsync());
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
        }
    }

    private (int, string) Answer(HttpListenerRequest request, string body)
    {
        if (request.RawUrl == "/token")
        {
            TokenRequests++;
            return _account.GiveToken(Address, body);
        }

        if (request.Headers["Authorization"] != "Bearer " + GoogleAccount.Token)
        {
            return Error(401, "no token");
        }

        Requests.Enqueue($"{request.HttpMethod} {request.RawUrl} {body}".TrimEnd());
        return _answer($"{request.HttpMethod} {request.RawUrl}");
    }
}
