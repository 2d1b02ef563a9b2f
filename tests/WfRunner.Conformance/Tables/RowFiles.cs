using System.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;

namespace WfRunner.Conformance.Tables;

/// <summary>The files of a row, in memory; the row's own text stands beside them.</summary>
internal sealed class RowFiles : IDigFiles
{
    public const string Directory = "/row";

    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public RowFiles(ConfigMap row, string mainFile)
    {
        _files[Path.Combine(Directory, mainFile)] = row.GetStringOrNull("dig_base64") is { } encoded
            ? Convert.FromBase64String(encoded)
            : Encoding.UTF8.GetBytes(row.GetString("dig"));
        foreach (var (path, text, _) in row.GetMapOrEmpty("files"))
        {
            _files[Path.Combine(Directory, path)] = Encoding.UTF8.GetBytes(((ConfigText)text).Value);
        }
    }

    public byte[]? Read(string path) => _files.GetValueOrDefault(path);

    public string DisplayName(string path) => Path.GetRelativePath(Directory, path);
}
