using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary>
/// A command in a container of Docker, with the project at the same path as here. Digdag behaviour: operators-cloud 8. Better than
/// Digdag: values of variables do not stand on a command line that everybody can read, and killing the attempt ends the container.
/// </summary>
internal sealed class DockerCommand
{
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(30);
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly OperatorRequest _request;
    private readonly IOperatorContext _context;
    private readonly string _workingDirectory;
    private readonly string _project;
    private readonly ConfigMap _options;
    private readonly string _docker;

    public DockerCommand(OperatorRequest request, IOperatorContext context, string workingDirectory)
    {
        _request = request;
        _context = context;
        _workingDirectory = workingDirectory;
        _project = Path.TrimEndingDirectorySeparator(Path.GetFullPath(context.ProjectDirectory));
        _options = request.Config.GetMap("docker");
        _docker = _options.GetStringOr("docker", "docker");
    }

    /// <summary>Makes sure of the image and runs the command.</summary>
    /// <returns>The exit code of the command; 125 to 127 are Docker's own.</returns>
    public async Task<int> RunAsync(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, CommandOptions options, CancellationToken cancellationToken)
    {
        var image = await ImageAsync(cancellationToken).ConfigureAwait(false);
        var given = Texts("run_options");
        var name = NameIn(given);
        string[] naming = name is null ? ["--name", name = NewName()] : [];
        var mount = $"{_project}:{_project}:rw{(_options.GetBooleanOr("selinux", false) ? ",Z" : string.Empty)}";
        var (passed, shown) = Split(environment);
        try
        {
            return await CommandProcess.RunAsync(
                [_docker, "run", .. given, .. naming, "--rm", "-v", mount, "-w", _workingDirectory, .. shown, image, .. command],
                _workingDirectory,
                passed,
                _context.Output,
                options,
                cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await KillAsync(name).ConfigureAwait(false);
            throw;
        }
    }

    // The client hands on what it finds in its own environment; what would change the client itself stands on its command line.
    private static (Dictionary<string, string> Passed, List<string> Shown) Split(IReadOnlyDictionary<string, string> environment)
    {
        var passed = new Dictionary<string, string>(StringComparer.Ordinal);
        var shown = new List<string>();
        foreach (var (key, value) in environment)
        {
            var isOfClient = key is "PATH" or "HOME" or "SSH_AUTH_SOCK" or "TMPDIR" || key.StartsWith("DOCKER_", StringComparison.Ordinal)
                || key.StartsWith("LD_", StringComparison.Ordinal) || key.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase);
            if (!isOfClient)
            {
                passed[key] = value;
            }

            shown.AddRange(["-e", isOfClient ? $"{key}={value}" : key]);
        }

        return (passed, shown);
    }

    private static string? NameIn(IReadOnlyList<string> options)
    {
        const string with = "--name=";
        for (var i = 0; i < options.Count; i++)
        {
            if (options[i].StartsWith(with, StringComparison.Ordinal))
            {
                return options[i][with.Length..];
            }

            if (options[i] == "--name" && i + 1 < options.Count)
            {
                return options[i + 1];
            }
        }

        return null;
    }

    private string NewName() => string.Create(CultureInfo.InvariantCulture, $"wf-{_request.Attempt.AttemptId}-{_request.TaskId}-{Guid.NewGuid():N}");

    private async Task<string> ImageAsync(CancellationToken cancellationToken)
    {
        var image = _options.GetString("image");
        if (_options["build"] is { IsNull: false })
        {
            return await BuiltAsync(image, Texts("build"), cancellationToken).ConfigureAwait(false);
        }

        if (_options.GetBooleanOr("pull_always", false))
        {
            _context.Log.Info($"Pulling docker image {image}");
            await MustAsync(["pull", image], "Docker pull failed", cancellationToken).ConfigureAwait(false);
        }

        return image;
    }

    private async Task<string> BuiltAsync(string image, IReadOnlyList<string> build, CancellationToken cancellationToken)
    {
        var tag = TagOf(image, build);
        var repository = string.Create(CultureInfo.InvariantCulture, $"digdag-project-{_request.Attempt.ProjectId}");
        var name = $"{repository}:{tag}";
        if (await ExistsAsync(repository, tag, cancellationToken).ConfigureAwait(false))
        {
            _context.Log.Debug($"Reusing docker image {name}");
            return name;
        }

        _context.Log.Info($"Building docker image {name}");
        var lines = build.SelectMany(entry => entry.Split('\n')).Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0);
        var folder = Directory.CreateDirectory(Path.Combine(_project, ".digdag", "tmp", "docker")).FullName;
        var file = Path.Combine(folder, $"Dockerfile.{repository}.{tag}");
        await File.WriteAllTextAsync(
            file, $"FROM {image}\n{string.Concat(lines.Select(l => $"RUN {l}\n"))}", new UTF8Encoding(false), cancellationToken).ConfigureAwait(false);
        await MustAsync(
            ["build", .. Texts("build_options"), "-f", file, "--force-rm", "-t", name, _project], "Docker build failed", cancellationToken).ConfigureAwait(false);
        return name;
    }

    private string TagOf(string image, IReadOnlyList<string> build)
    {
        var key = ConfigMap.Of(
            ("image", image),
            ("build", new ConfigList(build.Select(ConfigValue.FromString))),
            ("revision", _request.Attempt.Revision ?? string.Empty));
#pragma warning disable CA5350 // It tells images apart and protects nothing; Digdag's tags are of the same form.
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(ConfigJson.Write(key))));
#pragma warning restore CA5350
    }

    private async Task<bool> ExistsAsync(string repository, string tag, CancellationToken cancellationToken)
    {
        using var list = new MemoryStream();
        var code = await CommandProcess.RunAsync([_docker, "images"], _project, Nothing, list, cancellationToken).ConfigureAwait(false);
        return code == 0 && Regex.IsMatch(
            Encoding.UTF8.GetString(list.ToArray()), $"^{Regex.Escape(repository)} +{tag}\\b", RegexOptions.Multiline | RegexOptions.CultureInvariant);
    }

    private async Task MustAsync(IReadOnlyList<string> arguments, string failure, CancellationToken cancellationToken)
    {
        var code = await CommandProcess.RunAsync([_docker, .. arguments], _project, Nothing, _context.Output, cancellationToken).ConfigureAwait(false);
        if (code != 0)
        {
            throw new WorkflowException(FailureKind.Runtime, failure);
        }
    }

    private async Task KillAsync(string name)
    {
        using var limit = new CancellationTokenSource(KillLimit);
        try
        {
            await CommandProcess.RunAsync([_docker, "kill", name], _project, Nothing, Stream.Null, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WorkflowException or OperationCanceledException or IOException)
        {
            _context.Log.Warn($"The container {name} could not be killed: {e.Message}");
        }
    }

    private string[] Texts(string key) => [.. _options.GetListOrEmpty(key).Select(v => ConfigAccess.AsString(key, v))];
}
