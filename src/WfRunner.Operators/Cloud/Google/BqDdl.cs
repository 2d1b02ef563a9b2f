using System.Globalization;
using System.Net;
using NodaTime;
using NodaTime.Text;
using WfRunner.Cloud.Google;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Operators.Cloud.Google;

/// <summary>The single operations of <c>bq_ddl&gt;</c>; each may be repeated without harm. Digdag behaviour: operators-cloud 7.2.</summary>
internal sealed class BqDdl(GoogleApi bigQuery, string? defaultDataset, DateTimeZone zone)
{
    public Task DeleteDatasetAsync(ConfigValue item, CancellationToken cancellationToken) =>
        DeleteAsync(Dataset(item is ConfigText text ? text.Value : throw new ConfigException($"Bad dataset reference: {item}", item.Span)), cancellationToken);

    public async Task EmptyDatasetAsync(ConfigValue item, CancellationToken cancellationToken)
    {
        var dataset = DatasetBody(item);
        await DeleteAsync(dataset.GetMap("datasetReference"), cancellationToken).ConfigureAwait(false);
        await InsertDatasetAsync(dataset, cancellationToken).ConfigureAwait(false);
    }

    public Task CreateDatasetAsync(ConfigValue item, CancellationToken cancellationToken) =>
        InsertDatasetAsync(DatasetBody(item), cancellationToken);

    public Task DeleteTableAsync(ConfigValue item, CancellationToken cancellationToken) => IgnoreAsync(
        HttpStatusCode.NotFound,
        HttpMethod.Delete,
        PathOfTable(item is ConfigText text ? Table(text.Value) : throw new ConfigException($"Bad table reference: {item}", item.Span)),
        null,
        cancellationToken);

    public async Task EmptyTableAsync(ConfigValue item, CancellationToken cancellationToken)
    {
        var table = TableBody(item);
        await IgnoreAsync(HttpStatusCode.NotFound, HttpMethod.Delete, PathOfTable(table.GetMap("tableReference")), null, cancellationToken).ConfigureAwait(false);
        await InsertTableAsync(table, cancellationToken).ConfigureAwait(false);
    }

    public Task CreateTableAsync(ConfigValue item, CancellationToken cancellationToken) => InsertTableAsync(TableBody(item), cancellationToken);

    private async Task DeleteAsync(ConfigMap dataset, CancellationToken cancellationToken)
    {
        var path = PathOfDataset(dataset);
        if (await FindAsync(path, cancellationToken).ConfigureAwait(false) is null)
        {
            return;
        }

        string? page = null;
        do
        {
            var list = await FindAsync($"{path}/tables{(page is null ? string.Empty : "?pageToken=" + Uri.EscapeDataString(page))}", cancellationToken).ConfigureAwait(false);
            foreach (var table in list?.GetListOrEmpty("tables").OfType<ConfigMap>() ?? [])
            {
                await IgnoreAsync(
                    HttpStatusCode.NotFound, HttpMethod.Delete, PathOfTable(table.GetMap("tableReference")), null, cancellationToken).ConfigureAwait(false);
            }

            page = list?.GetStringOrNull("nextPageToken");
        }
        while (page is not null);

        await IgnoreAsync(HttpStatusCode.NotFound, HttpMethod.Delete, path, null, cancellationToken).ConfigureAwait(false);
    }

    private Task InsertDatasetAsync(ConfigMap dataset, CancellationToken cancellationToken) => IgnoreAsync(
        HttpStatusCode.Conflict, HttpMethod.Post, PathOfProject(dataset.GetMap("datasetReference")) + "/datasets", dataset, cancellationToken);

    private Task InsertTableAsync(ConfigMap table, CancellationToken cancellationToken) => IgnoreAsync(
        HttpStatusCode.Conflict, HttpMethod.Post, PathOfDataset(table.GetMap("tableReference")) + "/tables", table, cancellationToken);

    private async Task<ConfigMap?> FindAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await bigQuery.SendAsync(HttpMethod.Get, path, null, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task IgnoreAsync(HttpStatusCode harmless, HttpMethod method, string path, ConfigMap? body, CancellationToken cancellationToken)
    {
        try
        {
            await bigQuery.SendAsync(method, path, body, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.Status == harmless)
        {
            // It is as it should be already.
        }
    }

    private ConfigMap DatasetBody(ConfigValue item)
    {
        if (item is ConfigText name)
        {
            return ConfigMap.Of(("datasetReference", Dataset(name.Value)));
        }

        if (item is not ConfigMap given)
        {
            throw new ConfigException($"Invalid dataset reference or configuration: {item}", item.Span);
        }

        var reference = Dataset(given.GetString("id"));
        return new BqFields(given)
            .Value("datasetReference", given.GetStringOrNull("project") is { } project ? reference.With("projectId", project) : reference)
            .Text("friendly_name", "friendlyName")
            .Text("description", "description")
            .Value("defaultTableExpirationMs", DurationOption.Read(given, "default_table_expiration") is { } kept ? Milliseconds((long)kept.TotalMilliseconds) : null)
            .Text("location", "location")
            .List("access", "access")
            .Object("labels", "labels")
            .Build();
    }

    private ConfigMap TableBody(ConfigValue item)
    {
        if (item is ConfigText name)
        {
            return ConfigMap.Of(("tableReference", Table(name.Value)));
        }

        if (item is not ConfigMap given)
        {
            throw new ConfigException($"Invalid table reference or configuration: {item}", item.Span);
        }

        if ((given.GetStringOrNull("dataset") ?? defaultDataset) is not { } dataset)
        {
            throw new ConfigException("Bad table reference or configuration: Missing 'dataset'", item.Span);
        }

        var reference = BqReference.Table(given.GetString("id"), dataset, bigQuery.Project);
        return new BqFields(given)
            .Value("tableReference", given.GetStringOrNull("project") is { } project ? reference.With("projectId", project) : reference)
            .Text("friendly_name", "friendlyName")
            .Text("description", "description")
            .Value("expirationTime", given["expiration_time"] is { IsNull: false } end ? Milliseconds(Time(end).ToUnixTimeMilliseconds()) : null)
            .Object("schema", "schema")
            .Object("time_partitioning", "timePartitioning")
            .Object("view", "view")
            .Object("labels", "labels")
            .Build();
    }

    // A count of seconds since 1970, or a date and time, which without an offset is one of the workflow's zone.
    private Instant Time(ConfigValue value)
    {
        var text = ConfigAccess.AsString("expiration_time", value);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= Instant.MaxValue.ToUnixTimeSeconds())
        {
            return Instant.FromUnixTimeSeconds(seconds);
        }

        return OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true, Value: var fixedTime } ? fixedTime.ToInstant()
            : LocalDateTimePattern.ExtendedIso.Parse(text) is { Success: true, Value: var local } ? local.InZoneLeniently(zone).ToInstant()
            : throw new ConfigException($"Invalid expiration_time: {text}", value.Span);
    }

    // The service reads long numbers from texts.
    private static ConfigValue Milliseconds(long value) => value.ToString(CultureInfo.InvariantCulture);

    private ConfigMap Dataset(string text) => BqReference.Dataset(text, bigQuery.Project);

    private ConfigMap Table(string text) => BqReference.Table(text, defaultDataset, bigQuery.Project);

    private static string PathOfProject(ConfigMap reference) => $"/bigquery/v2/projects/{Uri.EscapeDataString(reference.GetString("projectId"))}";

    private static string PathOfDataset(ConfigMap reference) => $"{PathOfProject(reference)}/datasets/{Uri.EscapeDataString(reference.GetString("datasetId"))}";

    private static string PathOfTable(ConfigMap reference) => $"{PathOfDataset(reference)}/tables/{Uri.EscapeDataString(reference.GetString("tableId"))}";
}
