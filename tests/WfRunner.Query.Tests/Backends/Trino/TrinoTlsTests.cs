using System.Text;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Secrets;
using WfRunner.Query.Backends.Trino;

namespace WfRunner.Query.Tests.Backends.Trino;

/// <summary>Trino over TLS: whose certificate is believed, and what is sent to let us in.</summary>
public sealed class TrinoTlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-trino-tls-");
    private readonly TrinoServer _server = new();
    private readonly TlsServer _tls;
    private readonly TrinoBackend _backend = new();
    private readonly List<string> _warnings = [];

    public TrinoTlsTests()
    {
        _tls = new TlsServer(_server.Port);
        _server.Elsewhere = $"https://127.0.0.1:{_tls.Port}";
        File.WriteAllText(Path.Combine(_folder.FullName, "ca.pem"), _tls.Authority);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _backend.Dispose();
        _tls.Dispose();
        _server.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_certificate_of_the_named_authority_is_believed()
    {
        Assert.Equal("[1]", await RunAsync(Section().With("ssl_ca", "ca.pem"), []));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task An_unknown_certificate_is_refused_at_once()
    {
        var failure = await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync(Section(), new() { ["trino.password"] = "s3cret" }));

        Assert.StartsWith($"Trino error: no secure connection to 127.0.0.1:{_tls.Port}: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ssl_ca names a file of authorities to trust", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(_server.Received);
    }

    [Fact]
    public async Task Another_authority_does_not_help()
    {
        using var other = new TlsServer(_server.Port);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "other.pem"), other.Authority, Cancellation);

        await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync(Section().With("ssl_ca", "other.pem"), []));

        Assert.Empty(_server.Received);
    }

    [Fact]
    public async Task Any_certificate_is_taken_only_when_asked_for_and_with_a_warning()
    {
        Assert.Equal("[1]", await RunAsync(Section().With("ssl_insecure", true), []));

        Assert.Equal(
            $"The certificate of 127.0.0.1:{_tls.Port} is not checked (ssl_insecure): who stands between can read and change everything", Assert.Single(_warnings));
    }

    [Theory]
    [InlineData("none.pem", "ssl_ca of trino: file not found: ")]
    [InlineData("empty.pem", "holds no certificate")]
    public async Task A_wrong_file_of_authorities_is_told(string file, string message)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "empty.pem"), "nothing", Cancellation);

        var failure = await Assert.ThrowsAsync<ConfigException>(() => RunAsync(Section().With("ssl_ca", file), []));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trino.password", "päss:word", "Basic bWU6cMOkc3M6d29yZA==")]
    [InlineData("trino.token", " eyJhbGciOiJIUzI1NiJ9.e30.x \n", "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x")]
    public async Task Who_asks_is_told_to_the_server(string secret, string value, string header)
    {
        await RunAsync(Section().With("ssl_ca", "ca.pem"), new() { [secret] = value });

        Assert.Equal(header, _server.Received.First().Headers["Authorization"]);
    }

    [Fact]
    public async Task The_system_configuration_may_name_the_server()
    {
        var config = new Dictionary<string, string>
        {
            ["query.trino.host"] = "127.0.0.1",
            ["query.trino.port"] = _tls.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["query.trino.user"] = "service",
            ["query.trino.ssl_ca"] = Path.Combine(_folder.FullName, "ca.pem"),
        };

        Assert.Equal("[1]", await RunAsync(ConfigMap.Empty, [], config));
        Assert.Equal("service", _server.Received.First().Headers["X-Trino-User"]);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_for_the_next_page()
    {
        await using var job = await SubmitAsync(Section().With("ssl_ca", "ca.pem"), [], null, "select x from (select unnest(generate_series(1, 25000)) as x) as s");
        await job.WaitAsync(Cancellation);
        _server.Faults.Enqueue(503);
        _server.Faults.Enqueue(503);
        var count = 0;
        await foreach (var row in job.ReadRowsAsync(Cancellation))
        {
            count++;
        }

        Assert.Equal(25000, count);
        Assert.Empty(_server.Faults);
    }

    [Fact]
    public async Task A_cancelled_query_is_ended_on_the_server()
    {
        await using var job = await SubmitAsync(Section().With("ssl_ca", "ca.pem"), [], null, "select x from (select unnest(generate_series(1, 500000)) as x) as s");
        await job.WaitAsync(Cancellation);

        await job.CancelAsync(Cancellation);
        await job.DisposeAsync();

        Assert.Equal(1, _server.Ended);
    }

    private ConfigMap Section() => ConfigMap.Of(("host", "127.0.0.1"), ("port", _tls.Port), ("user", "me"));

    private async Task<string> RunAsync(ConfigMap section, Dictionary<string, string> secrets, Dictionary<string, string>? config = null)
    {
        await using var job = await SubmitAsync(section, secrets, config, "select 1 as a");
        await job.WaitAsync(Cancellation);
        var rows = new StringBuilder();
        await foreach (var row in job.ReadRowsAsync(Cancellation))
        {
            rows.Append('[').AppendJoin(',', row).Append(']');
        }

        return rows.ToString();
    }

    private Task<IQueryJob> SubmitAsync(ConfigMap section, Dictionary<string, string> secrets, Dictionary<string, string>? config, string query) => _backend.SubmitAsync(
        new QueryRequest
        {
            ProjectDirectory = _folder.FullName,
            LocalDirectory = _folder.FullName,
            Database = "test",
            Statement = query,
            Query = query,
            ScheduledTime = Instant.FromUnixTimeSeconds(1710270306),
            Warn = _warnings.Add,
            Settings = new BackendSettings(section.Count == 0 ? section : ConfigMap.Of(("trino", section)), new Secrets(secrets), config ?? []),
        },
        Cancellation);

    private sealed class Secrets(Dictionary<string, string> values) : ISecretProvider
    {
        public string? Find(string name) => values.GetValueOrDefault(name);
    }
}
