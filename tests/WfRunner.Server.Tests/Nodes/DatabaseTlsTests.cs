using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Tests.Shared;

namespace WfRunner.Server.Tests.Nodes;

/// <summary>Encrypted connections to the database, with certificates on one side and on both.</summary>
public sealed class DatabaseTlsTests : IAsyncLifetime
{
    private const string CertificateUser = "by_certificate";

    private readonly PostgresServer _postgres = new();
    private readonly CertificateAuthority _authority = new("tests");
    private readonly string _folder = Directory.CreateTempSubdirectory("wf-tls-").FullName;
    private readonly ProbeOperator _probe = new();
    private string _database = null!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _database = await _postgres.CreateDatabaseAsync();
        await _postgres.ExecuteAsync(_database, $"CREATE ROLE {CertificateUser} LOGIN SUPERUSER");
        var (certificate, key) = _authority.Issue("database", "localhost");
        await _postgres.ReconfigureAsync(
            new Dictionary<string, string> { ["tests.crt"] = certificate, ["tests.key"] = key, ["ca.crt"] = _authority.Certificate },
            "ssl = on\nssl_cert_file = 'tests.crt'\nssl_key_file = 'tests.key'\nssl_ca_file = 'ca.crt'",
            $"hostssl all {CertificateUser} all cert\nhostnossl all {CertificateUser} all reject");
        await File.WriteAllTextAsync(PathOf("ca.pem"), _authority.Certificate, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        _authority.Dispose();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task A_certificate_of_the_named_authority_for_the_named_host_is_trusted()
    {
        await using var server = await StartAsync(("database.sslmode", "verify-full"), ("database.sslrootcert", PathOf("ca.pem")));
        await server.PushAsync("demo", "r1", ("wf.dig", "+a:\n  probe>: a\n"));
        await server.StartAttemptAsync();

        Assert.Equal("success", (await server.EndOfFirstAsync()).GetString("status"));
        var plain = await _postgres.QueryAsync(
            _database, "SELECT count(*) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.application_name LIKE 'wf%' AND NOT s.ssl");
        Assert.Equal("0", plain);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        using var stranger = new CertificateAuthority("stranger");
        await File.WriteAllTextAsync(PathOf("other.pem"), stranger.Certificate, TestContext.Current.CancellationToken);

        var message = await RefusalAsync(("database.sslmode", "verify-full"), ("database.sslrootcert", PathOf("other.pem")));

        Assert.Contains(
            $"the server's certificate is not trusted: it must be valid for the host localhost, and issued by one in {PathOf("other.pem")} (database.sslrootcert)",
            message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused_and_taken_when_only_the_authority_counts()
    {
        (string, string)[] byAddress = [("database.host", "127.0.0.1"), ("database.sslrootcert", PathOf("ca.pem"))];

        var message = await RefusalAsync([.. byAddress, ("database.sslmode", "verify-full")]);

        Assert.Contains("the server's certificate is not trusted: it must be valid for the host 127.0.0.1, and issued by one in ", message, StringComparison.Ordinal);
        await using var server = await StartAsync([.. byAddress, ("database.sslmode", "verify-ca")]);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "api/projects")).Status);
    }

    [Fact]
    public async Task A_client_may_log_in_by_its_certificate()
    {
        var (certificate, key) = _authority.Issue(CertificateUser);
        await File.WriteAllTextAsync(PathOf("client.pem"), certificate, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(PathOf("client.key"), key, TestContext.Current.CancellationToken);
        (string, string)[] keys =
            [("database.user", CertificateUser), ("database.password", ""), ("database.sslmode", "verify-full"), ("database.sslrootcert", PathOf("ca.pem"))];

        await using var server = await StartAsync([.. keys, ("database.sslcert", PathOf("client.pem")), ("database.sslkey", PathOf("client.key"))]);

        Assert.Equal(System.Net.HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "api/projects")).Status);
        Assert.Contains("certificate", await RefusalAsync(keys), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_named()
    {
        Assert.Contains(PathOf("none.pem"), await RefusalAsync(("database.sslmode", "verify-full"), ("database.sslrootcert", PathOf("none.pem"))), StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private async Task<string> RefusalAsync(params (string, string)[] config) =>
        (await Assert.ThrowsAnyAsync<WorkflowException>(() => StartAsync(config))).Message;

    private Task<RunningServer> StartAsync(params (string, string)[] config) => RunningServer.StartAsync(
        _probe,
        config:
        [
            ("database.type", "postgresql"),
            ("database.host", "localhost"),
            ("database.port", _postgres.Port.ToString(CultureInfo.InvariantCulture)),
            ("database.user", PostgresServer.User),
            ("database.password", PostgresServer.Password),
            ("database.database", _database),
            .. config,
        ]);
}
