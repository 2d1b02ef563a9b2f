using WfRunner.Core.Dig;

namespace WfRunner.Core.Checking;

/// <summary>The files of a project, as checks need them. The core opens no file itself.</summary>
public interface ICheckedFiles : IDigFiles
{
    /// <summary>Whether there is a file, which is not a folder.</summary>
    /// <param name="path">Absolute path.</param>
    /// <returns>Whether there is.</returns>
    bool Exists(string path);

    /// <summary>The names of the files in a folder, for suggestions.</summary>
    /// <param name="directory">Absolute path of the folder.</param>
    /// <returns>The names; none when there is no such folder.</returns>
    IEnumerable<string> NamesIn(string directory);

    /// <summary>The sum of the sizes of all files that belong to the project, in bytes.</summary>
    /// <returns>The size.</returns>
    long TotalSize();
}
