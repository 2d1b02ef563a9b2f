using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using WfRunner.Core;

namespace WfRunner.Operators.Scripting;

/// <summary>
/// Runs a command as a child process: no input, standard output and error in one stream in their order, copied on as the bytes
/// come. When the attempt is killed the whole process tree is told to end, and ended. Digdag behaviour: operators-core 7.3.
/// </summary>
internal static class CommandProcess
{
    // What this process was given does not change while it runs.
    private static readonly Lazy<Dictionary<string, string>> OwnVariables = new(() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(v => (string)v.Key, v => (string?)v.Value ?? string.Empty, StringComparer.Ordinal));

    /// <summary>Runs a command of a task to its end.</summary>
    /// <param name="command">Program and arguments; a bare program name is looked up in PATH.</param>
    /// <param name="workingDirectory">Absolute path.</param>
    /// <param name="environment">Variables on top of this process's own.</param>
    /// <param name="output">Where its output goes.</param>
    /// <param name="cancellationToken">Ends the process tree.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="WorkflowException">The program cannot be started.</exception>
    public static Task<int> RunAsync(
        IReadOnlyList<string> command,
        string workingDirectory,
        IReadOnlyDictionary<string, string> environment,
        Stream output,
        CancellationToken cancellationToken) =>
        RunAsync(command, workingDirectory, environment, output, CommandOptions.Default, cancellationToken);

    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">Program and arguments; a bare program name is looked up in PATH.</param>
    /// <param name="workingDirectory">Absolute path.</param>
    /// <param name="environment">Variables on top of this process's own.</param>
    /// <param name="output">Where its output goes.</param>
    /// <param name="options">Input, answer and the time it has to end.</param>
    /// <param name="cancellationToken">Ends the process tree.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="WorkflowException">The program cannot be started.</exception>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> command,
        string workingDirectory,
        IReadOnlyDictionary<string, string> environment,
        Stream output,
        CommandOptions options,
        CancellationToken cancellationToken)
    {
        RefuseNul(command, environment);
        cancellationToken.ThrowIfCancellationRequested();
        var code = OperatingSystem.IsLinux()
            ? await RunOnLinuxAsync(command, workingDirectory, environment, output, options, cancellationToken).ConfigureAwait(false)
            : await PortableProcess.RunAsync(
                Start(command, workingDirectory, environment, options), output, options, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return code;
    }

    [SupportedOSPlatform("linux")]
    private static async Task<int> RunOnLinuxAsync(
        IReadOnlyList<string> command,
        string workingDirectory,
        IReadOnlyDictionary<string, string> environment,
        Stream output,
        CommandOptions options,
        CancellationToken cancellationToken)
    {
        using var child = StartOnLinux(command, workingDirectory, environment, options);
        await using var registration = cancellationToken.Register(() => child.Terminate(options.Grace)).ConfigureAwait(false);
        return await WaitingThreads.RunAsync(() => child.WaitForExit(output, options.Answer)).ConfigureAwait(false);
    }

    [SupportedOSPlatform("linux")]
    private static ChildProcess StartOnLinux(
        IReadOnlyList<string> command, string workingDirectory, IReadOnlyDictionary<string, string> environment, CommandOptions options)
    {
        var variables = new Dictionary<string, string>(OwnVariables.Value, StringComparer.Ordinal);
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }

        var all = variables.Select(v => $"{v.Key}={v.Value}");
        try
        {
            var program = PathOf(command[0], variables.GetValueOrDefault("PATH"));
            try
            {
                return ChildProcess.Start(program, command, workingDirectory, all, options);
            }
            catch (IOException e) when (e.HResult == LibC.NoExecutableFormat)
            {
                // A script without a line that names its interpreter is the shell's, by custom.
                return ChildProcess.Start("/bin/sh", ["/bin/sh", program, .. command.Skip(1)], workingDirectory, all, options);
            }
        }
        catch (IOException e)
        {
            throw CannotRun(command, workingDirectory, e);
        }
    }

    // A bare name is looked up in PATH; the file need not exist, then the start says so.
    [SupportedOSPlatform("linux")]
    private static string PathOf(string program, string? path)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return program;
        }

        return (path ?? "/usr/local/bin:/usr/bin:/bin").Split(':')
            .Select(folder => Path.Combine(folder.Length == 0 ? "." : folder, program))
            .FirstOrDefault(IsExecutable) ?? "/" + program;
    }

    [SupportedOSPlatform("linux")]
    private static bool IsExecutable(string path) => File.Exists(path)
        && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private static WorkflowException CannotRun(IReadOnlyList<string> command, string workingDirectory, Exception cause) => new(
        FailureKind.Runtime,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Cannot run program \"{command[0]}\" (in directory \"{workingDirectory}\"): error={(cause as Win32Exception)?.NativeErrorCode ?? cause.HResult}, {cause.Message}"),
        null,
        cause);

    // C strings end at a NUL: the command would silently get less than what was written.
    private static void RefuseNul(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        if (command.Any(a => a.Contains('\0')))
        {
            throw new ConfigException("A command's argument cannot contain the character NUL (\\0)");
        }

        if (environment.FirstOrDefault(v => v.Value.Contains('\0')) is { Key: { } name })
        {
            throw new ConfigException($"The environment variable '{name}' cannot contain the character NUL (\\0)");
        }
    }

    private static Process Start(
        IReadOnlyList<string> command, string workingDirectory, IReadOnlyDictionary<string, string> environment, CommandOptions options)
    {
        var start = new ProcessStartInfo
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (OperatingSystem.IsWindows() || options.Answer is not null)
        {
            start.FileName = command[0];
            start.RedirectStandardError = true;
            AddArguments(start, command.Skip(1));
        }
        else
        {
            // One pipe for both streams keeps their order; the shell is replaced by the command at once.
            start.FileName = "/bin/sh";
            AddArguments(start, ["-c", "exec \"$@\" 2>&1", "sh", .. command]);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw CannotRun(command, workingDirectory, e);
        }
    }

    private static void AddArguments(ProcessStartInfo start, IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
    }
}
