using System.Net.Http.Headers;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests.Events;

/// <summary>A client of the event stream, as a browser's EventSource reads it.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private EventReader(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _lines = new StreamReader(body);
        _limit.CancelAfter(TimeSpan.FromSeconds(30));
    }

    /// <summary>The cursor that was seen last.</summary>
    public string Cursor { get; private set; } = string.Empty;

    public HttpContentHeaders Headers => _response.Content.Headers;

    public static async Task<EventReader> OpenAsync(RunningServer server, string query = "", string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/events" + query);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return new EventReader(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Reads the next block: an event, or only a cursor.</summary>
    /// <returns>Null when the stream ended.</returns>
    public async Task<(string? Name, ConfigMap Data)?> NextBlockAsync()
    {
        string? name = null;
        var data = ConfigMap.Empty;
        while (await _lines.ReadLineAsync(_limit.Token) is { } line)
        {
            if (line.Length == 0)
            {
                return (name, data);
            }

            var (key, value) = line.Split(": ", 2) is [var k, var v] ? (k, v) : (line, string.Empty);
            switch (key)
            {
                case "id":
                    Cursor = value;
                    break;
                case "event":
                    name = value;
                    break;
                case "data":
                    data = (ConfigMap)ConfigJson.Parse(value);
                    break;
                default:
                    break;
            }
        }

        return null;
    }

    /// <summary>Reads until an event that is looked for.</summary>
    public async Task<ConfigMap> UntilAsync(string name, Func<ConfigMap, bool> isIt)
    {
        while (await NextBlockAsync() is { } block)
        {
            if (block.Name == name && isIt(block.Data))
            {
                return block.Data;
            }
        }

        throw new InvalidOperationException($"the stream ended before {name} came");
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _response.Dispose();
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }
}
