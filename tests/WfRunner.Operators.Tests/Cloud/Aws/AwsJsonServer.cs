using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using WfRunner.Core.Config;
using WfRunner.Tests.Shared;

namespace WfRunner.Operators.Tests.Cloud.Aws;

/// <summary>
/// Stands in for services of AWS that speak JSON 1.1 and have no server to install: refuses requests whose signature (version 4) it
/// cannot reproduce, keeps the others, and answers with what the test says.
/// </summary>
internal sealed class AwsJsonServer : IDisposable
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    private readonly HttpListener _listener;
    private readonly Func<string, ConfigMap, (int Status, string Body)> _answer;
    private readonly Task _loop;

    /// <param name="answer">Gives the answer to an operation, such as <c>RunTask</c>, with its input.</param>
    public AwsJsonServer(Func<string, ConfigMap, (int Status, string Body)> answer)
    {
        _answer = answer;
        (_listener, var port) = LoopbackListener.Open();
        Address = $"http://127.0.0.1:{port}";
        _loop = ServeAsync();
    }

    public string Address { get; }

    /// <summary>What was asked, in order.</summary>
    public ConcurrentQueue<(string Operation, ConfigMap Input)> Calls { get; } = new();

    public IEnumerable<string> Operations => Calls.Select(c => c.Operation);

    /// <summary>An error as the services word it.</summary>
    public static (int, string) Error(int status, string type, string message = "sorry") =>
        (status, ConfigJson.Write(ConfigMap.Of(("__type", $"com.amazonaws#{type}"), ("message", message))));

    public void Dispose()
    {
        _listener.Close();
        _loop.GetAwaiter().GetResult();
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

            using var memory = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(memory);
            var (status, body) = Answer(context.Request, memory.ToArray());
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/x-amz-json-1.1";
            context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
        }
    }

    private (int, string) Answer(HttpListenerRequest request, byte[] body)
    {
        if (!IsGenuine(request, body))
        {
            return Error(403, "InvalidSignatureException", "The request signature we calculated does not match");
        }

        var operation = request.Headers["X-Amz-Target"]!.Split('.')[1];
        var input = (ConfigMap)ConfigJson.Parse(body);
        Calls.Enqueue((operation, input));
        return _answer(operation, input);
    }

    private static bool IsGenuine(HttpListenerRequest request, byte[] body)
    {
        var parts = (request.Headers["Authorization"] ?? string.Empty).Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [Algorithm, var credential, var signed, var signature] || request.HttpMethod != "POST")
        {
            return false;
        }

        var scope = credential["Credential=".Length..].Split('/', 2);
        var names = signed["SignedHeaders=".Length..];
        var headers = string.Concat(names.Split(';').Select(n => $"{n}:{request.Headers[n]}\n"));
        var canonical = $"POST\n{request.Url!.AbsolutePath}\n\n{headers}\n{names}\n{Convert.ToHexStringLower(SHA256.HashData(body))}";
        var text = $"{Algorithm}\n{request.Headers["X-Amz-Date"]}\n{scope[1]}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope[1].Split('/').Aggregate(
            Encoding.UTF8.GetBytes("AWS4" + S3Server.SecretAccessKey), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        return scope[0] == S3Server.AccessKeyId && signature == "Signature=" + Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }
}
