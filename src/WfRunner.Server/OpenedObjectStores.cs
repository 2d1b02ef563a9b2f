using WfRunner.Cloud.Objects;
using WfRunner.Core;
using WfRunner.Server.Settings;

namespace WfRunner.Server;

/// <summary>The stores of objects that a server is configured for.</summary>
internal sealed class OpenedObjectStores : IDisposable
{
    private static readonly string UserAgent = $"wf/{ServerVersion.Own}";

    private readonly Dictionary<string, IObjectStore> _archives = new(StringComparer.Ordinal);

    /// <summary>Those for archives of projects, by type.</summary>
    public IReadOnlyDictionary<string, IObjectStore> Archives => _archives;

    /// <summary>The one for task logs; null when these are files.</summary>
    public IObjectStore? TaskLogs { get; private set; }

    /// <summary>Opens them. Nothing is asked of them yet.</summary>
    /// <exception cref="ConfigException">One is configured wrongly.</exception>
    public static OpenedObjectStores Open(ServerSettings settings, ServerSurroundings around)
    {
        var opened = new OpenedObjectStores();
        try
        {
            foreach (var (type, store) in settings.Archives.Stores)
            {
                opened._archives.Add(type, Open(store, around));
            }

            opened.TaskLogs = settings.TaskLogStore is { } logs ? Open(logs, around) : null;
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var store in _archives.Values)
        {
            store.Dispose();
        }

        TaskLogs?.Dispose();
    }

    private static RetryingObjectStore Open(ObjectStoreSettings settings, ServerSurroundings around)
    {
        var log = around.Log.ForThread("storage");
        IObjectStore store = settings switch
        {
            { S3: { } s3 } => new S3ObjectStore(s3, log),
            { Gcs: { } gcs } => new GcsObjectStore(gcs, UserAgent, log, around.Clock),
            { Directory: { } directory } => new LocalObjectStore(directory),
            _ => throw new InvalidOperationException("a store without a place"),
        };
        return new RetryingObjectStore(store, around.Timers, log.Warn);
    }
}
