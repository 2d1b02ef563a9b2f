using NodaTime;
using NodaTime.Testing;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Operators;
using WfRunner.Core.Secrets;
using WfRunner.Core.Sessions;
using WfRunner.Core.Templates;

namespace WfRunner.Operators.Tests;

/// <summary>
/// The world of one task in a test: a real project folder that goes with it, a log and an output that can be read, secrets and
/// configuration that can be set. The session time is 2024-03-13 04:05:06 in Tokyo.
/// </summary>
internal sealed class OperatorTestContext : IOperatorContext, ITaskLog, ISecretProvider, IDisposable
{
    public static readonly Instant SessionTime = Instant.FromUnixTimeSeconds(1710270306);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-operator-");
    private readonly List<string> _lines = [];
    private readonly MemoryStream _output = new();

    public string ProjectDirectory => _folder.FullName;

    public ITaskLog Log => this;

    public Stream Output => _output;

    public ISecretProvider Secrets => this;

    public TemplateEvaluator Templates { get; } = new();

    public IClock Clock { get; } = new FakeClock(SessionTime);

    public Dictionary<string, string> Config { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> SecretValues { get; } = new(StringComparer.Ordinal);

    IReadOnlyDictionary<string, string> IOperatorContext.SystemConfig => Config;

    public IWorkflowStarter Workflows { get; set; } = null!;

    public int MaximumTasks => 1000;

    /// <summary>What was logged, as <c>INFO text</c>; without DEBUG and TRACE.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>What the task said to the user.</summary>
    public string OutputText => System.Text.Encoding.UTF8.GetString(_output.ToArray());

    /// <summary>Runs a task written as it is in a .dig file.</summary>
    /// <param name="found">The operator.</param>
    /// <param name="task">The keys of the task in YAML.</param>
    /// <param name="exports">Parameters from outside, in YAML.</param>
    public async Task<OperatorOutcome> RunAsync(IOperator found, string task, string exports = "{}") =>
        await found.RunAsync(Request(task, exports), this, TestContext.Current.CancellationToken);

    /// <summary>The request that the runner would make of a task.</summary>
    public static OperatorRequest Request(string task, string exports = "{}")
    {
        var local = Yaml(task);
        var command = local.FirstOrDefault(e => TaskKeys.IsOperator(e.Key));
        var config = Yaml(exports).Merge(local);
        if (command.Key is not null)
        {
            config = config.Without(command.Key);
            config = command.Value.IsNull ? config : config.With("_command", command.Value);
        }

        return new OperatorRequest
        {
            Attempt = new AttemptInfo
            {
                ProjectId = new ProjectId(1),
                ProjectName = "default",
                WorkflowName = "wf",
                SessionId = new SessionId(2),
                SessionUuid = Guid.Empty,
                SessionTime = SessionTime,
                TimeZone = DateTimeZone.Utc,
                AttemptId = new AttemptId(3),
                CreatedAt = SessionTime,
                Params = ConfigMap.Empty,
            },
            TaskId = new TaskId(4),
            TaskName = "+wf+task",
            Config = config,
            LocalConfig = local,
            StateParams = ConfigMap.Empty,
        };
    }

    /// <summary>Writes a file of the project.</summary>
    public string Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string PathOf(string name) => Path.Combine(ProjectDirectory, name);

    bool ITaskLog.IsEnabled(TaskLogLevel level) => level >= TaskLogLevel.Info;

    void ITaskLog.Write(TaskLogLevel level, string message)
    {
        if (level >= TaskLogLevel.Info)
        {
            lock (_lines)
            {
                _lines.Add($"{level.ToString().ToUpperInvariant()} {message}");
            }
        }
    }

    string? ISecretProvider.Find(string key) => SecretValues.GetValueOrDefault(key);

    public void Dispose()
    {
        _output.Dispose();
        _folder.Delete(recursive: true);
    }

    private static ConfigMap Yaml(string text)
    {
        var files = new OneFile("task.dig", text);
        return DigFile.ReadConfig(files, "/task.dig");
    }

    private sealed class OneFile(string name, string text) : IDigFiles
    {
        public byte[]? Read(string path) => System.Text.Encoding.UTF8.GetBytes(text);

        public string DisplayName(string path) => name;
    }
}
