using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WfRunner.EndToEnd.Support;

/// <summary>An HTTP service that lets nobody in.</summary>
internal sealed class RefusingService : IDisposable
{
    private const string Answer =
        "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 27\r\nConnection: close\r\n\r\n{\"message\":\"who are you?\"} ";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    public RefusingService()
    {
        _listener.Start();
        _ = AnswerAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AnswerAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            var stream = client.GetStream();
            var request = new StringBuilder();
            var buffer = new byte[4096];
            while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer, _stop.Token) is var count and > 0)
            {
                request.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer), _stop.Token);
        }
    }
}
