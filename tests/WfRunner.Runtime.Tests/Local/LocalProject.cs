using System.Text;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Operators;
using WfRunner.Runtime.Local;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.Projects;
using WfRunner.Runtime.TaskLogs;

namespace WfRunner.Runtime.Tests.Local;

/// <summary>A project in a folder of its own, and real runs of its workflows.</summary>
internal sealed class LocalProject : IDisposable
{
    public static readonly Instant Session = Instant.FromUtc(2026, 3, 4, 5, 6, 7);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-local-");

    public Dictionary<string, string> SystemConfig { get; } = new(StringComparer.Ordinal);

    /// <summary>What the log and the tasks of the last run said.</summary>
    public string Said { get; private set; } = string.Empty;

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public LocalProject With(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return this;
    }

    public async Task<IReadOnlyList<TaskRecord>> RunAsync(string workflow, bool withTaskLogs = false)
    {
        var project = ProjectLoader.Load(_folder.FullName);
        var definition = project.Workflows.Single(w => w.Name == workflow);
        using var said = new MemoryStream();
        using var writer = TextWriter.Synchronized(new StreamWriter(said, new UTF8Encoding(false)) { AutoFlush = true });
        using var log = LogOutput.ToWriter(writer, TaskLogLevel.Info, DateTimeZone.Utc, colored: false);
        var sessions = new LocalSessions(project.Workflows, SystemClock.Instance);
        var run = new LocalRun
        {
            Log = log,
            Operators = StandardOperators.CreateRegistry(),
            Clock = SystemClock.Instance,
            Sessions = sessions,
            Environment = new LocalTaskEnvironment(
                _folder.FullName,
                log,
                Stream.Synchronized(said),
                SystemConfig,
                new LocalSecrets(SystemConfig, PathOf("config-home")),
                TaskSelection.Everything,
                new Dictionary<string, TaskResult>())
            {
                Workflows = sessions,
                TaskLogs = withTaskLogs
                    ? new LocalTaskLogs(
                        new TaskLogStore(PathOf("logs"), "1@host", SystemClock.Instance, TimeProvider.System), SystemClock.Instance, DateTimeZone.Utc)
                    : null,
            },
            Journal = new StatusJournal(null, TaskSelection.Everything),
        };
        var records = await run.RunAsync(definition, WorkflowCompiler.Compile(definition), Session, ConfigMap.Empty, TestContext.Current.CancellationToken);
        Said = Encoding.UTF8.GetString(said.ToArray());
        return records;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
