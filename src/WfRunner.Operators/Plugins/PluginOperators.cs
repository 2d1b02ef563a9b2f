using System.Diagnostics.CodeAnalysis;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Plugins;

/// <summary>
/// Finds operators that are programs of their own: an executable <c>wf-operator-NAME</c> in the project's folder <c>plugins</c>, in
/// the project itself, or on PATH. Takes the place of Digdag's plugins, which are Java programs.
/// </summary>
/// <param name="path">The folders of programs, as the variable PATH lists them.</param>
public sealed class PluginOperators(string? path)
{
    /// <summary>What the name of a plugin's file begins with.</summary>
    public const string Prefix = "wf-operator-";

    private const string EnabledKey = "plugin.enabled";

    private static readonly string[] WindowsSuffixes = [".exe", ".cmd", ".bat"];

    /// <summary>The plugins that this process sees.</summary>
    /// <returns>Their finder.</returns>
    public static PluginOperators OfProcess() => new(Environment.GetEnvironmentVariable("PATH"));

    /// <summary>Whether plugins may be used: the key <c>plugin.enabled</c> of the configuration, which is true unless set.</summary>
    /// <param name="systemConfig">System configuration.</param>
    /// <returns>Whether they may.</returns>
    public static bool AreEnabled(IReadOnlyDictionary<string, string> systemConfig)
    {
        ArgumentNullException.ThrowIfNull(systemConfig);
        return !string.Equals(systemConfig.GetValueOrDefault(EnabledKey), "false", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Finds the plugin of an operator.</summary>
    /// <param name="name">The type, for example <c>slack</c> of <c>slack&gt;</c>.</param>
    /// <param name="projectDirectory">Absolute path of the project.</param>
    /// <param name="found">The operator.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryFind(string name, string projectDirectory, [MaybeNullWhen(false)] out IOperator found)
    {
        found = FileOf(name, projectDirectory) is { } file ? new PluginOperator(name, file) : null;
        return found is not null;
    }

    /// <summary>All plugins that tasks of a project could use.</summary>
    /// <param name="projectDirectory">Absolute path of the project.</param>
    /// <returns>Their descriptions, each name once.</returns>
    public IEnumerable<OperatorDescription> Descriptions(string projectDirectory) => Folders(projectDirectory)
        .SelectMany(Files)
        .Where(IsExecutable)
        .Select(NameOf)
        .Where(IsName)
        .Distinct(StringComparer.Ordinal)
        .Select(PluginOperator.Describe);

    private string? FileOf(string name, string projectDirectory) => !IsName(name)
        ? null
        : Folders(projectDirectory).SelectMany(f => Suffixes.Select(s => Path.Combine(f, Prefix + name + s))).FirstOrDefault(IsExecutable);

    private static string[] Suffixes => OperatingSystem.IsWindows() ? WindowsSuffixes : [string.Empty];

    private static bool IsName(string name) =>
        name.Length > 0 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    // Relative folders of PATH would mean another place for every task.
    private IEnumerable<string> Folders(string projectDirectory) => (path ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(Path.IsPathRooted)
        .Prepend(projectDirectory)
        .Prepend(Path.Combine(projectDirectory, "plugins"));

    private static IEnumerable<string> Files(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder, Prefix + "*") : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string NameOf(string file)
    {
        var name = Path.GetFileName(file)[Prefix.Length..];
        return OperatingSystem.IsWindows() ? Path.GetFileNameWithoutExtension(name) : name;
    }

    private static bool IsExecutable(string file)
    {
        const UnixFileMode anybody = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(file) && (OperatingSystem.IsWindows()
            ? WindowsSuffixes.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)
            : (File.GetUnixFileMode(file) & anybody) != 0);
    }
}
