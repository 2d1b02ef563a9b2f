using System.IO.Compression;
using System.Text;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace WfRunner.Runtime.Logging;

/// <summary>
/// A log file that, when it exceeds 10 MB, becomes <c>FILE.1.gz</c>; older ones shift up to <c>FILE.5.gz</c> (cli-local 5.3).
/// Serilog's own rolling file names files by date and does not compress, which scripts that read Digdag's logs do not expect.
/// </summary>
internal sealed class RollingGzipFileSink : ILogEventSink, IDisposable
{
    private const long MaximumSize = 10 * 1024 * 1024;
    private const int KeptFiles = 5;

    private readonly string _path;
    private readonly ITextFormatter _formatter;
    private readonly Lock _lock = new();
    private StreamWriter _writer;

    public RollingGzipFileSink(string path, ITextFormatter formatter)
    {
        _path = Path.GetFullPath(path);
        _formatter = formatter;
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        _writer = Open();
    }

    public void Emit(LogEvent logEvent)
    {
        lock (_lock)
        {
            if (_writer.BaseStream.Length > MaximumSize)
            {
                Roll();
            }

            _formatter.Format(logEvent, _writer);
            _writer.Flush();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _writer.Dispose();
        }
    }

    private StreamWriter Open() =>
        new(new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite), new UTF8Encoding(false));

    private void Roll()
    {
        _writer.Dispose();
        for (var i = KeptFiles - 1; i >= 1; i--)
        {
            if (File.Exists($"{_path}.{i}.gz"))
            {
                File.Move($"{_path}.{i}.gz", $"{_path}.{i + 1}.gz", overwrite: true);
            }
        }

        using (var from = File.OpenRead(_path))
        using (var to = new GZipStream(File.Create($"{_path}.1.gz"), CompressionLevel.Optimal))
        {
            from.CopyTo(to);
        }

        File.Delete(_path);
        _writer = Open();
    }
}
