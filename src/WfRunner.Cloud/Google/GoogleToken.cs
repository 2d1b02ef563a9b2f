using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Cloud.Google;

/// <summary>An access token.</summary>
/// <param name="Text">What requests carry.</param>
/// <param name="ExpiresAt">When it stops to be accepted.</param>
internal sealed record GoogleToken(string Text, Instant ExpiresAt)
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    private const string TokenServer = "https://oauth2.googleapis.com/token";
    private const long UsualLife = 3600;

    // Requests take a while, and clocks differ.
    private static readonly Duration Margin = Duration.FromMinutes(1);

    /// <summary>Whether a request that begins now may carry it.</summary>
    public bool IsGoodAt(Instant now) => now < ExpiresAt - Margin;

    /// <summary>Asks for a token for a credential (RFC 7523 for service accounts, RFC 6749 §6 for users).</summary>
    /// <exception cref="GoogleApiException">It was refused.</exception>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public static async Task<GoogleToken> GetAsync(
        GoogleCredential credential, HttpMessageInvoker client, IClock clock, CancellationToken cancellationToken)
    {
        var asked = clock.GetCurrentInstant();
        using var request = RequestFor(credential, clock);
        using var response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var answer = await GoogleApi.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        return new GoogleToken(answer.GetString("access_token"), asked + Duration.FromSeconds(answer.GetInt64OrNull("expires_in") ?? UsualLife));
    }

    private static HttpRequestMessage RequestFor(GoogleCredential credential, IClock clock)
    {
        if (credential.Json is not { } json)
        {
            var host = Environment.GetEnvironmentVariable("GCE_METADATA_HOST") is { Length: > 0 } given ? given : "metadata.google.internal";
            var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}/computeMetadata/v1/instance/service-accounts/default/token");
            request.Headers.Add("Metadata-Flavor", "Google");
            return request;
        }

        var address = json.GetStringOr("token_uri", TokenServer);
        IEnumerable<KeyValuePair<string, string>> form = json.GetStringOrNull("type") switch
        {
            "service_account" =>
            [
                new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                new("assertion", Assertion(credential, json, address, clock)),
            ],
            "authorized_user" =>
            [
                new("grant_type", "refresh_token"),
                new("client_id", json.GetString("client_id")),
                new("client_secret", json.GetString("client_secret")),
                new("refresh_token", json.GetString("refresh_token")),
            ],
            var other => throw new TaskFailedException($"Google credentials of the type '{other}' are not supported: need service_account or authorized_user"),
        };
        return new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
    }

    private static string Assertion(GoogleCredential credential, ConfigMap json, string audience, IClock clock)
    {
        var now = clock.GetCurrentInstant().ToUnixTimeSeconds();
        var header = ConfigMap.Of(("alg", "RS256"), ("typ", "JWT"), ("kid", json.GetStringOr("private_key_id", string.Empty)));
        var claims = ConfigMap.Of(
            ("iss", json.GetString("client_email")), ("scope", Scope), ("aud", audience), ("iat", now), ("exp", now + 3600));
        var text = $"{Encode(header)}.{Encode(claims)}";
        using var key = credential.PrivateKey();
        var signature = key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(ConfigMap part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(ConfigJson.Write(part)));
}
