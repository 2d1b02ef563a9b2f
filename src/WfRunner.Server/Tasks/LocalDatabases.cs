using WfRunner.Server.Settings;

namespace WfRunner.Server.Tasks;

/// <summary>
/// Where the databases of local query engines live on a server: beside the server's own database, because a task's workspace is
/// removed with the task. A server in memory keeps them in a temporary folder that goes with it.
/// </summary>
internal sealed class LocalDatabases : IDisposable
{
    private const string Key = "query.local_directory";

    private readonly string _directory;
    private readonly bool _isTemporary;

    public LocalDatabases(ServerSettings settings)
    {
        (_directory, _isTemporary) = settings.Database is DatabaseChoice.Embedded embedded
            ? (Path.Combine(embedded.Directory, "local"), false)
            : (Path.Combine(settings.TemporaryDirectory, $"wf-local-{Guid.NewGuid():N}"), true);
    }

    /// <summary>The configuration with the folder in it, unless one is configured.</summary>
    public IReadOnlyDictionary<string, string> AddTo(IReadOnlyDictionary<string, string> config) =>
        config.ContainsKey(Key) ? config : new Dictionary<string, string>(config, StringComparer.Ordinal) { [Key] = _directory };

    public void Dispose()
    {
        if (_isTemporary && Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
