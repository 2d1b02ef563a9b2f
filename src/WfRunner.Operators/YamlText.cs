using System.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;

namespace WfRunner.Operators;

/// <summary>YAML in a text, for example in an evaluated template file, read as .dig files are.</summary>
internal static class YamlText
{
    /// <summary>Reads an object.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What messages call the text.</param>
    /// <exception cref="Core.WorkflowException">It is no YAML, or no object.</exception>
    public static ConfigMap Parse(string text, string name) => DigFile.ReadConfig(new OneFile(name, text), OneFile.Path);

    private sealed class OneFile(string name, string text) : IDigFiles
    {
        public const string Path = "/text.yml";

        public byte[]? Read(string path) => path == Path ? Encoding.UTF8.GetBytes(text) : null;

        public string DisplayName(string path) => name;
    }
}
