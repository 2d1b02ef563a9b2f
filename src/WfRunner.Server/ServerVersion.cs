using System.Reflection;

namespace WfRunner.Server;

/// <summary>The version that servers and clients tell each other.</summary>
public static class ServerVersion
{
    /// <summary>The version of Digdag whose API is spoken. Clients compare it, so a version of wf's own would be taken for an old Digdag.</summary>
    public const string Compatible = "0.10.5.1";

    /// <summary>The version of this program.</summary>
    public static string Own { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
