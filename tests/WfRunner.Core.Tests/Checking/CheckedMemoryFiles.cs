using WfRunner.Core.Checking;
using WfRunner.Core.Tests.Dig;

namespace WfRunner.Core.Tests.Checking;

/// <summary>A project in memory, as checks look at it.</summary>
internal sealed class CheckedMemoryFiles(params (string Path, string Text)[] files) : ICheckedFiles
{
    private readonly MemoryFiles _files = new(files);

    public byte[]? Read(string path) => _files.Read(path);

    public string DisplayName(string path) => _files.DisplayName(path);

    public bool Exists(string path) => _files.Read(path) is not null;

    public IEnumerable<string> NamesIn(string directory) =>
        files.Select(f => MemoryFiles.Root + "/" + f.Path).Where(p => Path.GetDirectoryName(p) == directory).Select(p => Path.GetFileName(p));

    public long TotalSize() => files.Sum(f => (long)f.Text.Length);
}
