using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace WfRunner.Query.Functions;

/// <summary>Presto's hashes of bytes that DuckDB lacks.</summary>
internal static class Hashes
{
    /// <summary>Computes one.</summary>
    /// <param name="name">The function.</param>
    /// <param name="bytes">What is hashed.</param>
    /// <returns>The bytes of the hash in hexadecimal, or a decimal number for <c>crc32</c>.</returns>
    public static string Compute(string name, byte[] bytes) => name switch
    {
        "sha512" => Convert.ToHexString(SHA512.HashData(bytes)),
        "crc32" => Crc32.HashToUInt32(bytes).ToString(CultureInfo.InvariantCulture),
        "xxhash64" => Convert.ToHexString(BigEndian(XxHash64.HashToUInt64(bytes))),
        _ => throw new SqlFunctionException($"unknown hash {name}"),
    };

    /// <summary>Computes a hash with a key.</summary>
    /// <param name="name">The hash: <c>md5</c>, <c>sha1</c>, <c>sha256</c> or <c>sha512</c>.</param>
    /// <param name="bytes">What is hashed.</param>
    /// <param name="key">The key.</param>
    /// <returns>The bytes in hexadecimal.</returns>
    public static string Keyed(string name, byte[] bytes, byte[] key) => Convert.ToHexString(name switch
    {
        // Presto offers the weak ones too; who asks for them has data that was made with them.
#pragma warning disable CA5350, CA5351
        "md5" => HMACMD5.HashData(key, bytes),
        "sha1" => HMACSHA1.HashData(key, bytes),
#pragma warning restore CA5350, CA5351
        "sha256" => HMACSHA256.HashData(key, bytes),
        "sha512" => HMACSHA512.HashData(key, bytes),
        _ => throw new SqlFunctionException($"unknown hash {name}"),
    });

    /// <summary>The integer of eight bytes, given in hexadecimal, with the highest first.</summary>
    /// <exception cref="SqlFunctionException">There are not eight.</exception>
    public static long FromBigEndian(string hex) => Convert.FromHexString(hex) is { Length: sizeof(long) } bytes
        ? BinaryPrimitives.ReadInt64BigEndian(bytes)
        : throw new SqlFunctionException(string.Create(CultureInfo.InvariantCulture, $"expected 8-byte input, but got instead: {hex.Length / 2}"));

    private static byte[] BigEndian(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }
}
