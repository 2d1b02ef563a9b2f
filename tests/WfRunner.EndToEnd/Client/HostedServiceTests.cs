using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Client;

/// <summary>The client against the hosted service's answers, and against those of stock servers where they differ.</summary>
public sealed class HostedServiceTests
{
    private const string Project =
        """{"id":"1","name":"p","revision":"r2","archiveType":"s3","createdAt":"2025-01-01T00:00:00Z","updatedAt":"2025-01-02T00:00:00Z","metadata":[{"key":"pbp","value":"x"}]}""";

    private const string Workflow =
        """{"id":"5","name":"w","project":{"id":"1","name":"p"},"revision":"r2","timezone":"UTC","config":{}}""";

    private static readonly string[] Td = ["--target", "td"];

    [Fact]
    public async Task A_start_may_queue_on_the_hosted_service_and_waits_through_states_nobody_knows()
    {
        using var service = Service((request, before) => request.Line switch
        {
            "PUT /api/attempts" => new(Attempt("queued", poolId: "42")),
            "GET /api/attempts/9" => new(before switch { 0 => Attempt("paused"), 1 => Attempt("running"), _ => Attempt("success", done: true) }),
            _ => null,
        });
        using var folder = new TestFolder();
        var start = (await Wf.RunAsync(folder, ["start", "p.w", "--param", "a=1", "--session-time", "2025-01-01T00:00:00+00:00", "--wait", .. Td, "-e", service.Endpoint])).Exits(0);

        using var body = JsonDocument.Parse(service.Requests.Single(r => r.Line == "PUT /api/attempts").Body);
        Assert.True(body.RootElement.GetProperty("allowQueueing").GetBoolean());
        Assert.Equal("""{"a":"1"}""", body.RootElement.GetProperty("params").GetRawText());
        Assert.Contains("session_time=2025-01-01T00%3A00%3A00", service.Requests.Single(r => r.Path.EndsWith("truncated_session_time", StringComparison.Ordinal)).Query, StringComparison.Ordinal);
        Assert.Contains("Status: queued (pool 42)\nAttempt 9: paused\nAttempt 9: running\nAttempt 9: success after ", start.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stock_server_is_never_asked_about_queueing()
    {
        using var service = Service((request, _) => request.Line == "PUT /api/attempts" ? new(Attempt("running")) : null);
        using var folder = new TestFolder();
        (await Wf.RunAsync(folder, "start", "p", "w", "--session", "now", "-e", service.Endpoint)).Exits(0);

        using var body = JsonDocument.Parse(service.Requests.Single(r => r.Line == "PUT /api/attempts").Body);
        Assert.Equal(["workflowId", "sessionTime", "retryAttemptName", "resume", "params"], body.RootElement.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task A_full_pool_is_told_when_the_attempt_must_not_wait()
    {
        using var service = Service((request, _) => request.Line == "PUT /api/attempts"
            ? new("""{"message":"Too many attempts running. Limit: 3, Current: 3","status":400}""", 400) : null);
        using var folder = new TestFolder();
        var start = (await Wf.RunAsync(folder, ["start", "p.w", "--no-queue", .. Td, "-e", service.Endpoint])).Exits(1);

        Assert.Contains("error: The pool is full, and --no-queue was asked for: ", start.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_attempt_is_the_exit_code_of_waiting()
    {
        using var service = Service((request, _) => request.Line switch
        {
            "PUT /api/attempts" => new(Attempt("running")),
            "GET /api/attempts/9" => new(Attempt("error", done: true)),
            _ => null,
        });
        using var folder = new TestFolder();

        Assert.Contains("Attempt 9: error after ", (await Wf.RunAsync(folder, "start", "p.w", "--wait", "-e", service.Endpoint)).Exits(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trigger_is_pushed_byte_for_byte_and_the_services_refusal_is_shown_once()
    {
        const string text = "trigger: {attempt>: , dependent_workflow_name: load, dependent_project_name: ingestion, delay: 5m}\n+a: {echo>: x}\n";
        const string refusal = "Dependent project 'ingestion' not found in trigger config";
        using var service = Service((request, _) => request.Line switch
        {
            "PUT /api/projects" => new($$"""{"message":"{{refusal}}","status":400}""", 400),
            "GET /api/projects" => new("""{"projects":[]}"""),
            _ => null,
        });
        using var folder = new TestFolder(("w.dig", text), ("tdx.json", """{"workflow_project": "p"}"""));
        var push = (await Wf.RunAsync(folder, ["push", "--yes", .. Td, "-e", service.Endpoint])).Exits(1);

        Assert.Equal(2, push.Error.Split(refusal).Length);
        Assert.Contains("1 warning for td", push.Error, StringComparison.Ordinal);
        var sent = service.Requests.Single(r => r.Line == "PUT /api/projects");
        Assert.Contains("skip_schedule=true", sent.Query, StringComparison.Ordinal);
        Assert.Equal(text, ArchivedText(sent.Bytes, "w.dig"));
    }

    [Fact]
    public async Task A_push_by_name_takes_a_trigger_there_and_nowhere_else()
    {
        using var service = Service((request, _) => request.Line == "PUT /api/projects" ? new(Project) : null);
        using var folder = new TestFolder(("w.dig", "trigger: {attempt>: , dependent_workflow_name: a, dependent_project_name: b}\n+a: {echo>: x}\n"));

        (await Wf.RunAsync(folder, ["push", "p", .. Td, "-e", service.Endpoint])).Exits(0);
        Assert.Contains("includes unknown keys: [trigger]", (await Wf.RunAsync(folder, "push", "p", "-e", service.Endpoint)).Exits(1).Error, StringComparison.Ordinal);
        var sent = Assert.Single(service.Requests, r => r.Line == "PUT /api/projects");
        Assert.Contains("skip_schedule=true", sent.Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--target", "td")]
    [InlineData("--target", "digdag")]
    public async Task Enable_always_says_what_happens_to_missed_sessions(string option, string target)
    {
        using var service = Service((request, _) => request.Line == "POST /api/schedules/3/enable"
            ? new("""{"id":"3","project":{"id":"1","name":"p"},"workflow":{"id":"5","name":"w"},"nextRunTime":"2025-01-01T00:00:00Z","nextScheduleTime":"2025-01-01T00:00:00Z","disabledAt":null}""") : null);
        using var folder = new TestFolder();

        (await Wf.RunAsync(folder, "enable", "3", option, target, "-e", service.Endpoint)).Exits(0);
        (await Wf.RunAsync(folder, "enable", "3", "--skip", option, target, "-e", service.Endpoint)).Exits(0);

        Assert.Equal(["""{"skipSchedule":false}""", """{"skipSchedule":true}"""], service.Requests.Where(r => r.Method == "POST").Select(r => r.Body));
    }

    [Fact]
    public async Task Sessions_are_filtered_page_by_page_until_there_are_enough()
    {
        using var service = Service((request, _) => request.Line == "GET /api/projects/1/sessions"
            ? new("{\"sessions\":[" + string.Join(',', Page(request.Query)) + "]}") : null);
        using var folder = new TestFolder();
        var list = (await Wf.RunAsync(folder, "sessions", "p", "--status", "error", "--from", "2025-01-01", "--limit", "5", "--jsonl", "-e", service.Endpoint)).Exits(0);

        Assert.Equal(["398", "396", "394", "392", "390"], list.Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("id").GetString()));
        Assert.All(list.Lines, l => Assert.Equal("kept", JsonDocument.Parse(l).RootElement.GetProperty("novelty").GetString()));

        var all = (await Wf.RunAsync(folder, "sessions", "p", "--status", "queued", "--tsv", "-e", service.Endpoint)).Exits(0);
        Assert.Equal(2, all.Lines.Count);
        Assert.StartsWith("id\tproject.name\t", all.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("101\tp\t", all.Lines[1], StringComparison.Ordinal);

        static IEnumerable<string> Page(string query)
        {
            var last = query.Split('&', '?').FirstOrDefault(q => q.StartsWith("last_id=", StringComparison.Ordinal)) is { } given ? int.Parse(given[8..], System.Globalization.CultureInfo.InvariantCulture) : 401;
            return Enumerable.Range(0, 100).Select(i => last - 1 - i).Where(i => i > 100).Select(i => Session(i, i == 101 ? "queued" : i % 2 == 0 && i < 400 ? "error" : "success"));
        }
    }

    [Fact]
    public async Task Projects_are_found_by_pattern_and_keep_keys_that_nobody_knows()
    {
        using var service = Service((request, _) => request.Line == "GET /api/projects" && !request.Query.Contains("last_id", StringComparison.Ordinal)
            ? new("{\"projects\":[" + string.Join(',', ((string[])["prod_a", "test", "prod_b"]).Select((n, i) => Project.Replace("\"1\"", $"\"{i + 1}\"", StringComparison.Ordinal).Replace("\"p\"", $"\"{n}\"", StringComparison.Ordinal))) + "]}")
            : request.Line == "GET /api/projects" ? new("""{"projects":[]}""") : null);
        using var folder = new TestFolder();
        var tsv = (await Wf.RunAsync(folder, "projects", "prod_*", "--tsv", "-e", service.Endpoint)).Exits(0);

        Assert.Equal(["id\tname\trevision\tarchiveType\tcreatedAt\tupdatedAt", "1\tprod_a\tr2\ts3\t2025-01-01T00:00:00Z\t2025-01-02T00:00:00Z", "3\tprod_b\tr2\ts3\t2025-01-01T00:00:00Z\t2025-01-02T00:00:00Z"], tsv.Lines);
        Assert.DoesNotContain('\u001b', tsv.Out);
        Assert.Contains("\"metadata\":[{\"key\":\"pbp\",\"value\":\"x\"}]", (await Wf.RunAsync(folder, "projects", "--json", "-e", service.Endpoint)).Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resume_that_will_be_refused_is_doubted_before_it_is_asked_for()
    {
        using var service = Service((request, _) => request.Line switch
        {
            "GET /api/attempts/7" => new(Attempt("error", done: true, id: 7)),
            "GET /api/workflows/5" => new(Workflow.Replace("r2", "r1", StringComparison.Ordinal)),
            "GET /api/attempts/7/tasks" => new("""{"tasks":[]}"""),
            "PUT /api/attempts" => new(Attempt("running")),
            _ => null,
        });
        using var folder = new TestFolder();
        var doubtful = (await Wf.RunAsync(folder, ["attempt", "7", "retry", "--resume-from", "+load", .. Td, "-e", service.Endpoint])).Exits(1);

        Assert.Contains("the project has a newer revision than the attempt", doubtful.Error, StringComparison.Ordinal);
        Assert.Contains("--yes does it without asking", doubtful.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(service.Requests, r => r.Line == "PUT /api/attempts");
        (await Wf.RunAsync(folder, ["attempt", "7", "retry", "--resume-from", "+load", "--yes", .. Td, "-e", service.Endpoint])).Exits(0);
        var chosen = (await Wf.RunAsync(folder, ["attempt", "7", "retry", "--resume-from", "+load", "--keep-revision", .. Td, "-e", service.Endpoint])).Exits(0);
        Assert.DoesNotContain("revision", chosen.Error, StringComparison.Ordinal);
        Assert.All(
            service.Requests.Where(r => r.Line == "PUT /api/attempts"),
            r => Assert.Contains("""{"mode":"from","attemptId":"7","from":"+load"}""", r.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_retried_group_is_seen_in_its_repeated_tasks()
    {
        const string task = """{"id":"1","fullName":"+w+g","parentId":null,"upstreams":[],"state":"error","config":{},"exportParams":{},"storeParams":{},"stateParams":{},"error":{},"updatedAt":"2025-01-01T00:00:00Z"}""";
        using var service = Service((request, _) => request.Line switch
        {
            "GET /api/attempts/7" => new(Attempt("error", done: true, id: 7)),
            "GET /api/workflows/5" => new(Workflow),
            "GET /api/attempts/7/tasks" => new($$"""{"tasks":[{{task}},{{task.Replace("\"1\"", "\"2\"", StringComparison.Ordinal)}}]}"""),
            "PUT /api/attempts" => new(Attempt("running")),
            _ => null,
        });
        using var folder = new TestFolder();
        var retry = (await Wf.RunAsync(folder, ["retry", "7", "--keep-revision", "--resume", .. Td, "-e", service.Endpoint])).Exits(0);

        Assert.Contains("a group of the attempt was retried (+w+g is there 2 times)", retry.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    public async Task Kills_and_secrets_succeed_with_a_body_and_without(int status)
    {
        using var service = Service((request, _) => request.Method is "POST" or "PUT" or "DELETE" ? new(status == 204 ? string.Empty : Attempt("running"), status) : null);
        using var folder = new TestFolder();
        var kill = (await Wf.RunAsync(folder, "attempt", "7", "kill", "--reason", "bad data", "-e", service.Endpoint)).Exits(0);
        var set = (await Wf.RunAsync(folder, "secrets", "set", "p", "a=s3cret", "-e", service.Endpoint)).Exits(0);
        var delete = (await Wf.RunAsync(folder, "secrets", "delete", "p", "a", "--yes", "-e", service.Endpoint)).Exits(0);

        Assert.Contains("bad data", kill.Out, StringComparison.Ordinal);
        Assert.Equal("{}", service.Requests.Single(r => r.Line == "POST /api/attempts/7/kill").Body);
        Assert.Contains("Secret 'a' set\n", set.Error, StringComparison.Ordinal);
        Assert.Contains("Secret 'a' deleted\n", delete.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", set.Out + set.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pools_and_their_rules_are_managed()
    {
        const string pool = """{"id":"3","name":"nightly","concurrencyLimit":20,"default":false}""";
        const string rule = """{"id":"7","poolId":"3","priority":10,"conditions":[]}""";
        using var service = Service((request, _) => request.Line switch
        {
            "GET /api/pools" => new($$"""{"pools":[{{pool}}]}"""),
            "POST /api/pools" => new(pool, 201),
            "PATCH /api/pools/3" => new(pool),
            "DELETE /api/pools/3" => new(string.Empty, 204),
            "GET /api/pool_rules" => new($$"""{"poolRules":[{{rule}}]}"""),
            "POST /api/pool_rules" => new(rule, 201),
            "DELETE /api/pool_rules/7" => new(string.Empty, 204),
            _ => null,
        });
        using var folder = new TestFolder();

        Assert.Contains("  name: nightly\n  concurrency limit: 20\n", (await Run("pools")).Out, StringComparison.Ordinal);
        await Run("pools", "create", "--name", "nightly", "--limit", "20");
        await Run("pools", "update", "nightly", "--limit", "30");
        await Run("pools", "delete", "nightly", "--yes");
        await Run("pool-rules", "create", "--pool", "nightly", "--priority", "10", "--project-name", "etl_,dw_", "--invocation-type", "scheduled");
        Assert.Equal(["7\t3\t10\t[]"], (await Run("pool-rules", "--tsv")).Lines.Skip(1));
        await Run("pool-rules", "delete", "7", "--yes");

        Assert.Equal(
            [
                """POST /api/pools {"name":"nightly","concurrencyLimit":20}""",
                """PATCH /api/pools/3 {"concurrencyLimit":30}""",
                "DELETE /api/pools/3 ",
                """POST /api/pool_rules {"poolId":"3","priority":10,"conditions":[{"type":"project_name","operator":"starts_with","values":["etl_","dw_"]},{"type":"invocation_type","values":["scheduled"]}]}""",
                "DELETE /api/pool_rules/7 ",
            ],
            service.Requests.Where(r => r.Method != "GET").Select(r => $"{r.Line} {r.Body}"));

        async Task<WfResult> Run(params string[] arguments) => (await Wf.RunAsync(folder, [.. arguments, "-e", service.Endpoint])).Exits(0);
    }

    [Fact]
    public async Task A_backfill_sends_the_services_own_keys_only_when_asked()
    {
        using var service = Service((request, _) => request.Line switch
        {
            "GET /api/schedules/3" => new("""{"id":"3","project":{"id":"1","name":"p"},"workflow":{"id":"5","name":"w"},"nextRunTime":"2025-01-01T00:00:00Z","nextScheduleTime":"2025-01-01T00:00:00Z","disabledAt":null}"""),
            "POST /api/schedules/3/backfill" => new("""{"attempts":[]}"""),
            _ => null,
        });
        using var folder = new TestFolder();
        (await Wf.RunAsync(folder, "backfill", "3", "--from", "2025-01-01", "--advance-schedule", "--count", "2", "-e", service.Endpoint)).Exits(0);
        (await Wf.RunAsync(folder, "backfill", "3", "--from", "2025-01-01", "--name", "n", "-e", service.Endpoint)).Exits(0);
        (await Wf.RunAsync(folder, "backfill", "3", "--from", "2025-01-01", "--advance-schedule", "--name", "n", "-e", service.Endpoint)).Exits(1);

        Assert.Equal(
            [
                """{"fromTime":"2025-01-01T00:00:00Z","dryRun":false,"count":2,"advanceSchedule":true,"skipExisting":true}""",
                """{"fromTime":"2025-01-01T00:00:00Z","dryRun":false,"attemptName":"n","count":null}""",
            ],
            service.Requests.Where(r => r.Method == "POST").Select(r => r.Body));
    }

    [Fact]
    public async Task A_key_without_its_scheme_gets_it_and_a_profile_brings_address_and_key()
    {
        using var service = Service((_, _) => new("""{"projects":[]}"""));
        using var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Home, ".config", "wf"));
        await File.WriteAllTextAsync(
            Path.Combine(folder.Home, ".config", "wf", "config"),
            $"profile.prod.client.http.endpoint = {service.Endpoint}\nprofile.prod.client.http.headers.authorization = 12/abcdef\n",
            TestContext.Current.CancellationToken);
        (await Wf.RunAsync(folder, "projects", "--profile", "prod")).Exits(0);
        var unknown = (await Wf.RunAsync(folder, "projects", "--profile", "nope")).Exits(1);

        Assert.All(service.Requests, r => Assert.Equal("TD1 12/abcdef", r.Authorization));
        Assert.Contains("There is no profile 'nope'. Profiles of the configuration: prod.", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("Unknown site 'mars'", (await Wf.RunAsync(folder, "projects", "--site", "mars")).Exits(1).Error, StringComparison.Ordinal);
    }

    private static StandInService Service(Func<StandInService.Request, int, StandInService.Answer?> answer) => new((request, before) => answer(request, before) ?? request.Line switch
    {
        "GET /api/projects" => new(request.Query.Contains("name=p&", StringComparison.Ordinal) || request.Query.EndsWith("name=p", StringComparison.Ordinal) ? $$"""{"projects":[{{Project}}]}""" : """{"projects":[]}"""),
        "GET /api/projects/1/workflows" => new($$"""{"workflows":[{{Workflow}}]}"""),
        "GET /api/workflows/5/truncated_session_time" => new("""{"sessionTime":"2025-01-01T00:00:00Z","timeZone":"UTC"}"""),
        _ => new("""{"message":"not there","status":404}""", 404),
    });

    private static string Attempt(string status, bool done = false, string? poolId = null, int id = 9) =>
        $$"""
        {"id":"{{id}}","index":1,"project":{"id":"1","name":"p"},"workflow":{"name":"w","id":"5"},"sessionId":"8","sessionUuid":"u","sessionTime":"2025-01-01T00:00:00+00:00",
         "retryAttemptName":null,"done":{{(done ? "true" : "false")}},"success":{{(status == "success" ? "true" : "false")}},"cancelRequested":false,"params":{},"status":"{{status}}",
         "poolId":{{(poolId is null ? "null" : $"\"{poolId}\"")}},"createdAt":"2025-01-01T00:00:01Z","finishedAt":{{(done ? "\"2025-01-01T00:00:05Z\"" : "null")}}}
        """;

    private static string Session(int id, string status) =>
        $$"""{"id":"{{id}}","project":{"id":"1","name":"p"},"workflow":{"name":"w","id":"5"},"sessionUuid":"u","sessionTime":"2025-02-01T00:00:00+00:00","novelty":"kept","lastAttempt":{"id":"{{id}}","retryAttemptName":null,"done":{{(status == "queued" ? "false" : "true")}},"success":{{(status == "success" ? "true" : "false")}},"cancelRequested":false,"status":"{{status}}","params":{},"createdAt":"2025-02-01T00:00:00Z"} }""";

    private static string ArchivedText(byte[] archive, string name)
    {
        using var gzip = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name == name)
            {
                using var reader = new StreamReader(entry.DataStream!);
                return reader.ReadToEnd();
            }
        }

        throw new InvalidOperationException($"{name} is not in the archive");
    }
}
