using WfRunner.Core;
using WfRunner.Core.Dig;

namespace WfRunner.Runtime.Projects;

/// <summary>
/// Loads the workflows of a project: the <c>.dig</c> files directly in its folder. Files are taken by name, so that every
/// listing is stable. Digdag behaviour: cli-local 7, dig-language 13.1.
/// </summary>
public static class ProjectLoader
{
    private const string Suffix = ".dig";

    /// <summary>Loads and compiles every workflow.</summary>
    /// <param name="directory">Absolute path of the project.</param>
    /// <param name="dialect">What may stand at the top of files; Digdag's keys only unless given.</param>
    /// <returns>The workflows, sound and broken.</returns>
    /// <exception cref="WorkflowException">The folder does not exist.</exception>
    public static LoadedProject Load(string directory, DialectRules? dialect = null)
    {
        if (!Directory.Exists(directory))
        {
            throw new WorkflowException(FailureKind.NoSuchFile, directory);
        }

        var files = new ProjectFiles(directory);
        var workflows = new List<WorkflowDefinition>();
        var broken = new List<BrokenWorkflow>();
        foreach (var path in WorkflowFiles(directory))
        {
            var name = DigFile.WorkflowName(Path.GetFileName(path));
            WorkflowDefinition? definition = null;
            try
            {
                definition = DigFile.ReadWorkflow(files, path, name, dialect);
                WorkflowCompiler.Compile(definition);
                workflows.Add(definition);
            }
            catch (WorkflowException e)
            {
                broken.Add(new BrokenWorkflow(name, path, e, IsLoaded: definition is not null));
            }
        }

        return new LoadedProject(directory, workflows, broken);
    }

    /// <summary>The workflow files of a project.</summary>
    /// <param name="directory">Absolute path of the project.</param>
    /// <returns>Absolute paths, by name.</returns>
    public static IEnumerable<string> WorkflowFiles(string directory)
    {
        var ignore = IgnoreRules.Of(directory);
        return Directory.EnumerateFiles(directory, "*" + Suffix)
            .Where(p => p.EndsWith(Suffix, StringComparison.Ordinal) && !ignore.Ignores(Path.GetFileName(p), isDirectory: false))
            .Order(StringComparer.Ordinal);
    }
}
