using System.Security.Cryptography;
using System.Text;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Dig.Yaml;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Projects;

namespace WfRunner.Runtime.Local;

/// <summary>
/// The status files of one session of a local run: one for each task that succeeded, from which the next run of the same
/// session resumes. Digdag behaviour: cli-local 8.6. Better than Digdag: files are looked at once, before the run starts; they
/// are written aside and renamed, so that no crash leaves half a file; an unreadable one counts as absent.
/// </summary>
public sealed class StatusDirectory
{
    private const string Suffix = ".yml";

    // File systems allow 255 bytes; what is longer gets a hashed name (the reader still accepts the plain one).
    private const int LongestFileName = 255;

    // A flush takes milliseconds. What took less than this is cheaper run again after a power cut than flushed every time.
    private static readonly Duration WorthFlushing = Duration.FromMilliseconds(100);

    private readonly string _path;
    private readonly Lock _lock = new();
    private Task<BlankFile>? _blank;

    /// <summary>Opens the directory of a session; nothing is created before the first file is written.</summary>
    /// <param name="path">Absolute path, for example <c>…/.digdag/status/20161208T000000+0900</c>.</param>
    public StatusDirectory(string path) => _path = path;

    /// <summary>Reads the results of all tasks that succeeded.</summary>
    /// <param name="warn">Told about files that cannot be read.</param>
    /// <returns>Results by full name of the task.</returns>
    public IReadOnlyDictionary<string, TaskResult> ReadSucceeded(Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(warn);
        var results = new Dictionary<string, TaskResult>(StringComparer.Ordinal);
        if (!Directory.Exists(_path))
        {
            return results;
        }

        var files = new ProjectFiles(_path);
        foreach (var file in Directory.EnumerateFiles(_path, "*" + Suffix))
        {
            try
            {
                var status = DigFile.ReadConfig(files, file);
                if (status.GetString("state") == "success")
                {
                    results[status.GetString("fullName")] = ReadResult(status.GetMapOrEmpty("result"));
                }
            }
            catch (Exception e) when (e is WorkflowException or IOException or UnauthorizedAccessException)
            {
                warn($"Ignoring the status file {file}: {e.Message}");
            }
        }

        return results;
    }

    /// <summary>
    /// Writes the file of a task that succeeded, in whole or not at all, whenever the process ends. When the machine loses its power,
    /// files of tasks that took less than a tenth of a second may be lost with it; such a task runs again.
    /// </summary>
    /// <param name="task">The task.</param>
    public void WriteSucceeded(TaskRecord task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var result = task.Result;
        var status = ConfigMap.Of(
            ("fullName", task.FullName),
            ("state", task.State.ApiName()),
            ("result", ConfigMap.Of(
                ("subtaskConfig", result.SubtaskConfig),
                ("exportParams", result.ExportParams),
                ("resetStoreParams", new ConfigList(result.ResetStoreParams.Select(ConfigValue.FromString))),
                ("storeParams", result.StoreParams),
                ("report", ConfigMap.Of(("inputs", ConfigList.Empty), ("outputs", ConfigList.Empty))))));
        var text = Encoding.UTF8.GetBytes(YamlWriter.Write(status));
        var path = Path.Combine(_path, FileName(task.FullName));
        var isDurable = task.StartedAt is { } started && task.UpdatedAt - started >= WorthFlushing;
        lock (_lock)
        {
            if (TakeBlank() is not { } blank || !blank.TryBecome(path, text, isDurable))
            {
                Directory.CreateDirectory(_path);
                BlankFile.Create(_path).Become(path, text, isDurable);
            }
        }
    }

    /// <summary>
    /// Makes the file that the next success will be written to, while a task runs: of all that there is to do to keep a success,
    /// a file system takes longest for making the file.
    /// </summary>
    public void Prepare()
    {
        lock (_lock)
        {
            if (_blank is null && Directory.Exists(_path))
            {
                _blank = Task.Run(() => BlankFile.Create(_path));
            }
        }
    }

    /// <summary>Removes what <see cref="Prepare"/> has made and nobody has used.</summary>
    /// <returns>A task that ends when nothing is left.</returns>
    public async ValueTask CloseAsync()
    {
        Task<BlankFile>? blank;
        lock (_lock)
        {
            blank = _blank;
            _blank = null;
        }

        if (blank is null)
        {
            return;
        }

        try
        {
            (await blank.ConfigureAwait(false)).Remove();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It could not be made, or somebody has removed it already.
        }
    }

    /// <summary>Removes the file of a task that is about to run in spite of it, so that its old success cannot outlive a new failure.</summary>
    /// <param name="taskFullName">Full name of the task.</param>
    public void Remove(string taskFullName)
    {
        if (Directory.Exists(_path))
        {
            File.Delete(Path.Combine(_path, FileName(taskFullName)));
        }
    }

    // Null when none is ready: to wait for it would take longer than to make another.
    private BlankFile? TakeBlank()
    {
        if (_blank is not { IsCompleted: true } blank)
        {
            return null;
        }

        _blank = null;
        return blank.IsCompletedSuccessfully ? blank.Result : null;
    }

    private static string FileName(string taskFullName)
    {
        var name = taskFullName + Suffix;
        if (Encoding.UTF8.GetByteCount(name) <= LongestFileName && name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0)
        {
            return name;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(taskFullName)))[..32];
        return $"{new string([.. taskFullName.Take(40).Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '_' or '-')])}~{hash}{Suffix}";
    }

    private static TaskResult ReadResult(ConfigMap result) => new()
    {
        SubtaskConfig = result.GetMapOrEmpty("subtaskConfig"),
        ExportParams = result.GetMapOrEmpty("exportParams"),
        StoreParams = result.GetMapOrEmpty("storeParams"),
        ResetStoreParams = [.. result.GetListOrEmpty("resetStoreParams").Select(v => ConfigAccess.AsString("resetStoreParams", v))],
    };
}
