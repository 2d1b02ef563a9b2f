using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WfRunner.Core;

namespace WfRunner.Server.Settings;

/// <summary>
/// A password as a configuration holds it: in the clear, as Digdag has it, or as a hash in the form
/// <c>$pbkdf2-sha256$ROUNDS$SALT$HASH</c>, which passlib writes (Base64 with <c>.</c> for <c>+</c> and without padding).
/// </summary>
public abstract record StoredPassword
{
    private const string Prefix = "$pbkdf2-sha256$";
    private const int MaximumRounds = 10_000_000;

    private StoredPassword()
    {
    }

    /// <summary>Whether checking it takes long on purpose.</summary>
    public abstract bool IsSlow { get; }

    /// <summary>Checks a password; takes as long when it is wrong.</summary>
    /// <param name="password">UTF-8.</param>
    /// <returns>Whether it is right.</returns>
    public abstract bool Matches(ReadOnlySpan<byte> password);

    /// <summary>Reads a password of a configuration.</summary>
    /// <param name="key">Its key, for the error.</param>
    /// <param name="text">The text.</param>
    /// <returns>The password.</returns>
    /// <exception cref="ConfigException">It begins as a hash and is none.</exception>
    public static StoredPassword Parse(string key, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return new Clear(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        }

        return text[Prefix.Length..].Split('$') is [var rounds, var salt, var hash]
            && int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is > 0 and <= MaximumRounds
            && Decode(salt) is { } saltBytes
            && Decode(hash) is { Length: > 0 } hashBytes
            ? new Hashed(count, saltBytes, hashBytes)
            : throw new ConfigException($"{key} is not a hash of the form {Prefix}ROUNDS$SALT$HASH");
    }

    private static byte[]? Decode(string text)
    {
        var padded = text.Replace('.', '+').PadRight((text.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var length) ? bytes[..length] : null;
    }

    /// <summary>A password that stands in the configuration. It is compared by its hash, so in constant time whatever its length.</summary>
    private sealed record Clear(byte[] Sha256) : StoredPassword
    {
        public override bool IsSlow => false;

        public override bool Matches(ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(password), Sha256);

        public override string ToString() => "***";
    }

    /// <summary>A hash.</summary>
    private sealed record Hashed(int Rounds, byte[] Salt, byte[] Hash) : StoredPassword
    {
        public override bool IsSlow => true;

        public override bool Matches(ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(
            Rfc2898DeriveBytes.Pbkdf2(password, Salt, Rounds, HashAlgorithmName.SHA256, Hash.Length), Hash);

        public override string ToString() => "***";
    }
}
