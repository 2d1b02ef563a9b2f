using System.Text;
using BenchmarkDotNet.Attributes;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Templates;

namespace WfRunner.Benchmarks;

/// <summary>The work between a file and its tasks: reading YAML, compiling, evaluating templates.</summary>
[MemoryDiagnoser]
public class ReadingBenchmarks
{
    private const string Path = "/project/wf.dig";

    private static readonly OneFile Files = new(Encoding.UTF8.GetBytes(
        "timezone: Asia/Tokyo\nschedule: {daily>: 07:00:00}\n_export: {td: {database: x}, y: 1}\n"
        + string.Concat(Enumerable.Range(0, 20).Select(i =>
            $"+load_{i}:\n  _parallel: true\n  +first:\n    td>: queries/a{i}.sql\n    create_table: t{i}\n  +second:\n    sh>: echo ${{session_date}}\n    _env: {{A: \"x\"}}\n"))));

    private static readonly WorkflowDefinition Definition = DigFile.ReadWorkflow(Files, Path, "wf");

    private static readonly TemplateEvaluator Templates = new();

    private static readonly ConfigMap Scope = ConfigMap.Of(("session_time", "2016-01-01T00:00:00+00:00"), ("a", "A"), ("timezone", "UTC"));

    /// <summary>A file of 60 tasks.</summary>
    /// <returns>The definition.</returns>
    [Benchmark]
    public WorkflowDefinition Read() => DigFile.ReadWorkflow(Files, Path, "wf");

    /// <summary>Its compilation.</summary>
    /// <returns>The tasks.</returns>
    [Benchmark]
    public IReadOnlyList<CompiledTask> Compile() => WorkflowCompiler.Compile(Definition);

    /// <summary>A plain variable, which needs no JavaScript.</summary>
    /// <returns>The text.</returns>
    [Benchmark]
    public string PlainVariable() => Templates.EvaluateText("x ${a} y", Scope);

    /// <summary>A date calculated by moment.js.</summary>
    /// <returns>The text.</returns>
    [Benchmark]
    public string Moment() => Templates.EvaluateText("${moment(session_time).add(1, 'days').format('YYYY-MM-DD')}", Scope);

    private sealed class OneFile(byte[] content) : IDigFiles
    {
        public byte[]? Read(string path) => content;

        public string DisplayName(string path) => "wf.dig";
    }
}
