using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Cloud.Google;

namespace WfRunner.Operators.Tests.Cloud.Google;

public sealed class GcsWaitOperatorTests : IDisposable
{
    private const string Usage = "Either the gcs_wait operator command or both 'bucket' and 'object' parameters must be set";
    private const string Found = """{"name":"dir/f","bucket":"b","size":"12","generation":"1700000000000001","md5Hash":"x==","timeCreated":"2024-01-02T03:04:05.678Z"}""";

    private readonly OperatorTestContext _context = new();
    private readonly GcsWaitOperator _wait = new();

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData("gcs_wait>: gs://b/dir/f ä", "{}")]
    [InlineData("gcs_wait>: b/dir/f ä", "{}")]
    [InlineData("gcs_wait>:\nbucket: b\nobject: dir/f ä", "{}")]
    [InlineData("gcs_wait>:\nobject: dir/f ä", "gcs: {bucket: b}")]
    [InlineData("gcs_wait>: b/dir/f ä", "{bucket: other, object: other}")]
    public async Task The_object_is_named_in_any_of_these_ways(string task, string exports)
    {
        using var google = GoogleServer.Of((200, Found));
        google.Use(_context);

        var outcome = await _context.RunAsync(_wait, task, exports);

        Assert.Equal("GET /storage/v1/b/b/o/dir%2Ff%20%C3%A4", Assert.Single(google.Requests));
        var result = Assert.IsType<OperatorOutcome.Succeeded>(outcome).Result;
        Assert.Equal(["gcs_wait.last_object"], result.ResetStoreParams);
        Assert.Equal(
            """{"gcs_wait":{"last_object":{"metadata":{"name":"dir/f","bucket":"b","size":12,"generation":1700000000000001,"md5Hash":"x==","timeCreated":{"value":1704164645678,"dateOnly":false,"timeZoneShift":0}}}}}""",
            ConfigJson.Write(result.StoreParams));
    }

    [Fact]
    public async Task A_missing_object_is_asked_for_again()
    {
        using var google = GoogleServer.Of(GoogleServer.Error(404));
        google.Use(_context);
        var state = ConfigMap.Empty;
        var pauses = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var again = Assert.IsType<OperatorOutcome.Polling>(await RunAsync("gcs_wait>: b/f", state));
            pauses.Add(again.Interval.TotalSeconds);
            state = again.StateParams;
        }

        Assert.Equal([5, 5, 5, 8, 16, 30, 30], pauses);
    }

    [Fact]
    public async Task A_service_in_trouble_is_asked_again_and_a_refusal_fails()
    {
        using var google = GoogleServer.Of(GoogleServer.Error(503), GoogleServer.Error(429), GoogleServer.Error(403, "not you"));
        google.Use(_context);

        var first = Assert.IsType<OperatorOutcome.Polling>(await RunAsync("gcs_wait>: b/f", ConfigMap.Empty));
        var second = Assert.IsType<OperatorOutcome.Polling>(await RunAsync("gcs_wait>: b/f", first.StateParams));
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("gcs_wait>: b/f", second.StateParams));

        Assert.Equal((Duration.FromSeconds(1), Duration.FromSeconds(2)), (first.Interval, second.Interval));
        Assert.Equal("403 not you (google json response)", failure.Message);
    }

    [Fact]
    public async Task A_time_limit_ends_the_wait()
    {
        using var google = GoogleServer.Of(GoogleServer.Error(404));
        google.Use(_context);
        var start = NodaTime.Text.InstantPattern.General.Format(OperatorTestContext.SessionTime - Duration.FromSeconds(20));
        var state = ConfigMap.Of(("exists", ConfigMap.Of(("start_time", start))));

        var failure = await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("gcs_wait>: b/f\ntimeout: 20s", state));
        var passed = Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync("gcs_wait>: b/f\ntimeout: 20s\ncontinue_on_timeout: true", state));

        Assert.Equal(FailureKind.PollingTimeout, failure.Kind);
        Assert.Equal("""{"gcs_wait":{}}""", ConfigJson.Write(passed.Result.StoreParams));
    }

    [Theory]
    [InlineData("gcs_wait>: b", "Illegal GCS URI or path: b")]
    [InlineData("gcs_wait>: gs://b/", "Illegal GCS URI or path: gs://b/")]
    [InlineData("gcs_wait>:\nbucket: b", Usage)]
    [InlineData("gcs_wait>: b/f\nobject: f", Usage)]
    public async Task A_wrong_address_is_refused(string task, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => _context.RunAsync(_wait, task))).Message);

    [Theory]
    [InlineData("no json", "Unable to parse 'gcp.credential' secret")]
    [InlineData("{\"type\":\"service_account\",\"client_email\":\"a\",\"private_key\":\"x\"}", "Unable to parse 'gcp.credential' secret: its private_key is no RSA key in PEM form")]
    [InlineData("{\"type\":\"other\"}", "Google credentials of the type 'other' are not supported: need service_account or authorized_user")]
    public async Task A_credential_that_cannot_be_used_is_said(string credential, string message)
    {
        _context.SecretValues["gcp.credential"] = credential;

        Assert.Equal(message, (await Assert.ThrowsAsync<TaskFailedException>(() => _context.RunAsync(_wait, "gcs_wait>: b/f"))).Message);
    }

    [Fact]
    public async Task A_credential_that_is_refused_is_said()
    {
        using var google = GoogleServer.Of((200, Found));
        using var stranger = GoogleServer.Of((200, Found));
        google.Use(_context);
        _context.SecretValues["gcp.credential"] = stranger.Credential().Replace(stranger.Address, google.Address, StringComparison.Ordinal);

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => _context.RunAsync(_wait, "gcs_wait>: b/f"));

        Assert.Equal("400 Invalid JWT Signature. (google json response)", failure.Message);
        Assert.Empty(google.Requests);
    }

    private Task<OperatorOutcome> RunAsync(string task, ConfigMap state) =>
        _wait.RunAsync(OperatorTestContext.Request(task) with { StateParams = state }, _context, TestContext.Current.CancellationToken);
}
