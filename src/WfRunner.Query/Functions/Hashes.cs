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
