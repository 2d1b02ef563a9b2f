using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using WfRunner.Cli.CommandLine;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Configuration;

/// <summary>Small JSON files with one object that people may edit.</summary>
internal static class JsonFile
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a file.</summary>
    /// <param name="path">Absolute path.</param>
    /// <returns>The object; null when there is no such file.</returns>
    /// <exception cref="CommandLineException">It is no JSON object, or cannot be read.</exception>
    public static ConfigMap? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return ConfigJson.Parse(File.ReadAllText(path, Encoding.UTF8)) as ConfigMap ?? throw new CommandLineException($"{path} must hold a JSON object");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandLineException($"{path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Writes a file, aside first.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="content">The object.</param>
    public static void Write(string path, ConfigMap content)
    {
        var aside = path + ".part";
        using (var file = File.Create(aside))
        {
            using (var document = JsonDocument.Parse(ConfigJson.Write(content)))
            using (var json = new Utf8JsonWriter(file, Readable))
            {
                document.RootElement.WriteTo(json);
            }

            file.WriteByte((byte)'\n');
        }

        File.Move(aside, path, overwrite: true);
    }
}
