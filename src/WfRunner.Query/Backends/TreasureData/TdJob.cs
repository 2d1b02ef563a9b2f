using System.Runtime.CompilerServices;
using System.Text.Json;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.TreasureData;

/// <summary>A job of the account. It belongs to the service: disposing this view of it ends nothing.</summary>
internal sealed class TdJob(QueryJobId id, TdClient client, TimeProvider time) : IQueryJob
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private QueryJobStatus _status = QueryJobStatus.Running;

    public QueryJobId Id => id;

    public async Task<QueryJobStatus> PollAsync(CancellationToken cancellationToken) =>
        _status = await client.StatusAsync(id, cancellationToken).ConfigureAwait(false);

    public async Task<QueryResult> WaitAsync(CancellationToken cancellationToken)
    {
        for (var pause = ShortestPause; _status == QueryJobStatus.Running; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
        {
            if (await PollAsync(cancellationToken).ConfigureAwait(false) == QueryJobStatus.Running)
            {
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
        }

        var shown = await client.ShowAsync(id, cancellationToken).ConfigureAwait(false);
        return _status == QueryJobStatus.Succeeded
            ? new QueryResult(Columns(shown), HasRows: true) { RecordCount = shown.GetInt64OrNull("num_records") ?? 0 }
            : throw Failure(shown);
    }

    public async IAsyncEnumerable<IReadOnlyList<ConfigValue>> ReadRowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var row in TdResultRows.ReadAsync(body, $"/v3/job/result/{id}", cancellationToken).ConfigureAwait(false))
        {
            yield return row;
        }
    }

    public Task CancelAsync(CancellationToken cancellationToken) => client.KillAsync(id, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<HttpResponseMessage> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.OpenResultAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (TdApiException e) when (e.Status == 404)
        {
            throw new ResultMissingException(e.Message, e);
        }
    }

    private QueryFailedException Failure(ConfigMap shown)
    {
        var word = _status == QueryJobStatus.Cancelled ? "KILLED" : "ERROR";
        var summary = $"TD job {id} failed with status {word}";
        var debug = shown["debug"] as ConfigMap ?? ConfigMap.Empty;
        var said = $"{debug.GetStringOrNull("cmdout")}\n{debug.GetStringOrNull("stderr")}";
        return new QueryFailedException(string.IsNullOrWhiteSpace(said) ? summary : said, new WorkflowException(FailureKind.TdJob, summary));
    }

    // Pairs of name and type, as JSON in a text.
    private QueryColumn[] Columns(ConfigMap shown)
    {
        if (shown.GetStringOrNull("hive_result_schema") is not { Length: > 0 } text)
        {
            return [];
        }

        try
        {
            return [.. ((ConfigList)ConfigJson.Parse(text)).Items.Select(pair => pair is ConfigList { Items: [ConfigText name, ConfigText type, ..] }
                ? new QueryColumn(name.Value, type.Value)
                : throw new InvalidCastException())];
        }
        catch (Exception e) when (e is InvalidCastException or JsonException or WorkflowException)
        {
            throw TdApiException.OfContent($"/v3/job/show/{id}", $"Unexpected hive_result_schema: {text}");
        }
    }
}
