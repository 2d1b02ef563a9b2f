using WfRunner.Core;

namespace WfRunner.Server.Settings;

/// <summary>Where archives of projects are kept. Digdag behaviour: server 3.7; <c>local</c> is an addition.</summary>
public sealed record ArchiveSettings
{
    /// <summary>The value of <c>archive.type</c> that means the database.</summary>
    public const string Database = "db";

    private const string Section = "archive";

    /// <summary>Where new archives go: <c>db</c>, <c>local</c>, <c>s3</c> or <c>gcs</c>.</summary>
    public string Type { get; init; } = Database;

    /// <summary>
    /// The stores of objects that are configured, by type: the one that new archives go to, and those that older revisions were pushed to.
    /// </summary>
    public IReadOnlyDictionary<string, ObjectStoreSettings> Stores { get; init; } = new Dictionary<string, ObjectStoreSettings>();

    internal static ArchiveSettings Of(SettingReader read, DatabaseChoice database, string currentDirectory)
    {
        var type = read.Text(Section + ".type") ?? Database;
        if (type is not (Database or ObjectStoreSettings.LocalType or ObjectStoreSettings.S3Type or ObjectStoreSettings.GcsType))
        {
            throw new ConfigException($"Unknown storage type: {type}");
        }

        var stores = new Dictionary<string, ObjectStoreSettings>(StringComparer.Ordinal);
        foreach (var (kind, needed) in ((string, string)[])
            [(ObjectStoreSettings.LocalType, "path"), (ObjectStoreSettings.S3Type, "bucket"), (ObjectStoreSettings.GcsType, "bucket")])
        {
            if (kind == type || read.Text($"{Section}.{kind}.{needed}") is not null)
            {
                var fallback = kind == ObjectStoreSettings.LocalType && database is DatabaseChoice.Embedded embedded
                    ? Path.Combine(embedded.Directory, "archive")
                    : null;
                stores.Add(kind, ObjectStoreSettings.Of(read, Section, kind, currentDirectory, fallback));
            }
        }

        return new ArchiveSettings { Type = type, Stores = stores };
    }
}
