using System.Net.Sockets;
using System.Text;

namespace WfRunner.Server.Tests.Security;

/// <summary>A connection on which anything can be sent, as an attacker does.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _client = new();

    public static async Task<RawConnection> OpenAsync(RunningServer server)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(server.Server.Address.Host, server.Server.Address.Port, TestContext.Current.CancellationToken);
        return connection;
    }

    public async Task SendAsync(string text) =>
        await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);

    /// <summary>Everything the server sends until it closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var all = new MemoryStream();
        try
        {
            await _client.GetStream().CopyToAsync(all, limit.Token);
        }
        catch (IOException)
        {
            // Cut off; what came before counts.
        }

        return Encoding.Latin1.GetString(all.ToArray());
    }

    /// <summary>Sends one request that asks for the connection to be closed, and reads the answer.</summary>
    public static async Task<string> AskAsync(RunningServer server, string requestLine, string headers = "", string? host = null)
    {
        await using var connection = await OpenAsync(server);
        await connection.SendAsync($"{requestLine}\r\nHost: {host ?? server.Server.Address.ToString()}\r\nConnection: close\r\n{headers}\r\n");
        return await connection.ReadToEndAsync();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
