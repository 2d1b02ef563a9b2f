using System.Net;
using System.Net.Sockets;

namespace WfRunner.Tests.Shared;

/// <summary>Opens HTTP listeners on free ports of this machine. Close them without stopping them first: a stopped one binds its port again to let it go.</summary>
internal static class LoopbackListener
{
    private const int Attempts = 20;

    /// <summary>Opens a listener.</summary>
    /// <param name="host">The host name that it answers for; <c>*</c> for every one.</param>
    /// <returns>The listener and its port.</returns>
    public static (HttpListener Listener, int Port) Open(string host = "127.0.0.1")
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://{host}:{port}/");
            try
            {
                listener.Start();
                return (listener, port);
            }
            catch (HttpListenerException) when (attempt < Attempts)
            {
                // Somebody took the port in between.
            }
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
