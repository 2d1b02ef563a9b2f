using WfRunner.Core;

namespace WfRunner.Server.Settings;

/// <summary>Limits of the HTTP side and what else it can do. Digdag behaviour: server 3.1; its threads have no counterpart.</summary>
public sealed record HttpSettings
{
    /// <summary>How long an idle connection is kept.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the head of a request may take.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may be slower than a few hundred bytes a second, sending or receiving, before it is cut off.</summary>
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>The most connections at once.</summary>
    public int MaximumConnections { get; init; } = 10_000;

    /// <summary>Port of a listener that speaks HTTP/2 only, without TLS; 0 lets the system choose, null for none.</summary>
    public int? Http2Port { get; init; }

    /// <summary>Folder of access logs; null for none.</summary>
    public string? AccessLogDirectory { get; init; }

    /// <summary>How a line of the access log looks.</summary>
    public string AccessLogPattern { get; init; } = "json";

    /// <summary>Whether the API's description is there in Swagger's older form too, and any page may read what needs no credentials.</summary>
    public bool HasSwagger { get; init; }

    /// <summary>Sites whose pages may use the API.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Names that the server may be called by, where it asks nobody for credentials.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    internal static HttpSettings Of(SettingReader read, string currentDirectory)
    {
        var defaults = new HttpSettings();
        return new HttpSettings
        {
            IdleTimeout = Seconds("server.http.no-request-timeout") ?? defaults.IdleTimeout,
            HeadTimeout = Seconds("server.http.request-parse-timeout") ?? defaults.HeadTimeout,
            TransferTimeout = Seconds("server.http.io-idle-timeout") ?? defaults.TransferTimeout,
            MaximumConnections = Positive("server.http.max-connections") ?? defaults.MaximumConnections,
            Http2Port = read.Int32OrNull("server.http.http2-port"),
            AccessLogDirectory = read.Text("server.access-log.path") is { } path ? Path.GetFullPath(path, currentDirectory) : null,
            AccessLogPattern = read.Text("server.access-log.pattern") ?? defaults.AccessLogPattern,
            HasSwagger = read.Boolean("server.enable-swagger", false),
            AllowedOrigins = List("server.http.allowed-origins"),
            AllowedHosts = List("server.http.allowed-hosts"),
        };

        TimeSpan? Seconds(string key) => Positive(key) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

        int? Positive(string key) => read.Int32OrNull(key) switch
        {
            null => null,
            var number and > 0 => number,
            var number => throw new ConfigException($"{key} must be greater than 0, but is {number}"),
        };

        IReadOnlyList<string> List(string key) =>
            read.Text(key)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
    }
}
