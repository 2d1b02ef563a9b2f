using System.Security.Cryptography;
using System.Text;
using NodaTime;
using NodaTime.Text;
using WfRunner.Core.Config;

namespace WfRunner.Cloud.Google;

/// <summary>Addresses of objects in Cloud Storage that work for some time without any other credential ("V4 signing", GOOG4-RSA-SHA256).</summary>
internal static class GoogleSignedAddress
{
    private const string Algorithm = "GOOG4-RSA-SHA256";

    private static readonly InstantPattern Day = InstantPattern.CreateWithInvariantCulture("uuuuMMdd");
    private static readonly InstantPattern Second = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'");

    /// <summary>Makes one for fetching an object.</summary>
    /// <param name="credential">A service account with its key.</param>
    /// <param name="endpoint">Address of the service.</param>
    /// <param name="path">Bucket and name of the object, unescaped.</param>
    /// <param name="life">How long it works.</param>
    /// <param name="now">When its life begins.</param>
    public static Uri Of(GoogleCredential credential, Uri endpoint, string path, Duration life, Instant now)
    {
        var escaped = "/" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        var scope = $"{Day.Format(now)}/auto/storage/goog4_request";
        var query = string.Join('&', new (string Name, string Value)[]
        {
            ("X-Goog-Algorithm", Algorithm),
            ("X-Goog-Credential", $"{credential.Json!.GetString("client_email")}/{scope}"),
            ("X-Goog-Date", Second.Format(now)),
            ("X-Goog-Expires", ((long)life.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("X-Goog-SignedHeaders", "host"),
        }.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"));
        var canonical = $"GET\n{escaped}\n{query}\nhost:{endpoint.Authority}\n\nhost\nUNSIGNED-PAYLOAD";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        using var key = credential.PrivateKey();
        var signature = key.SignData(
            Encoding.UTF8.GetBytes($"{Algorithm}\n{Second.Format(now)}\n{scope}\n{hash}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return new Uri($"{endpoint.Scheme}://{endpoint.Authority}{escaped}?{query}&X-Goog-Signature={Convert.ToHexStringLower(signature)}");
    }
}
