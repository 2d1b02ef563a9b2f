using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using WfRunner.Core;

namespace WfRunner.Storage.Secrets;

/// <summary>
/// Encrypts secrets with AES in GCM mode, in Digdag's record format (server 21.2), so that records and keys can move between the
/// two. A key of 16 bytes is Digdag's AES-128; 32 bytes give AES-256, which Digdag cannot read.
/// </summary>
public sealed class SecretCrypto : IDisposable
{
    private const int PrefixLength = 6 + 4 + 4;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int BlockLength = 16;
    private const int Version = 2;
    private const int Term = 1;

    private readonly AesGcm _aes;

    private SecretCrypto(byte[] key) => _aes = new AesGcm(key, TagLength);

    /// <summary>Name of the engine, the first bytes of every record.</summary>
    public static string EngineName => "aesgcm";

    /// <summary>Reads a key.</summary>
    /// <param name="base64Key">Base64 of 16 or 32 bytes: the value of <c>digdag.secret-encryption-key</c>.</param>
    /// <returns>The engine.</returns>
    /// <exception cref="ConfigException">The text is no base64, or has another length.</exception>
    public static SecretCrypto Create(string base64Key)
    {
        ArgumentNullException.ThrowIfNull(base64Key);
        var key = new byte[base64Key.Length];
        if (!Convert.TryFromBase64String(base64Key.Trim(), key, out var length) || length is not (16 or 32))
        {
            throw new ConfigException("digdag.secret-encryption-key must be the base64 of 16 or 32 random bytes (try: head -c 32 /dev/urandom | base64)");
        }

        return new SecretCrypto(key[..length]);
    }

    /// <summary>Encrypts a value.</summary>
    /// <param name="value">The value in the clear.</param>
    /// <returns>A record in base64; another one at every call.</returns>
    public string Encrypt(string value)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        RandomNumberGenerator.Fill(nonce);
        return Encrypt(value, nonce);
    }

    /// <summary>Decrypts a record.</summary>
    /// <param name="record">A record in base64.</param>
    /// <returns>The value in the clear.</returns>
    /// <exception cref="WorkflowException">The record is of another engine, damaged, or encrypted under another key.</exception>
    public string Decrypt(string record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var bytes = new byte[record.Length];
        if (!Convert.TryFromBase64String(record, bytes, out var length)
            || length < PrefixLength + NonceLength + BlockLength + TagLength
            || !bytes.AsSpan(0, EngineName.Length).SequenceEqual(Encoding.ASCII.GetBytes(EngineName)))
        {
            throw new WorkflowException(FailureKind.IllegalState, $"A stored secret is no record of the engine '{EngineName}'");
        }

        var nonce = bytes.AsSpan(PrefixLength, NonceLength);
        var cipher = bytes.AsSpan(PrefixLength + NonceLength, length - PrefixLength - NonceLength - TagLength);
        var plain = new byte[cipher.Length];
        try
        {
            _aes.Decrypt(nonce, cipher, bytes.AsSpan(length - TagLength, TagLength), plain);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new WorkflowException(
                FailureKind.IllegalState, "A stored secret cannot be decrypted: digdag.secret-encryption-key is another one than when it was set", null, e);
        }

        var textLength = BinaryPrimitives.ReadInt32BigEndian(plain);
        return textLength >= 0 && textLength <= plain.Length - sizeof(int)
            ? Encoding.UTF8.GetString(plain, sizeof(int), textLength)
            : throw new WorkflowException(FailureKind.IllegalState, "A stored secret is damaged");
    }

    /// <inheritdoc/>
    public void Dispose() => _aes.Dispose();

    internal string Encrypt(string value, ReadOnlySpan<byte> nonce)
    {
        ArgumentNullException.ThrowIfNull(value);
        var text = Encoding.UTF8.GetBytes(value);
        var plain = new byte[(sizeof(int) + text.Length + BlockLength - 1) / BlockLength * BlockLength];
        BinaryPrimitives.WriteInt32BigEndian(plain, text.Length);
        text.CopyTo(plain, sizeof(int));

        var record = new byte[PrefixLength + NonceLength + plain.Length + TagLength];
        Encoding.ASCII.GetBytes(EngineName, record);
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(EngineName.Length), Version);
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(EngineName.Length + 4), Term);
        nonce.CopyTo(record.AsSpan(PrefixLength));
        _aes.Encrypt(nonce, plain, record.AsSpan(PrefixLength + NonceLength, plain.Length), record.AsSpan(record.Length - TagLength));
        return Convert.ToBase64String(record);
    }
}
