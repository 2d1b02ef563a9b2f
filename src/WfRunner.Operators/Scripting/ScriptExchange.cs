using System.Text;

namespace WfRunner.Operators.Scripting;

/// <summary>
/// A folder in which a task and its script exchange files. Only the user may read it, and it is removed with the task: parameters
/// may hold what nobody else should see.
/// </summary>
internal sealed class ScriptExchange : IDisposable
{
    private readonly string _directory;

    private ScriptExchange(string directory) => _directory = directory;

    public static ScriptExchange Create(string projectDirectory, string name)
    {
        var path = Path.Combine(projectDirectory, ".digdag", "tmp", $"{name}-{Guid.NewGuid():N}");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new ScriptExchange(path);
    }

    public string PathOf(string file) => Path.Combine(_directory, file);

    public async Task<string> WriteAsync(string file, string text, CancellationToken cancellationToken)
    {
        var path = PathOf(file);
        await File.WriteAllTextAsync(path, text, new UTF8Encoding(false), cancellationToken).ConfigureAwait(false);
        return path;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
