using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace WfRunner.Operators.Tests.Mail;

/// <summary>A mail server on a real socket that keeps what it is sent, and can be told to refuse.</summary>
internal sealed class SmtpTestServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public SmtpTestServer()
    {
        _listener.Start();
        _loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Greeting { get; init; } = "220 test";

    /// <summary>A user and password, joined by a colon, that must log in.</summary>
    public string? Login { get; init; }

    /// <summary>An address that is refused.</summary>
    public string? Refused { get; init; }

    /// <summary>Messages with their envelopes: sender, then recipients.</summary>
    public ConcurrentQueue<(string[] Envelope, MimeMessage Message)> Messages { get; } = new();

    public void Dispose()
    {
        _stop.Cancel();
        _loop.GetAwaiter().GetResult();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await TalkAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var envelope = new List<string>();
        var loggedIn = Login is null;
        await SayAsync(Greeting);
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            var verb = line.Split(' ')[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    await SayAsync(Login is null ? "250 test" : "250-test\r\n250 AUTH PLAIN");
                    break;
                case "AUTH":
                    var said = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2])).Split('\0');
                    loggedIn = $"{said[1]}:{said[2]}" == Login;
                    await SayAsync(loggedIn ? "235 ok" : "535 5.7.8 bad credentials");
                    break;
                case "MAIL" when !loggedIn:
                    await SayAsync("530 5.7.0 Authentication required");
                    break;
                case "MAIL":
                    envelope = [Address(line)];
                    await SayAsync("250 ok");
                    break;
                case "RCPT" when Address(line) == Refused:
                    await SayAsync("550 5.1.1 mailbox unavailable");
                    break;
                case "RCPT":
                    envelope.Add(Address(line));
                    await SayAsync("250 ok");
                    break;
                case "DATA":
                    await SayAsync("354 go on");
                    Messages.Enqueue(([.. envelope], await ReadMessageAsync(reader)));
                    await SayAsync("250 queued");
                    break;
                case "QUIT":
                    await SayAsync("221 bye");
                    return;
                default:
                    await SayAsync("250 ok");
                    break;
            }
        }

        async Task SayAsync(string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), _stop.Token);
    }

    private async Task<MimeMessage> ReadMessageAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            text.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
        }

        return await MimeMessage.LoadAsync(new MemoryStream(Encoding.Latin1.GetBytes(text.ToString())), _stop.Token);
    }

    private static string Address(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
}
