using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using WfRunner.Core.Config;

namespace WfRunner.Tests.Shared;

/// <summary>A service account of Google: its key, and what Google checks with it.</summary>
internal sealed class GoogleAccount : IDisposable
{
    public const string Token = "ya29.token";
    public const string Email = "me@p.iam.gserviceaccount.com";

    private readonly RSA _key = RSA.Create(2048);

    /// <summary>The key as Google hands it out.</summary>
    /// <param name="address">Whoever gives tokens.</param>
    /// <param name="project">The account's project; null for none.</param>
    public string Credential(string address, string? project = "p") => ConfigJson.Write(ConfigMap.Of(
        ("type", "service_account"),
        ("project_id", project is null ? ConfigNull.Instance : project),
        ("private_key_id", "k1"),
        ("private_key", _key.ExportPkcs8PrivateKeyPem()),
        ("client_email", Email),
        ("token_uri", address + "/token")));

    /// <summary>The answer to a request for a token.</summary>
    public (int Status, string Body) GiveToken(string address, string body) => IsGenuine(address, body)
        ? (200, $$"""{"access_token":"{{Token}}","expires_in":3600}""")
        : (400, """{"error":"invalid_grant","error_description":"Invalid JWT Signature."}""");

    /// <summary>Whether a signature in hexadecimal is this account's.</summary>
    public bool Signed(string text, string signature) => _key.VerifyData(
        Encoding.UTF8.GetBytes(text), Convert.FromHexString(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public void Dispose() => _key.Dispose();

    private bool IsGenuine(string address, string body)
    {
        var form = HttpUtility.ParseQueryString(body);
        var parts = form["assertion"]!.Split('.');
        var claims = (ConfigMap)ConfigJson.Parse(Base64Url.DecodeFromChars(parts[1]));
        return form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
            && claims.GetString("iss") == Email
            && claims.GetString("aud") == address + "/token"
            && claims.GetInt64("exp") - claims.GetInt64("iat") == 3600
            && _key.VerifyData(
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
