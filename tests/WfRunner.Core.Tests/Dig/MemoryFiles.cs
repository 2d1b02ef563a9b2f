using System.Text;
using WfRunner.Core.Dig;

namespace WfRunner.Core.Tests.Dig;

/// <summary>Files in memory, below <c>/project</c>.</summary>
internal sealed class MemoryFiles : IDigFiles
{
    public const string Root = "/project";

    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public MemoryFiles(params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            _files[Root + "/" + path] = Encoding.UTF8.GetBytes(text);
        }
    }

    public static WorkflowDefinition Workflow(string text, string name = "wf") =>
        DigFile.ReadWorkflow(new MemoryFiles((name + ".dig", text)), $"{Root}/{name}.dig", name);

    public byte[]? Read(string path) => _files.GetValueOrDefault(path);

    public string DisplayName(string path) => path[(Root.Length + 1)..];
}
