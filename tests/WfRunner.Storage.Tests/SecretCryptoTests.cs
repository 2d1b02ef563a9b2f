using WfRunner.Core;
using WfRunner.Storage.Secrets;

namespace WfRunner.Storage.Tests;

public sealed class SecretCryptoTests
{
    private const string DigdagKey = "MDEyMzQ1Njc4OTAxMjM0NQ==";
    private const string LongKey = "MDEyMzQ1Njc4OTAxMjM0NTAxMjM0NTY3ODkwMTIzNDU=";

    public static TheoryData<string, string> RecordsOfDigdag => new()
    {
        { "hello", "YWVzZ2NtAAAAAgAAAAEAAQIDBAUGBwgJCgug9BzdU3+CxdL+rF/+ntrWJFiq83k3sd5pwwQ00k7DEg==" },
        { "", "YWVzZ2NtAAAAAgAAAAEAAQIDBAUGBwgJCgug9BzYOxruqb3+rF/+ntrWRX5s4IUsECgAl+UvhX947Q==" },
    };

    [Theory]
    [MemberData(nameof(RecordsOfDigdag))]
    public void Records_are_those_of_Digdag(string text, string record)
    {
        using var crypto = SecretCrypto.Create(DigdagKey);
        byte[] nonce = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

        Assert.Equal(record, crypto.Encrypt(text, nonce));
        Assert.Equal(text, crypto.Decrypt(record));
    }

    [Theory]
    [InlineData(DigdagKey)]
    [InlineData(LongKey)]
    public void What_was_encrypted_is_decrypted_and_no_two_records_are_equal(string key)
    {
        using var crypto = SecretCrypto.Create(key);
        var (one, two) = (crypto.Encrypt("grün \0"), crypto.Encrypt("grün \0"));

        Assert.NotEqual(one, two);
        Assert.Equal("grün \0", crypto.Decrypt(one));
    }

    [Theory]
    [InlineData(12, 58)]
    [InlineData(13, 74)]
    public void Padding_hides_the_exact_length(int length, int bytes)
    {
        using var crypto = SecretCrypto.Create(DigdagKey);

        Assert.Equal(bytes, Convert.FromBase64String(crypto.Encrypt(new string('x', length))).Length);
    }

    [Fact]
    public void A_flipped_bit_or_another_key_is_noticed()
    {
        using var crypto = SecretCrypto.Create(DigdagKey);
        using var other = SecretCrypto.Create(LongKey);
        var record = Convert.FromBase64String(crypto.Encrypt("hello"));
        record[^20] ^= 1;

        Assert.Throws<WorkflowException>(() => crypto.Decrypt(Convert.ToBase64String(record)));
        Assert.Throws<WorkflowException>(() => other.Decrypt(crypto.Encrypt("hello")));
        Assert.Throws<WorkflowException>(() => crypto.Decrypt("bm90aGluZw=="));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MDEyMzQ1Njc4OTAxMjM0")]
    [InlineData("!")]
    public void A_key_of_another_length_is_refused(string key) => Assert.Throws<ConfigException>(() => SecretCrypto.Create(key));
}
