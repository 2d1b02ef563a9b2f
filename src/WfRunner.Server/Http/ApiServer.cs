using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Http.Endpoints;
using WfRunner.Server.Http.Ui;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Http;

/// <summary>The HTTP side of the server: listeners, authentication, the table of paths.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly WebApplication _application;
    private readonly ListenAddress? _admin;
    private int _adminPort;

    public ApiServer(ServerParts parts, LogOutput log)
    {
        _admin = parts.Settings.AdminListen;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "wf", Args = [] });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopTimeout);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Listen(kestrel, parts.Settings.Listen);
            if (_admin is not null)
            {
                Listen(kestrel, _admin);
            }
        });
        _application = builder.Build();
        Configure(parts, log);
    }

    /// <summary>The addresses in use, the API's first.</summary>
    public IReadOnlyList<ListenAddress> Addresses { get; private set; } = [];

    /// <summary>Opens the listeners.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        var bound = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Addresses = [.. bound.Select(a => new Uri(a)).Select(u => new ListenAddress(u.Host.Trim('[', ']'), u.Port))];
        _adminPort = _admin is null ? 0 : Addresses[^1].Port;
    }

    /// <summary>Closes the listeners; requests in flight are answered first.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address)
    {
        if (IPAddress.TryParse(address.Host, out var ip))
        {
            kestrel.Listen(ip, address.Port);
        }
        else if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            kestrel.Listen(IPAddress.Loopback, address.Port);
        }
        else
        {
            kestrel.Listen(Dns.GetHostAddresses(address.Host)[0], address.Port);
        }
    }

    private void Configure(ServerParts parts, LogOutput log)
    {
        if (parts.Settings.BasePath != "/")
        {
            // Works whether the proxy in front leaves the path as it is or takes the base away.
            _application.UsePathBase(parts.Settings.BasePath.TrimEnd('/'));
        }

        _application.Use(next => http => AddHeadersAsync(http, next, parts.Settings.ResponseHeaders));
        var errors = new ApiErrors(log);
        _application.Use(next => http => errors.InvokeAsync(http, next));
        if (parts.Settings.Credentials is { } credentials)
        {
            var authentication = new BasicAuthentication(credentials);
            _application.Use(next => http => authentication.InvokeAsync(http, next));
        }

        _application.UseRouting();
        if (parts.Settings.Ui.IsEnabled)
        {
            var pages = new UiPages(parts.Settings.Ui, parts.Settings.BasePath);
            _application.Use(next => http => pages.InvokeAsync(http, next));
        }

        var routes = new ApiRoutes(_application);
        VersionEndpoints.Map(routes, parts);
        FeatureEndpoints.Map(routes);
        ProjectEndpoints.Map(routes, parts);
        SecretEndpoints.Map(routes, parts);
        WorkflowEndpoints.Map(routes, parts);
        SessionEndpoints.Map(routes, parts);
        AttemptEndpoints.Map(routes, parts);
        ScheduleEndpoints.Map(routes, parts);
        LogEndpoints.Map(routes, parts);
        EventEndpoints.Map(routes, parts);
        OverviewEndpoints.Map(routes, parts);
        AdminEndpoints.Map(routes, parts, http => _adminPort != 0 && http.Connection.LocalPort == _adminPort);
        OpenApiEndpoints.Map(routes);
    }

    private static Task AddHeadersAsync(HttpContext http, RequestDelegate next, IReadOnlyDictionary<string, string> headers)
    {
        if (http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            foreach (var (name, value) in headers)
            {
                http.Response.Headers[name] = value;
            }
        }

        return next(http);
    }

    /// <summary>The process's own signal handling decides when to stop, not the web framework's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
