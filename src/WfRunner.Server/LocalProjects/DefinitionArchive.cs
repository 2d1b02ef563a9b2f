using System.Formats.Tar;
using System.IO.Compression;
using WfRunner.Runtime.Projects;

namespace WfRunner.Server.LocalProjects;

/// <summary>
/// The workflow files of a local project as an archive, for clients that want to show them. Its other files stay where they are: no
/// task is given a copy, and there may be gigabytes of them.
/// </summary>
internal static class DefinitionArchive
{
    /// <summary>Packs them.</summary>
    /// <param name="directory">Absolute path of the project.</param>
    /// <param name="cancellationToken">Ends the packing.</param>
    /// <returns>A gzipped tar; equal files give equal bytes.</returns>
    public static async Task<ReadOnlyMemory<byte>> PackAsync(string directory, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var gzip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true);
        await using (gzip.ConfigureAwait(false))
        {
            var tar = new TarWriter(gzip, leaveOpen: true);
            await using (tar.ConfigureAwait(false))
            {
                foreach (var file in ProjectLoader.WorkflowFiles(directory))
                {
                    var data = File.OpenRead(file);
                    await using (data.ConfigureAwait(false))
                    {
                        var entry = new PaxTarEntry(TarEntryType.RegularFile, Path.GetFileName(file))
                        {
                            DataStream = data,
                            ModificationTime = DateTimeOffset.UnixEpoch,
                        };
                        await tar.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
                    }
                }
            }
        }

        return bytes.ToArray();
    }
}
