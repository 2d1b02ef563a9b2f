using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Http.Authentication;

/// <summary>
/// Finds the user of an <c>Authorization</c> header. Takes as long for a name that does not exist as for a wrong password. What was
/// found right is remembered, by a keyed hash, so that a slow password hash costs once and not with every request.
/// </summary>
internal sealed class CredentialCheck
{
    private const string Basic = "Basic ";
    private const string Bearer = "Bearer ";
    private const int MaximumRemembered = 1000;

    private readonly AuthenticationSettings _settings;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, ApiUser> _right = new(StringComparer.Ordinal);

    // Guessing must not take the processors away from everybody else.
    private static readonly SemaphoreSlim Slow = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly StoredPassword? _decoy;

    public CredentialCheck(AuthenticationSettings settings)
    {
        _settings = settings;
        _decoy = settings.Users.Select(u => u.Password).FirstOrDefault(p => p.IsSlow);
    }

    /// <summary>Finds the user.</summary>
    /// <returns>The user, or null when the header is not right.</returns>
    public async Task<ApiUser?> FindAsync(string header, CancellationToken cancellationToken)
    {
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return FindToken(header[Bearer.Length..].Trim());
        }

        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) || Decode(header[Basic.Length..].Trim()) is not { } given)
        {
            return null;
        }

        var colon = given.AsSpan().IndexOf((byte)':');
        return colon < 0 ? null : await FindUserAsync(given[..colon], given[(colon + 1)..], given, cancellationToken).ConfigureAwait(false);
    }

    private static byte[]? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }

    // All tokens are compared, so the time tells nothing.
    private ApiUser? FindToken(string token)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        ApiUser? found = null;
        foreach (var known in _settings.Tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known.Sha256.Span))
            {
                found = new ApiUser(known.Name, ApiUser.Anonymous.SiteId, known.IsAdmin);
            }
        }

        return found;
    }

    private async Task<ApiUser?> FindUserAsync(byte[] name, byte[] password, byte[] given, CancellationToken cancellationToken)
    {
        var remembered = Convert.ToHexString(HMACSHA256.HashData(_key, given));
        if (_right.TryGetValue(remembered, out var known))
        {
            return known;
        }

        UserCredentials? user = null;
        foreach (var candidate in _settings.Users)
        {
            if (CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(candidate.Name)), SHA256.HashData(name)))
            {
                user = candidate;
            }
        }

        if (!await MatchesAsync(user?.Password ?? _decoy, password, cancellationToken).ConfigureAwait(false) || user is null)
        {
            return null;
        }

        var found = new ApiUser(user.Name, ApiUser.Anonymous.SiteId, user.IsAdmin);
        if (_right.Count < MaximumRemembered)
        {
            _right.TryAdd(remembered, found);
        }

        return found;
    }

    private static async Task<bool> MatchesAsync(StoredPassword? stored, byte[] password, CancellationToken cancellationToken)
    {
        if (stored is null)
        {
            return false;
        }

        if (!stored.IsSlow)
        {
            return stored.Matches(password);
        }

        await Slow.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => stored.Matches(password), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Slow.Release();
        }
    }
}
