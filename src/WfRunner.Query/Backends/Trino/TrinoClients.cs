using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WfRunner.Core;

namespace WfRunner.Query.Backends.Trino;

/// <summary>Keeps connections: one client for each set of trusted certificates.</summary>
internal sealed class TrinoClients : IDisposable
{
    private readonly ConcurrentDictionary<(string? File, DateTime Written, bool IsInsecure), HttpClient> _clients = new();

    /// <summary>The client that believes the given certificates.</summary>
    /// <param name="trust">What is believed.</param>
    /// <param name="directory">The folder that the path of the file starts at.</param>
    /// <exception cref="ConfigException">The file of authorities cannot be read.</exception>
    public HttpClient For(TrinoTrust trust, string directory)
    {
        var file = trust.AuthorityFile is { } path ? Path.GetFullPath(path, directory) : null;
        if (file is not null && !File.Exists(file))
        {
            throw new ConfigException($"ssl_ca of trino: file not found: {file}");
        }

        // A renewed file is read again.
        var written = file is null ? default : File.GetLastWriteTimeUtc(file);
        return _clients.GetOrAdd((file, written, trust.IsInsecure), static key => Create(key.File, key.IsInsecure));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private static HttpClient Create(string? authorities, bool isInsecure)
    {
        var options = new SslClientAuthenticationOptions();
        if (isInsecure)
        {
#pragma warning disable CA5359 // Asked for by the user, and warned of in every task.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (authorities is not null)
        {
            options.CertificateChainPolicy = Policy(authorities);
        }

        return new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = options,
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    private static X509ChainPolicy Policy(string authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(authorities);
        }
        catch (CryptographicException e)
        {
            throw new ConfigException($"ssl_ca of trino: {authorities} is no PEM file of certificates: {e.Message}");
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new ConfigException($"ssl_ca of trino: {authorities} holds no certificate");
    }
}
