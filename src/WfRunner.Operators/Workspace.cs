using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators;

/// <summary>
/// The files a task may name: relative to the working directory (<c>_workdir</c>), inside the project. Paths are compared by
/// component after links are resolved, unlike Digdag, which compares text. Digdag behaviour: operators-core 5.1.
/// </summary>
public sealed class Workspace
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _project;

    private Workspace(string project, string working)
    {
        _project = project;
        WorkingDirectory = working;
    }

    /// <summary>Absolute path that relative names start from.</summary>
    public string WorkingDirectory { get; }

    /// <summary>The workspace of a task.</summary>
    /// <param name="request">The task; its <c>_workdir</c> is read.</param>
    /// <param name="context">The project's folder.</param>
    /// <returns>The workspace.</returns>
    /// <exception cref="WorkflowException">The working directory is outside of the project.</exception>
    public static Workspace Of(OperatorRequest request, IOperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var project = Path.TrimEndingDirectorySeparator(Path.GetFullPath(context.ProjectDirectory));
        var given = request.Config.GetStringOr("_workdir", string.Empty);
        var working = Path.GetFullPath(given.Length == 0 ? "." : given, project);
        return IsInside(working, project)
            ? new Workspace(project, working)
            : throw new WorkflowException(
                FailureKind.IllegalArgument, $"Working directory must not be outside of project path ({project}): {given}");
    }

    /// <summary>Absolute path of a file that a task names.</summary>
    /// <param name="name">The name as written.</param>
    /// <returns>The path; the file need not exist.</returns>
    /// <exception cref="WorkflowException">It is outside of the project.</exception>
    public string PathOf(string name)
    {
        var path = Path.GetFullPath(name, WorkingDirectory);
        return IsInside(path, _project)
            ? path
            : throw new WorkflowException(
                FailureKind.IllegalArgument, $"File name must not be outside of project path ({_project}): {name}");
    }

    /// <summary>Reads a text file and evaluates its templates.</summary>
    /// <param name="name">The name as written.</param>
    /// <param name="span">Where it was written.</param>
    /// <param name="parameters">What expressions may name.</param>
    /// <param name="context">Evaluates templates.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The evaluated text.</returns>
    /// <exception cref="ConfigException">The file does not exist, cannot be read, or a template in it fails.</exception>
    public async Task<string> ReadTemplateAsync(
        string name, SourceSpan? span, ConfigMap parameters, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var text = await ReadUtf8Async(PathOfTemplate(name, span), name, span, cancellationToken).ConfigureAwait(false);
        try
        {
            return context.Templates.EvaluateText(text, parameters);
        }
        catch (ConfigException e)
        {
            throw new ConfigException($"{e.Message} in {name}", span, e.InnerException);
        }
    }

    // Digdag says the name twice here.
    private string PathOfTemplate(string name, SourceSpan? span)
    {
        try
        {
            return PathOf(name);
        }
        catch (WorkflowException e) when (e.Kind == FailureKind.IllegalArgument)
        {
            throw new ConfigException($"{e.Message}: {name}", span);
        }
    }

    private static async Task<string> ReadUtf8Async(string path, string name, SourceSpan? span, CancellationToken cancellationToken)
    {
        if (!Path.Exists(path))
        {
            throw new ConfigException($"File not found: {path}", span);
        }

        try
        {
            return await File.ReadAllTextAsync(path, StrictUtf8, cancellationToken).ConfigureAwait(false);
        }
        catch (DecoderFallbackException)
        {
            throw new ConfigException($"Failed to read file: {name}: it is not valid UTF-8", span);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"Failed to read file: {name}: {e.Message}", span, e);
        }
    }

    private static bool IsInside(string path, string project)
    {
        var real = Resolve(path);
        var root = Resolve(project);
        return real == root || real.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    // Follows links of every existing part, so that a link inside the project cannot lead out of it.
    private static string Resolve(string path)
    {
        var root = Path.GetPathRoot(path)!;
        var at = root;
        foreach (var part in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            at = Path.Combine(at, part);
            FileSystemInfo info = Directory.Exists(at) ? new DirectoryInfo(at) : new FileInfo(at);
            if (info.LinkTarget is not null && info.ResolveLinkTarget(returnFinalTarget: true) is { } target)
            {
                at = target.FullName;
            }
        }

        return Path.TrimEndingDirectorySeparator(at);
    }
}
