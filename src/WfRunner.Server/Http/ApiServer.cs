using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Http.AccessLogs;
using WfRunner.Server.Http.Authentication;
using WfRunner.Server.Http.Endpoints;
using WfRunner.Server.Http.Ui;
using WfRunner.Server.Metrics;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Http;

/// <summary>The HTTP side of the server: listeners, authentication, the table of paths.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private const double SlowestBytesPerSecond = 240;

    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly WebApplication _application;
    private readonly ListenAddress? _admin;
    private readonly int? _http2Port;
    private readonly MetricsRecorder _metrics;
    private readonly AccessLog? _accessLog;
    private int _adminPort;

    public ApiServer(ServerParts parts, DateTimeZone zone, LogOutput log)
    {
        _admin = parts.Settings.AdminListen;
        _http2Port = parts.Settings.Http.Http2Port;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "wf", Args = [] });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopTimeout);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Limit(kestrel, parts.Settings.Http);
            Listen(kestrel, parts.Settings.Listen);
            if (_http2Port is { } port)
            {
                Listen(kestrel, parts.Settings.Listen with { Port = port }, HttpProtocols.Http2);
            }

            if (_admin is not null)
            {
                Listen(kestrel, _admin);
            }
        });
        _application = builder.Build();
        _metrics = new MetricsRecorder(parts.Meter.Meter, _application.Services.GetRequiredService<IMeterFactory>());
        _accessLog = parts.Settings.Http.AccessLogDirectory is { } directory
            ? new AccessLog(directory, AccessPattern.Parse(parts.Settings.Http.AccessLogPattern), parts.Clock, zone, log)
            : null;
        Configure(parts, log);
    }

    /// <summary>The addresses in use, the API's first.</summary>
    public IReadOnlyList<ListenAddress> Addresses { get; private set; } = [];

    /// <summary>The address that speaks HTTP/2; null when there is none.</summary>
    public ListenAddress? Http2Address { get; private set; }

    /// <summary>Opens the listeners.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        var bound = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        List<ListenAddress> all = [.. bound.Select(a => new Uri(a)).Select(u => new ListenAddress(u.Host.Trim('[', ']'), u.Port))];
        Http2Address = _http2Port is null ? null : all[1];
        Addresses = _admin is null ? [all[0]] : [all[0], all[^1]];
        _adminPort = _admin is null ? 0 : Addresses[^1].Port;
    }

    /// <summary>Closes the listeners; requests in flight are answered first.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
        if (_accessLog is not null)
        {
            await _accessLog.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void Limit(KestrelServerOptions kestrel, HttpSettings settings)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.KeepAliveTimeout = settings.IdleTimeout;
        limits.RequestHeadersTimeout = settings.HeadTimeout;
        limits.MaxConcurrentConnections = settings.MaximumConnections;

        // Kestrel looks once a second and takes no shorter time than that.
        var patience = settings.TransferTimeout > ShortestPatience ? settings.TransferTimeout : ShortestPatience;
        limits.MinRequestBodyDataRate = new MinDataRate(SlowestBytesPerSecond, patience);
        limits.MinResponseDataRate = new MinDataRate(SlowestBytesPerSecond, patience);

        // Bodies are limited where they are read, by what they are.
        limits.MaxRequestBodySize = null;
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var ip = IPAddress.TryParse(address.Host, out var given) ? given
            : address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : Dns.GetHostAddresses(address.Host)[0];
        kestrel.Listen(ip, address.Port, options => options.Protocols = protocols);
    }

    private void Configure(ServerParts parts, LogOutput log)
    {
        if (_accessLog is { } accessLog)
        {
            _application.Use(next => http => accessLog.InvokeAsync(http, next));
        }

        if (parts.Settings.BasePath != "/")
        {
            // Works whether the proxy in front leaves the path as it is or takes the base away.
            _application.UsePathBase(parts.Settings.BasePath.TrimEnd('/'));
        }

        var headers = new ApiHeaders(parts.Settings);
        _application.Use(next => http => headers.InvokeAsync(http, next));
        var errors = new ApiErrors(log);
        _application.Use(next => http => errors.InvokeAsync(http, next));
        var guard = new BrowserGuard(parts.Settings);
        _application.Use(next => http => guard.InvokeAsync(http, next));
        if (parts.Settings.Authentication.IsRequired)
        {
            var authentication = new ApiAuthentication(parts.Settings.Authentication, parts.Settings.HasPublicMetrics);
            _application.Use(next => http => authentication.InvokeAsync(http, next));
        }

        _application.UseRouting();
        if (parts.Settings.Ui.IsEnabled)
        {
            var pages = new UiPages(parts.Settings.Ui, parts.Settings.BasePath);
            _application.Use(next => http => pages.InvokeAsync(http, next));
        }

        var routes = new ApiRoutes(_application, parts.Settings.Authentication.IsRequired);
        VersionEndpoints.Map(routes, parts);
        FeatureEndpoints.Map(routes, parts.Settings.BasePath);
        ProjectEndpoints.Map(routes, parts);
        CheckEndpoints.Map(routes, parts);
        SecretEndpoints.Map(routes, parts);
        WorkflowEndpoints.Map(routes, parts);
        SessionEndpoints.Map(routes, parts);
        AttemptEndpoints.Map(routes, parts);
        ScheduleEndpoints.Map(routes, parts);
        PoolEndpoints.Map(routes, parts);
        TriggerEndpoints.Map(routes, parts);
        LogEndpoints.Map(routes, parts);
        EventEndpoints.Map(routes, parts);
        OverviewEndpoints.Map(routes, parts);
        MetricsEndpoints.Map(routes, parts, _metrics);
        AdminEndpoints.Map(routes, parts, http => _adminPort != 0 && http.Connection.LocalPort == _adminPort);
        OpenApiEndpoints.Map(routes, parts.Settings.Http.HasSwagger);
    }

    /// <summary>The process's own signal handling decides when to stop, not the web framework's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
