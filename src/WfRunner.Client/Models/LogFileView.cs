using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Client.Models;

/// <summary>A log file as a server shows it.</summary>
/// <param name="FileName">Its name.</param>
/// <param name="Size">Compressed size in bytes.</param>
/// <param name="TaskName">Full name of the task.</param>
/// <param name="Time">When it was opened, in whole seconds.</param>
/// <param name="Direct">Where to fetch it without the server; null when only the server has it.</param>
public sealed record LogFileView(string FileName, long Size, string TaskName, Instant Time, Uri? Direct)
{
    /// <summary>The server's own object, with the keys that this program does not know.</summary>
    public ConfigMap Json { get; init; } = ConfigMap.Empty;

    internal static LogFileView Read(ConfigMap map) => new(
        map.Text("fileName"), map.Id("fileSize"), map.Text("taskName"), map.Time("fileTime"), DirectOf(map["direct"]))
    {
        Json = map,
    };

    // Very old servers wrap the URL into an object.
    private static Uri? DirectOf(ConfigValue? value) => value switch
    {
        ConfigText text => new Uri(text.Value),
        ConfigMap map when map.TextOrNull("url") is { } url => new Uri(url),
        _ => null,
    };
}
