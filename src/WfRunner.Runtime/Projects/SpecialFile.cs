using System.Formats.Tar;

namespace WfRunner.Runtime.Projects;

/// <summary>Tells files from pipes, sockets and devices on Unix, where the framework shows all of them as files.</summary>
internal static class SpecialFile
{
    private const int TypeFlagOffset = 156;
    private const byte RegularFile = (byte)'0';

    /// <summary>Whether a path names something that cannot be read like a file. Opening a pipe would wait for a writer, so nothing is opened.</summary>
    /// <param name="path">A path that exists and is no folder.</param>
    public static bool Is(string path)
    {
        // Only what has no size can be special. The tar writer is the one place of the framework that asks for the kind of a file.
        if (OperatingSystem.IsWindows() || new FileInfo(path).Length > 0)
        {
            return false;
        }

        using var header = new MemoryStream();
        try
        {
            using var tar = new TarWriter(header, TarEntryFormat.Ustar, leaveOpen: true);
            tar.WriteEntry(path, "probe");
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            return true;
        }

        return header.GetBuffer()[TypeFlagOffset] != RegularFile;
    }
}
