using WfRunner.Core;

namespace WfRunner.Server.Settings;

/// <summary>What configures the web UI.</summary>
public sealed record UiSettings
{
    /// <summary>Whether the UI is served at all.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Name in the page's head and in the title of the browser's tab; null for the default.</summary>
    public string? Title { get; init; }

    /// <summary>Address of a Treasure Data job, with <c>{id}</c> where its id belongs; null for no links.</summary>
    public string? JobLink { get; init; }

    /// <summary>Reads the settings below <c>server.ui.</c>.</summary>
    /// <param name="read">The configuration.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="ConfigException">A value is wrong.</exception>
    internal static UiSettings Of(SettingReader read) => new()
    {
        IsEnabled = read.Boolean("server.ui.enabled", true),
        Title = read.Text("server.ui.title"),
        JobLink = read.Text("server.ui.links.job"),
    };

    /// <summary>Reads <c>server.base-path</c>: where a reverse proxy shows the server, for example <c>/wf/</c>.</summary>
    /// <param name="read">The configuration.</param>
    /// <returns>The path, with a slash at both ends.</returns>
    /// <exception cref="ConfigException">The value is no path.</exception>
    internal static string BasePathOf(SettingReader read)
    {
        var text = read.Text("server.base-path")?.Trim() ?? "/";
        if (!text.StartsWith('/') || text.Contains("//", StringComparison.Ordinal)
            || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '~'))
        {
            throw new ConfigException(
                $"server.base-path must be a path such as /wf/ (letters, digits, '-', '_', '.', '~' between slashes), but is \"{text}\"");
        }

        return text.EndsWith('/') ? text : text + "/";
    }
}
