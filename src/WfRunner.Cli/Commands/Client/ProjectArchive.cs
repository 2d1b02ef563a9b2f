using System.Text;
using WfRunner.Cli.CommandLine;
using WfRunner.Core;
using WfRunner.Core.Dig;
using WfRunner.Runtime.Archives;
using WfRunner.Runtime.Projects;

namespace WfRunner.Cli.Commands.Client;

/// <summary>Makes the archive of a project, as <c>push</c> and <c>archive</c> do. Digdag behaviour: cli-client 7.1.</summary>
internal static class ProjectArchive
{
    public static readonly OptionSyntax CopyOutgoingLinks =
        OptionSyntax.Flag("transform symlinks to regular files or directories if the symlink target is outside of the project", "--copy-outgoing-symlinks");

    /// <summary>Checks the workflow files and packs the project.</summary>
    /// <param name="shownPath">How the output line calls the archive.</param>
    /// <param name="path">Absolute path of the archive; leaves the archive out of itself.</param>
    /// <param name="call">Arguments and streams.</param>
    /// <param name="dialect">What may stand at the top of workflow files.</param>
    /// <param name="knowsTriggers">
    /// Whether the server takes <c>trigger:</c> although the dialect does not; asked only where all depends on it. Null: it does not.
    /// </param>
    /// <param name="cancellationToken">Ends the packing.</param>
    /// <returns>File names of the workflows.</returns>
    public static async Task<IReadOnlyList<string>> CreateAsync(
        string shownPath,
        string path,
        ClientCall call,
        DialectRules dialect,
        Func<CancellationToken, Task<bool>>? knowsTriggers,
        CancellationToken cancellationToken)
    {
        var directory = ProjectOption.DirectoryOf(call.Arguments, call.Context);
        await call.Out.WriteLineAsync($"Creating {shownPath}...").ConfigureAwait(false);
        var problems = ProblemsOf(directory, dialect);
        if (problems.Length > 0
            && !(knowsTriggers is not null
                && ProblemsOf(directory, dialect with { KnowsTrigger = true }).Length == 0
                && await knowsTriggers(cancellationToken).ConfigureAwait(false)))
        {
            throw new WorkflowException(FailureKind.ModelValidation, "Validating project failed" + problems);
        }

        await PackAsync(directory, path, call, entry => Show(entry, call.Out), cancellationToken).ConfigureAwait(false);
        return [.. ProjectLoader.WorkflowFiles(directory).Select(p => Path.GetFileName(p))];
    }

    /// <summary>Packs a project.</summary>
    /// <param name="directory">Absolute path of the project.</param>
    /// <param name="path">Absolute path of the archive; leaves the archive out of itself.</param>
    /// <param name="call">Options, and where warnings go.</param>
    /// <param name="added">Told every entry.</param>
    /// <param name="cancellationToken">Ends the packing.</param>
    public static async Task PackAsync(string directory, string path, ClientCall call, Action<ArchiveEntry>? added, CancellationToken cancellationToken)
    {
        // Under another name first: whoever sees the archive sees all of it.
        var temporary = path + ".part";
        var writer = new ArchiveWriter(
            directory, call.Arguments.Has(CopyOutgoingLinks), [path, temporary], added, warning => call.Error.WriteLine("warning: " + warning));
        try
        {
            var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None);
            await using (file.ConfigureAwait(false))
            {
                await writer.WriteAsync(file, cancellationToken).ConfigureAwait(false);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Show(ArchiveEntry entry, TextWriter output)
    {
        output.WriteLine($"  Archiving {entry.Path}");
        if (entry.LinkTarget is { } target)
        {
            output.WriteLine($"    symlink -> {target}");
        }
    }

    // All bad files in one go. What only the compiler finds is left to the server, whose answer scripts know.
    private static string ProblemsOf(string directory, DialectRules dialect)
    {
        if (!Directory.Exists(directory))
        {
            throw new WorkflowException(FailureKind.NoSuchFile, directory);
        }

        var files = new ProjectFiles(directory);
        var problems = new StringBuilder();
        foreach (var path in ProjectLoader.WorkflowFiles(directory))
        {
            try
            {
                DigFile.ReadWorkflow(files, path, DigFile.WorkflowName(Path.GetFileName(path)), dialect);
            }
            catch (WorkflowException e)
            {
                problems.Append("\nworkflow ").Append(path).Append(' ').Append(e.Message);
            }
        }

        return problems.ToString();
    }
}
