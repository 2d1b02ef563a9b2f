using Microsoft.Win32.SafeHandles;

namespace WfRunner.Runtime.Local;

/// <summary>A file without content under a hidden name, made before it is known what it will hold.</summary>
internal sealed class BlankFile
{
    private readonly string _path;
    private readonly SafeFileHandle _file;

    private BlankFile(string path)
    {
        _path = path;
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
    }

    /// <summary>Makes one.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <returns>The file.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static BlankFile Create(string folder) => new(Path.Combine(folder, "." + Guid.NewGuid().ToString("N") + ".tmp"));

    /// <summary>Gives it its content and then its name, so that under the name there is all of it or nothing.</summary>
    /// <param name="path">The name; what was there is replaced.</param>
    /// <param name="content">The content.</param>
    /// <param name="isDurable">Whether it is to outlive a power cut from now on, which takes the time of a disk.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Become(string path, ReadOnlySpan<byte> content, bool isDurable)
    {
        using (_file)
        {
            RandomAccess.Write(_file, content, fileOffset: 0);

            // Windows moves no open file; elsewhere the one flush keeps the content and the name.
            if (OperatingSystem.IsWindows())
            {
                Flush();
                _file.Dispose();
            }

            File.Move(_path, path, overwrite: true);
            if (!OperatingSystem.IsWindows())
            {
                Flush();
            }
        }

        void Flush()
        {
            if (isDurable)
            {
                RandomAccess.FlushToDisk(_file);
            }
        }
    }

    /// <summary>The same; false when somebody has removed it, or there is no room.</summary>
    /// <param name="path">The name.</param>
    /// <param name="content">The content.</param>
    /// <param name="isDurable">Whether it is to outlive a power cut.</param>
    /// <returns>Whether the file is there.</returns>
    public bool TryBecome(string path, ReadOnlySpan<byte> content, bool isDurable)
    {
        try
        {
            Become(path, content, isDurable);
            return true;
        }
        catch (IOException)
        {
            Remove();
            return false;
        }
    }

    /// <summary>Removes it.</summary>
    public void Remove()
    {
        _file.Dispose();
        if (File.Exists(_path))
        {
            File.Delete(_path);
        }
    }
}
