using WfRunner.Server.Settings;

namespace WfRunner.Server.Tasks;

/// <summary>
/// Where the databases of local query engines live on a server: beside the server's own database, because a task's workspace is
/// removed with the task. A server in memory keeps them in a temporary folder that goes with it.
/// </summary>
internal sealed class LocalDatabases : IDisposable
{
    private const string Key = "query.local_directory";

    private readonly string? _directory;
    private readonly bool _isTemporary;

    public LocalDatabases(ServerSettings settings)
    {
        // A project that is run where it lies keeps them there, as a local run does.
        (_directory, _isTemporary) = settings switch
        {
            { LocalProject: not null } => (null, false),
            { Database: DatabaseChoice.Embedded embedded } => (Path.Combine(embedded.Directory, "local"), false),
            _ => (Path.Combine(settings.TemporaryDirectory, $"wf-local-{Guid.NewGuid():N}"), true),
        };
    }

    /// <summary>The configuration with the folder in it, unless one is configured.</summary>
    public IReadOnlyDictionary<string, string> AddTo(IReadOnlyDictionary<string, string> config) =>
        _directory is null || config.ContainsKey(Key) ? config : new Dictionary<string, string>(config, StringComparer.Ordinal) { [Key] = _directory };

    public void Dispose()
    {
        if (_isTemporary && Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
