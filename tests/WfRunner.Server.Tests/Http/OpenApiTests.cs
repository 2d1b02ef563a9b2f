using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Microsoft.OpenApi;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests.Http;

/// <summary>The API's description says what the API does.</summary>
public sealed class OpenApiTests
{
    private const string Scheduled = "timezone: Asia/Tokyo\nschedule:\n  daily>: 07:00:00\n+a:\n  probe>: a\n";

    private static readonly EvaluationOptions Strict = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    // A request that succeeds for each operation, in an order in which they can be made; the server holds what Prepare puts there.
    private static readonly IReadOnlyList<(string Operation, string Path, string? Body)> Requests =
    [
        ("getVersion", "api/version", null),
        ("checkClientVersion", "api/version/check?client=0.10.5", null),
        ("getFeatures", "api/features", null),
        ("getOpenApi", "api/openapi.json", null),
        ("getOverview", "api/overview", null),
        ("getMetrics", "metrics", null),
        ("getServerStatus", "api/admin/status", null),
        ("getProjects", "api/projects?name_pattern=em&count=5&last_id=0", null),
        ("getProject", "api/project?name=demo", null),
        ("getProjectById", "api/projects/1", null),
        ("getRevisions", "api/projects/1/revisions?page%5Bsize%5D=1", null),
        ("getWorkflows", "api/projects/1/workflows?revision=r1", null),
        ("getWorkflowByName", "api/projects/1/workflows/wf", null),
        ("getWorkflow", "api/projects/1/workflow?name=wf", null),
        ("getProjectSchedules", "api/projects/1/schedules?workflow=wf", null),
        ("getProjectSessions", "api/projects/1/sessions", null),
        ("getArchive", "api/projects/1/archive", null),
        ("getWorkflowDefinitions", "api/workflows?order=desc", null),
        ("getWorkflowDefinition", "api/workflow?project=demo&name=wf", null),
        ("getWorkflowDefinitionById", "api/workflows/1", null),
        ("getTruncatedSessionTime", "api/workflows/1/truncated_session_time?session_time=2026-01-01T00:00&mode=day", null),
        ("getWorkflowHistory", "api/workflows/1/history?count=5", null),
        ("putSecret", "api/projects/1/secrets/a.b", """{"value":"x"}"""),
        ("getSecrets", "api/projects/1/secrets", null),
        ("deleteSecret", "api/projects/1/secrets/a.b", null),
        ("getSessions", "api/sessions?status=success&min_duration=0s&max_duration=1h&from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z", null),
        ("getSession", "api/sessions/1", null),
        ("getSessionAttempts", "api/sessions/1/attempts", null),
        ("getAttempts", "api/attempts?project=demo&workflow=wf&include_retried=true", null),
        ("getAttempt", "api/attempts/1", null),
        ("getAttemptRetries", "api/attempts/1/retries", null),
        ("getTasks", "api/attempts/1/tasks", null),
        ("getTaskDurations", "api/attempts/1/task_durations?count=5", null),
        ("getLogFiles", "api/logs/1/files?task=%2Bwf", null),
        ("getLogFile", "api/logs/1/files/{log}", null),
        ("followEvents", "api/events", null),
        ("startAttempt", "api/attempts", """{"workflowId":"1","sessionTime":"2026-03-05T00:00:00Z","params":{"k":1}}"""),
        ("killAttempt", "api/attempts/2/kill", "{}"),
        ("getSchedules", "api/schedules", null),
        ("getScheduleById", "api/schedules/1", null),
        ("disableSchedule", "api/schedules/1/disable", null),
        ("enableSchedule", "api/schedules/1/enable", null),
        ("skipSchedule", "api/schedules/1/skip", """{"nextTime":"2199-01-01T00:00:00","dryRun":true}"""),
        ("backfillSchedule", "api/schedules/1/backfill", """{"fromTime":"2026-01-01T00:00:00Z","count":1,"attemptName":"b","dryRun":true}"""),
        ("getTriggers", "api/triggers", null),
        ("createPool", "api/pools", """{"name":"act","concurrencyLimit":2}"""),
        ("getPools", "api/pools", null),
        ("getPool", "api/pools/2", null),
        ("changePool", "api/pools/2", """{"concurrencyLimit":3}"""),
        ("createPoolRule", "api/pool_rules", """{"poolId":"2","priority":1,"conditions":[{"type":"project_name","operator":"starts_with","values":["a"]},{"type":"invocation_type","values":["scheduled"]}]}"""),
        ("getPoolRules", "api/pool_rules", null),
        ("getPoolRule", "api/pool_rules/1", null),
        ("changePoolRule", "api/pool_rules/1", """{"priority":2}"""),
        ("deletePoolRule", "api/pool_rules/1", null),
        ("deletePool", "api/pools/2", null),
        ("getAttemptUserInfo", "api/admin/attempts/1/userinfo", null),
        ("checkProject", "api/check?project=demo", null),
        ("putProject", "api/projects?project=demo&revision=r2", null),
        ("deleteProject", "api/projects/1", null),
    ];

    private readonly ProbeOperator _probe = new();

    [Fact]
    public async Task The_description_is_valid_OpenAPI()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        using var text = await server.Http.GetStreamAsync("api/openapi.json", TestContext.Current.CancellationToken) is var stream ? await Copy(stream) : null;

        var read = await OpenApiDocument.LoadAsync(text!, "json", null, TestContext.Current.CancellationToken);

        Assert.Empty(read.Diagnostic!.Errors.Select(e => e.Message));
        Assert.Empty(read.Diagnostic.Warnings.Select(w => w.Message));
        Assert.True(read.Document!.Paths.Count > 30);
    }

    [Fact]
    public async Task The_copy_that_the_web_UI_is_typed_by_is_up_to_date()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        var served = JsonNode.Parse(await server.Http.GetStringAsync("api/openapi.json", TestContext.Current.CancellationToken));
        var copy = JsonNode.Parse(await File.ReadAllTextAsync(
            Path.Combine(Repository(), "src", "WfRunner.Ui", "src", "api", "openapi.json"), TestContext.Current.CancellationToken));

        Assert.True(JsonNode.DeepEquals(served, copy), "save what /api/openapi.json answers as src/WfRunner.Ui/src/api/openapi.json");
    }

    [Fact]
    public async Task Every_operation_answers_as_it_is_described()
    {
        await using var server = await RunningServer.StartAsync(
            _probe,
            config:
            [
                ("digdag.secret-encryption-key", Convert.ToBase64String(new byte[32])),
                ("server.authenticator.basic.username", "ann"),
                ("server.authenticator.basic.password", "pw"),
                ("server.authenticator.basic.admin", "true"),
                ("server.admin.port", "0"),
            ]);
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("ann:pw"u8));
        var log = await PrepareAsync(server);

        // What is started from here on runs until it is killed.
        _probe.Hold("a");
        var document = JsonNode.Parse(await server.Http.GetStringAsync("api/openapi.json", TestContext.Current.CancellationToken))!;
        var described = Operations(document);

        Assert.Equal(described.Keys.Order(StringComparer.Ordinal), Requests.Select(r => r.Operation).Order(StringComparer.Ordinal));
        foreach (var (id, path, body) in Requests)
        {
            await CheckAsync(server, document, described[id], id, path.Replace("{log}", Uri.EscapeDataString(log), StringComparison.Ordinal), body);
        }
    }

    [Fact]
    public async Task Refusals_look_as_they_are_described()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        var document = JsonNode.Parse(await server.Http.GetStringAsync("api/openapi.json", TestContext.Current.CancellationToken))!;

        foreach (var path in (string[])["api/projects/9", "api/attempts?page_size=1000", "api/nope", "api/workflows?order=up"])
        {
            using var response = await server.Http.GetAsync(path, TestContext.Current.CancellationToken);
            AssertMatches(document, document["paths"]!["/api/projects"]!["get"]!["responses"]!["default"]!, await TextAsync(response), path);
        }
    }

    private static async Task<string> PrepareAsync(RunningServer server)
    {
        await server.PushAsync("demo", "r1", ("wf.dig", Scheduled));
        await server.StartAttemptAsync();
        await server.EndOfAsync("1");
        var files = (ConfigList)(await server.GetAsync("api/logs/1/files"))["files"]!;
        return ((ConfigMap)files.Items[0]).GetString("fileName");
    }

    private static async Task CheckAsync(
        RunningServer server, JsonNode document, (string Method, JsonNode Node) operation, string id, string path, string? body)
    {
        // The user info is on the admin listener only; its refusal elsewhere is described too.
        var uri = id == "getAttemptUserInfo" ? new Uri($"http://{server.Server.AdminAddress}/{path}") : new Uri(server.Http.BaseAddress!, path);
        using var request = new HttpRequestMessage(new HttpMethod(operation.Method), uri);
        if (id is "putProject" or "checkProject")
        {
            request.Content = new ByteArrayContent(RunningServer.Archive(("wf.dig", Scheduled)));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/gzip");
        }
        else if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var (status, described) = operation.Node["responses"]!.AsObject().First();
        Assert.True(((int)response.StatusCode).ToString(CultureInfo.InvariantCulture) == status, $"{id}: {response.StatusCode} {(response.IsSuccessStatusCode ? "" : await TextAsync(response))}");
        var content = described!["content"]!.AsObject().Single();
        Assert.Equal(content.Key, response.Content.Headers.ContentType!.MediaType);
        if (content.Key == "application/json")
        {
            AssertMatches(document, described!, await TextAsync(response), id);
        }
    }

    private static void AssertMatches(JsonNode document, JsonNode answer, string json, string what)
    {
        var schema = answer["content"]!["application/json"]!["schema"]!.DeepClone().AsObject();
        schema["$defs"] = document["components"]!["schemas"]!.DeepClone();
        var text = schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        using var value = JsonDocument.Parse(json);

        var result = JsonSchema.FromText(text).Evaluate(value.RootElement, Strict);

        var problems = result.Details?.Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation} {e.Key}: {e.Value}"));
        Assert.True(result.IsValid, $"{what}: {string.Join("; ", problems ?? [])}\n{json}");
    }

    private static Dictionary<string, (string Method, JsonNode Node)> Operations(JsonNode document) => document["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject())
        .ToDictionary(o => (string)o.Value!["operationId"]!, o => (o.Key.ToUpperInvariant(), o.Value!));

    private static string Repository()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "WfRunner.sln")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("not below the repository");
        }

        return directory;
    }

    private static async Task<MemoryStream> Copy(Stream stream)
    {
        var copy = new MemoryStream();
        await stream.CopyToAsync(copy, TestContext.Current.CancellationToken);
        copy.Position = 0;
        return copy;
    }

    private static Task<string> TextAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
