using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Cloud.Aws;
using WfRunner.Operators.Tests.Http;
using WfRunner.Tests.Shared;

namespace WfRunner.Operators.Tests.Cloud.Aws;

public sealed class S3WaitOperatorTests : IClassFixture<S3Server>, IDisposable
{
    private const string Usage = "Either the s3_wait operator command or both 'bucket' and 'key' parameters must be set";

    private readonly OperatorTestContext _context = new();
    private readonly S3WaitOperator _wait = new();
    private readonly S3Server _server;

    public S3WaitOperatorTests(S3Server server)
    {
        _server = server;
        Use(server.Address);
    }

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task An_object_that_exists_ends_the_wait_and_its_headers_are_stored()
    {
        await _server.PutAsync("there/a b+c.csv", "1,2,3\n", ("Owner", "me"));

        var result = Result(await RunAsync("s3_wait>: data/there/a b+c.csv"));

        Assert.Equal(["s3.last_object"], result.ResetStoreParams);
        var found = result.StoreParams.GetMap("s3").GetMap("last_object");
        Assert.Equal("""{"owner":"me"}""", ConfigJson.Write(found.GetMap("user_metadata")));
        var metadata = found.GetMap("metadata");
        Assert.Equal("6", ConfigJson.Write(metadata["Content-Length"]!));
        Assert.Equal("text/csv", metadata.GetString("Content-Type"));
        Assert.Matches("^[0-9a-f]{32}$", metadata.GetString("ETag"));
        Assert.InRange(metadata.GetInt64("Last-Modified"), 1_600_000_000_000, 10_000_000_000_000);
        Assert.False(metadata.Has("Date"));
    }

    [Theory]
    [InlineData("s3_wait>: s3://data/forms", "{}")]
    [InlineData("s3_wait>:\nbucket: data\nkey: forms", "{}")]
    [InlineData("s3_wait>:\nkey: forms", "aws: {s3: {bucket: data}}")]
    [InlineData("s3_wait>:\nkey: forms", "aws: {bucket: data}")]
    [InlineData("s3_wait>: data/forms", "bucket: other\nkey: other")]
    public async Task The_object_is_named_in_any_of_these_ways(string task, string exports)
    {
        await _server.PutAsync("forms", "x");

        Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync(task, exports));
    }

    [Fact]
    public async Task A_missing_object_is_asked_for_again_after_growing_pauses()
    {
        var state = ConfigMap.Empty;
        var pauses = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            var again = Assert.IsType<OperatorOutcome.Polling>(await RunAsync("s3_wait>: data/nowhere", state: state));
            pauses.Add(again.Interval.TotalSeconds);
            state = again.StateParams;
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 300, 300], pauses);
        Assert.Equal("""{"EXISTS":{"start_time":"2024-03-12T19:05:06Z","iteration":8,"operation":{}}}""", ConfigJson.Write(state));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task A_service_in_trouble_is_asked_again(int status)
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(status), RawHttpServer.Answer(status), RawHttpServer.Answer(200));
        Use(server.Address);

        var first = Assert.IsType<OperatorOutcome.Polling>(await RunAsync("s3_wait>: data/k"));
        var second = Assert.IsType<OperatorOutcome.Polling>(await RunAsync("s3_wait>: data/k", state: first.StateParams));

        Assert.Equal((Duration.FromSeconds(1), Duration.FromSeconds(2)), (first.Interval, second.Interval));
        Assert.Equal(2, second.StateParams.GetMap("EXISTS").GetMap("operation").GetMap("POLL").GetInt32("retry"));
        Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync("s3_wait>: data/k", state: second.StateParams));
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_is_asked_again()
    {
        Use("http://127.0.0.1:1");

        Assert.Equal(Duration.FromSeconds(1), Assert.IsType<OperatorOutcome.Polling>(await RunAsync("s3_wait>: data/k")).Interval);
        Assert.StartsWith("WARN Operation failed: retrying in 1 seconds", Assert.Single(_context.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_fails_at_once()
    {
        _context.SecretValues["aws.access_key_id"] = "somebody";

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("s3_wait>: data/k"));

        Assert.Contains("Status Code: 403", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("(amazon s3)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_limit_fails_the_task()
    {
        var failure = await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("s3_wait>: data/nowhere\ntimeout: 10s", state: Since(10)));

        Assert.Equal((FailureKind.PollingTimeout, "Timeout happened"), (failure.Kind, failure.Message));
        Assert.Contains("ERROR The object 'data/nowhere' did not appear within 10s", _context.Lines);
    }

    [Fact]
    public async Task The_time_limit_shortens_the_last_pause() => Assert.Equal(
        Duration.FromSeconds(7),
        Assert.IsType<OperatorOutcome.Polling>(await RunAsync("s3_wait>: data/nowhere\ntimeout: 60s", state: Since(53, 4))).Interval);

    [Fact]
    public async Task With_continue_on_timeout_the_object_is_forgotten_instead()
    {
        var result = Result(await RunAsync("s3_wait>: data/nowhere\ntimeout: 10s\ncontinue_on_timeout: true", state: Since(11)));

        Assert.Equal(["s3.last_object"], result.ResetStoreParams);
        Assert.Equal("""{"s3":{}}""", ConfigJson.Write(result.StoreParams));
    }

    [Fact]
    public async Task An_object_found_at_the_deadline_counts()
    {
        await _server.PutAsync("late", "x");

        Assert.True(Result(await RunAsync("s3_wait>: data/late\ntimeout: 10s", state: Since(10))).StoreParams.GetMap("s3").Has("last_object"));
    }

    [Theory]
    [InlineData("s3_wait>: mybucket", "Illegal s3 path: mybucket")]
    [InlineData("s3_wait>: /k", "Illegal s3 path: /k")]
    [InlineData("s3_wait>: b/", "Illegal s3 path: b/")]
    [InlineData("s3_wait>:\nbucket: b", Usage)]
    [InlineData("s3_wait>:", Usage)]
    [InlineData("s3_wait>: b/k\nkey: k", Usage)]
    public async Task A_wrong_address_is_refused(string task, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => RunAsync(task))).Message);

    [Fact]
    public async Task A_time_limit_needs_a_unit() =>
        await Assert.ThrowsAsync<ConfigException>(() => RunAsync("s3_wait>: b/k\ntimeout: 120"));

    [Fact]
    public async Task An_unknown_region_is_refused_unless_there_is_an_endpoint()
    {
        await _server.PutAsync("region", "x");
        Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync("s3_wait>: data/region\nregion: nowhere"));
        _context.SecretValues.Remove("aws.s3.endpoint");

        Assert.Equal(
            "Illegal AWS region: nowhere",
            (await Assert.ThrowsAsync<ConfigException>(() => RunAsync("s3_wait>: data/region\nregion: nowhere"))).Message);
    }

    [Theory]
    [InlineData("aws.access_key_id", "access_key_id")]
    [InlineData("aws.secret_access_key", "secret_access_key")]
    public async Task A_missing_secret_is_named(string secret, string name)
    {
        _context.SecretValues.Remove(secret);

        var failure = await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("s3_wait>: b/k"));

        Assert.Equal((FailureKind.SecretNotFound, $"Secret not found for key: '{name}'"), (failure.Kind, failure.Message));
    }

    [Fact]
    public async Task Version_and_own_encryption_key_are_sent()
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(404));
        Use(server.Address);
        _context.SecretValues["aws.s3.sse_c_key"] = Convert.ToBase64String(new byte[32]);

        await RunAsync("s3_wait>: data/k\nversion_id: v7");

        var sent = Assert.Single(server.Requests);
        Assert.StartsWith("HEAD /data/k?versionId=v7 HTTP/1.1\n", sent, StringComparison.Ordinal);
        Assert.Contains("AWS4-HMAC-SHA256 Credential=S3RVER/", sent, StringComparison.Ordinal);
        Assert.Contains("x-amz-server-side-encryption-customer-algorithm: AES256\n", sent, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("x-amz-server-side-encryption-customer-key-MD5: cLyPS3Kohqz7Mzs1JKWMnw==\n".Split(' ')[0], sent, StringComparison.OrdinalIgnoreCase);
    }

    private void Use(string address)
    {
        _context.SecretValues["aws.s3.endpoint"] = address;
        _context.SecretValues["aws.access_key_id"] = S3Server.AccessKeyId;
        _context.SecretValues["aws.secret_access_key"] = S3Server.SecretAccessKey;
    }

    private static ConfigMap Since(int seconds, int iteration = 1) => ConfigMap.Of(("EXISTS", ConfigMap.Of(
        ("start_time", NodaTime.Text.InstantPattern.General.Format(OperatorTestContext.SessionTime - Duration.FromSeconds(seconds))),
        ("iteration", (long)iteration),
        ("operation", ConfigMap.Empty))));

    private Task<OperatorOutcome> RunAsync(string task, string exports = "{}", ConfigMap? state = null) => _wait.RunAsync(
        OperatorTestContext.Request(task + "\npath_style_access: true", exports) with { StateParams = state ?? ConfigMap.Empty },
        _context,
        TestContext.Current.CancellationToken);

    private static TaskResult Result(OperatorOutcome outcome) => Assert.IsType<OperatorOutcome.Succeeded>(outcome).Result;
}
