using System.Security.Cryptography;
using System.Text;
using WfRunner.Core;

namespace WfRunner.Server.Settings;

/// <summary>Who may use the API.</summary>
/// <param name="Users">Users with passwords.</param>
/// <param name="Tokens">Programs with tokens.</param>
public sealed record AuthenticationSettings(IReadOnlyList<UserCredentials> Users, IReadOnlyList<TokenCredentials> Tokens)
{
    private const string UsersPrefix = "server.authenticator.basic.users.";
    private const string TokensPrefix = "server.authenticator.tokens.";

    /// <summary>Nobody is asked who they are.</summary>
    public static readonly AuthenticationSettings None = new([], []);

    /// <summary>Whether anybody is asked who they are.</summary>
    public bool IsRequired => Users.Count + Tokens.Count > 0;

    internal static AuthenticationSettings Of(SettingReader read)
    {
        var type = read.Text("server.authenticator.type") ?? "basic";
        return type == "basic"
            ? new AuthenticationSettings([.. DigdagUser(read), .. UsersOf(read)], [.. TokensOf(read)])
            : throw new ConfigException($"Configured authenticator name is not found: {type}");
    }

    private static IEnumerable<UserCredentials> DigdagUser(SettingReader read)
    {
        foreach (var prefix in (string[])["basicauth.", "server.authenticator.basic."])
        {
            if (read.Text(prefix + "username") is { } user)
            {
                var password = StoredPassword.Parse(prefix + "password", read.Required(prefix + "password"));
                return [new UserCredentials(user, password, read.Boolean(prefix + "admin", false))];
            }
        }

        return [];
    }

    private static IEnumerable<UserCredentials> UsersOf(SettingReader read) => Names(read, UsersPrefix, ["password", "admin"]).Select(name =>
    {
        var prefix = $"{UsersPrefix}{name}.";
        return new UserCredentials(
            name, StoredPassword.Parse(prefix + "password", read.Required(prefix + "password")), read.Boolean(prefix + "admin", false));
    });

    private static IEnumerable<TokenCredentials> TokensOf(SettingReader read) => Names(read, TokensPrefix, ["value", "sha256", "admin"]).Select(name =>
    {
        var prefix = $"{TokensPrefix}{name}.";
        return new TokenCredentials(name, HashOf(read, prefix), read.Boolean(prefix + "admin", false));
    });

    private static byte[] HashOf(SettingReader read, string prefix)
    {
        if (read.Text(prefix + "sha256") is not { } hash)
        {
            return SHA256.HashData(Encoding.UTF8.GetBytes(read.Required(prefix + "value")));
        }

        try
        {
            return Convert.FromHexString(hash) is { Length: SHA256.HashSizeInBytes } bytes ? bytes : throw NoHash();
        }
        catch (FormatException)
        {
            throw NoHash();
        }

        ConfigException NoHash() => new($"{prefix}sha256 must be 64 hexadecimal digits: the SHA-256 of the token");
    }

    private static IEnumerable<string> Names(SettingReader read, string prefix, string[] properties)
    {
        var keys = read.Below(prefix).Keys.Order(StringComparer.Ordinal).ToList();
        return keys.Find(k => !Array.Exists(properties, p => k.Length > p.Length + 1 && k.EndsWith("." + p, StringComparison.Ordinal))) is { } unknown
            ? throw new ConfigException($"{prefix}{unknown} is not known: after the name comes {string.Join(", ", properties)}")
            : keys.Select(k => k[..k.LastIndexOf('.')]).Distinct();
    }
}
