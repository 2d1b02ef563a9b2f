using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WfRunner.Operators.Tests.Http;

/// <summary>
/// A server on a real socket that keeps requests byte for byte and answers with what the test hands out, in order; the last answer
/// repeats.
/// </summary>
internal sealed class RawHttpServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string[] _answers;
    private readonly Encoding _encoding;
    private readonly Task _loop;
    private int _count;

    public RawHttpServer(params string[] answers)
        : this(Encoding.UTF8, answers)
    {
    }

    public RawHttpServer(Encoding encoding, params string[] answers)
    {
        _encoding = encoding;
        _answers = answers;
        _listener.Start();
        _loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>The requests: head and body as one text, lines ended by LF.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>An answer with a body.</summary>
    public static string Answer(int status, string body = "", string headers = "Content-Type: text/plain") =>
        $"HTTP/1.1 {status} whatever\r\n{(headers.Length == 0 ? string.Empty : headers + "\r\n")}Connection: close\r\n\r\n{body}";

    public void Dispose()
    {
        _stop.Cancel();
        _loop.GetAwaiter().GetResult();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            using (socket)
            {
                await AnswerAsync(socket);
            }
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket);
            Requests.Enqueue(await ReadAsync(stream));
            var answer = _answers[Math.Min(_count++, _answers.Length - 1)];
            if (answer.Length == 0)
            {
                // The test wants silence: hold the connection until the client gives up.
                _ = await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, _stop.Token);
                return;
            }

            await stream.WriteAsync(_encoding.GetBytes(answer), _stop.Token);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // The client has gone; what it said is kept.
        }
    }

    private async Task<string> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var count = await stream.ReadAsync(buffer, _stop.Token);
            bytes.AddRange(buffer.AsSpan(0, count).ToArray());
            var text = Encoding.UTF8.GetString([.. bytes]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (count == 0 || (end >= 0 && text.Length >= end + 4 + LengthOf(text[..end])))
            {
                return text.Replace("\r\n", "\n", StringComparison.Ordinal);
            }
        }
    }

    private static int LengthOf(string head) => head.Split("\r\n")
        .Where(l => l.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
        .Select(l => int.Parse(l["Content-Length: ".Length..], System.Globalization.CultureInfo.InvariantCulture))
        .FirstOrDefault();
}
