namespace WfRunner.Runtime.Projects;

/// <summary>
/// Which files of a project stay out of it: everything whose name starts with a dot, and what <c>.digdagignore</c> names in
/// gitignore syntax (dig-language 13.1, cli-client 7.2).
/// </summary>
public sealed class IgnoreRules
{
    private const string FileName = ".digdagignore";

    private readonly MAB.DotIgnore.IgnoreList? _patterns;

    private IgnoreRules(MAB.DotIgnore.IgnoreList? patterns) => _patterns = patterns;

    /// <summary>Reads the rules of a project.</summary>
    /// <param name="directory">Absolute path of the project.</param>
    /// <returns>The rules; without a <c>.digdagignore</c> only dot files are ignored.</returns>
    public static IgnoreRules Of(string directory)
    {
        var path = Path.Combine(directory, FileName);
        return new IgnoreRules(File.Exists(path) ? new MAB.DotIgnore.IgnoreList(File.ReadAllLines(path)) : null);
    }

    /// <summary>Whether a file or folder is ignored. A file below an ignored folder must be asked for by its folder first.</summary>
    /// <param name="relativePath">Path in the project, with <c>/</c>.</param>
    /// <param name="isDirectory">Whether it is a folder.</param>
    /// <returns>Whether it stays out.</returns>
    public bool Ignores(string relativePath, bool isDirectory)
    {
        ArgumentNullException.ThrowIfNull(relativePath);
        return relativePath[(relativePath.LastIndexOf('/') + 1)..].StartsWith('.')
            || _patterns?.IsIgnored(relativePath, isDirectory) == true;
    }
}
