using System.Diagnostics;

namespace WfRunner.Query.Tests.Backends;

/// <summary>A process that has a database file open as DuckDB does: with the operating system's lock on it.</summary>
internal sealed class OtherProcess : IDisposable
{
    private const string Script = "import fcntl, sys\nf = open(sys.argv[1], 'r+b')\nfcntl.lockf(f, fcntl.LOCK_EX)\nprint('locked', flush=True)\nsys.stdin.read()\n";

    private readonly Process _process;

    private OtherProcess(Process process) => _process = process;

    public static async Task<OtherProcess> LockAsync(string path)
    {
        var process = Process.Start(new ProcessStartInfo("python3", ["-c", Script, path])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("locked", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        return new OtherProcess(process);
    }

    /// <summary>Lets the file go.</summary>
    public void Release() => _process.StandardInput.Close();

    public void Dispose()
    {
        Release();
        _process.WaitForExit();
        _process.Dispose();
    }
}
