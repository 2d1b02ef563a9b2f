using System.Text;

namespace WfRunner.Operators.Scripting;

/// <summary>
/// A folder in which a task and its script exchange files. Only the user may read it, and its files are removed with the task:
/// parameters may hold what nobody else should see.
/// </summary>
internal sealed class ScriptExchange : IDisposable
{
    private readonly string _directory;

    private ScriptExchange(string directory) => _directory = directory;

    public static ScriptExchange Create(string projectDirectory, string name)
    {
        var path = Path.Combine(projectDirectory, ".digdag", "tmp", $"{name}-{Guid.NewGuid():N}");
        EmptyFolders.Take(path);
        return new ScriptExchange(path);
    }

    public string PathOf(string file) => Path.Combine(_directory, file);

    public async Task<string> WriteAsync(string file, string text, CancellationToken cancellationToken)
    {
        var path = PathOf(file);

        // What is small is written before a thread of the pool could even begin with it.
        const int small = 64 * 1024;
        if (text.Length < small)
        {
            File.WriteAllText(path, text, new UTF8Encoding(false));
        }
        else
        {
            await File.WriteAllTextAsync(path, text, new UTF8Encoding(false), cancellationToken).ConfigureAwait(false);
        }

        return path;
    }

    public void Dispose() => EmptyFolders.GiveBack(_directory);
}
