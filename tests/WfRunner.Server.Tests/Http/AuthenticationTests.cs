using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using WfRunner.Core;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Tests.Http;

public sealed class AuthenticationTests
{
    // hashlib.pbkdf2_hmac("sha256", b"pa:ss", b"saltsaltsaltsalt", 1000) in passlib's form.
    private const string HashOfPaColonSs = "$pbkdf2-sha256$1000$c2FsdHNhbHRzYWx0c2FsdA$";

    private readonly ProbeOperator _probe = new();

    [Theory]
    [InlineData("Basic ann:clear", HttpStatusCode.OK)]
    [InlineData("basic ann:clear", HttpStatusCode.OK)]
    [InlineData("Basic bob:pa:ss", HttpStatusCode.OK)]
    [InlineData("Basic eve:admin", HttpStatusCode.OK)]
    [InlineData("Bearer t0k3n", HttpStatusCode.OK)]
    [InlineData("bearer hashed-token", HttpStatusCode.OK)]
    [InlineData("Basic ann:pa:ss", HttpStatusCode.Unauthorized)]
    [InlineData("Basic bob:pa", HttpStatusCode.Unauthorized)]
    [InlineData("Basic carl:clear", HttpStatusCode.Unauthorized)]
    [InlineData("Basic ann", HttpStatusCode.Unauthorized)]
    [InlineData("Basic :", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer ", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer t0k3", HttpStatusCode.Unauthorized)]
    [InlineData("Digest t0k3n", HttpStatusCode.Unauthorized)]
    public async Task Users_and_programs_are_known_by_password_or_token(string header, HttpStatusCode expected)
    {
        await using var server = await StartAsync();

        // Twice: what was right is remembered, what was wrong never.
        foreach (var _ in (int[])[1, 2])
        {
            using var response = await SendAsync(server, "api/projects", header);

            Assert.Equal(expected, response.StatusCode);
            Assert.Equal(expected == HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Count == 2);
        }
    }

    [Theory]
    [InlineData("Basic ann:clear", HttpStatusCode.Forbidden)]
    [InlineData("Bearer t0k3n", HttpStatusCode.Forbidden)]
    [InlineData("Basic eve:admin", HttpStatusCode.OK)]
    public async Task Only_admins_see_the_status_and_no_secret_is_in_it(string header, HttpStatusCode expected)
    {
        await using var server = await StartAsync();

        using var response = await SendAsync(server, "api/admin/status", header);

        Assert.Equal(expected, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.All((string[])["clear", "t0k3n", "pbkdf2", "hashed-token"], secret => Assert.DoesNotContain(secret, body, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("server.authenticator.basic.users.x.password", "$pbkdf2-sha256$abc")]
    [InlineData("server.authenticator.basic.users.x.password", "$pbkdf2-sha256$0$YQ$YQ")]
    [InlineData("server.authenticator.basic.users.x.password", "$pbkdf2-sha256$99999999999$YQ$YQ")]
    [InlineData("server.authenticator.basic.users.x.admin", "true")]
    [InlineData("server.authenticator.basic.users.x.passwd", "a")]
    [InlineData("server.authenticator.tokens.x.sha256", "00")]
    [InlineData("server.authenticator.tokens.x.sha256", "xyz")]
    [InlineData("server.authenticator.tokens.x.admin", "true")]
    [InlineData("server.authenticator.type", "ldap")]
    public void Settings_that_make_no_sense_stop_the_start_and_show_no_secret(string key, string value)
    {
        var failure = Assert.Throws<ConfigException>(() => ServerSettings.Of(new Dictionary<string, string> { [key] = value }, "/"));

        Assert.DoesNotContain("99999999999", failure.Message, StringComparison.Ordinal);
    }

    private Task<RunningServer> StartAsync() => RunningServer.StartAsync(
        _probe,
        config:
        [
            ("server.authenticator.basic.username", "ann"),
            ("server.authenticator.basic.password", "clear"),
            ("server.authenticator.basic.users.bob.password", HashOfPaColonSs + Hash("pa:ss")),
            ("server.authenticator.basic.users.eve.password", "admin"),
            ("server.authenticator.basic.users.eve.admin", "true"),
            ("server.authenticator.tokens.ci.value", "t0k3n"),
            ("server.authenticator.tokens.cd.sha256", Convert.ToHexStringLower(SHA256.HashData("hashed-token"u8))),
        ]);

    private static string Hash(string password) => Convert.ToBase64String(
        Rfc2898DeriveBytes.Pbkdf2(password, "saltsaltsaltsalt"u8, 1000, HashAlgorithmName.SHA256, 32)).TrimEnd('=').Replace('+', '.');

    private static async Task<HttpResponseMessage> SendAsync(RunningServer server, string path, string header)
    {
        var (scheme, value) = header.Split(' ', 2) is [var s, var v] ? (s, v) : (header, string.Empty);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            scheme, scheme.Equals("basic", StringComparison.OrdinalIgnoreCase) ? Convert.ToBase64String(Encoding.UTF8.GetBytes(value)) : value);
        return await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
