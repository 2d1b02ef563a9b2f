using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace WfRunner.Query.Functions;

/// <summary>Presto's functions of bytes, which come and go as hexadecimal text (operators-td 22.3 and 22.4).</summary>
internal static class BinaryFunctions
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>SHA-512.</summary>
    public static string Sha512(string hex) => Convert.ToHexString(SHA512.HashData(Convert.FromHexString(hex)));

    /// <summary>XXH64 with the seed 0; the eight bytes with the highest first.</summary>
    public static string XxHash64(string hex) => System.IO.Hashing.XxHash64.HashToUInt64(Convert.FromHexString(hex)).ToString("X16", CultureInfo.InvariantCulture);

    /// <summary>CRC-32 of ISO 3309.</summary>
    public static long Crc32(string hex) => System.IO.Hashing.Crc32.HashToUInt32(Convert.FromHexString(hex));

    /// <summary>The integer of eight bytes with the highest first.</summary>
    /// <exception cref="SqlFunctionException">There are not eight.</exception>
    public static long FromBigEndian(string hex) => Convert.FromHexString(hex) is { Length: 8 } bytes
        ? BinaryPrimitives.ReadInt64BigEndian(bytes)
        : throw new SqlFunctionException("expected 8-byte input, but got instead: " + (hex.Length / 2).ToString(CultureInfo.InvariantCulture));

    /// <summary>The integer that digits of a base mean.</summary>
    /// <exception cref="SqlFunctionException">A digit is none of the base.</exception>
    public static long FromBase(string text, long radix)
    {
        var isNegative = text.StartsWith('-');
        var value = BigInteger.Zero;
        foreach (var c in text.AsSpan(isNegative ? 1 : 0))
        {
            var digit = Digits.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            value = digit >= 0 && digit < radix
                ? (value * radix) + digit
                : throw new SqlFunctionException($"Not a valid base-{radix} number: {text}");
        }

        value = isNegative ? -value : value;
        return text.Length > (isNegative ? 1 : 0) && value >= long.MinValue && value <= long.MaxValue
            ? (long)value
            : throw new SqlFunctionException($"Not a valid base-{radix} number: {text}");
    }

    /// <summary>The parts between delimiters, at most so many; the last one keeps the rest.</summary>
    /// <exception cref="SqlFunctionException">The limit is not positive.</exception>
    public static List<string?> Split(string text, string delimiter, long limit) => limit <= 0
        ? throw new SqlFunctionException("Limit must be positive")
        : [.. text.Split(delimiter, (int)Math.Min(limit, int.MaxValue))];
}
