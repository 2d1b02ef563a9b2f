using System.ComponentModel;
using System.Diagnostics;
using WfRunner.Core;

namespace WfRunner.Operators.Scripting;

/// <summary>
/// Runs a command as a child process: no input, standard output and error in one stream in their order, copied on as the bytes
/// come. When the attempt is killed the whole process tree ends. Digdag behaviour: operators-core 7.3.
/// </summary>
internal static class CommandProcess
{
    private const int BufferSize = 16 * 1024;

    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">Program and arguments; a bare program name is looked up in PATH.</param>
    /// <param name="workingDirectory">Absolute path.</param>
    /// <param name="environment">Variables on top of this process's own.</param>
    /// <param name="output">Where its output goes.</param>
    /// <param name="cancellationToken">Ends the process tree.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="WorkflowException">The program cannot be started.</exception>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> command,
        string workingDirectory,
        IReadOnlyDictionary<string, string> environment,
        Stream output,
        CancellationToken cancellationToken)
    {
        using var process = Start(command, workingDirectory, environment);
        await using var registration = cancellationToken.Register(() => Kill(process)).ConfigureAwait(false);
        process.StandardInput.Close();
        var standardError = process.StartInfo.RedirectStandardError
            ? CopyAsync(process.StandardError.BaseStream, output)
            : Task.CompletedTask;
        await CopyAsync(process.StandardOutput.BaseStream, output).ConfigureAwait(false);
        await standardError.ConfigureAwait(false);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    private static Process Start(IReadOnlyList<string> command, string workingDirectory, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (OperatingSystem.IsWindows())
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
            throw new WorkflowException(
                FailureKind.Runtime, $"Cannot run program \"{command[0]}\" (in directory \"{workingDirectory}\"): {e.Message}", null, e);
        }
    }

    private static void AddArguments(ProcessStartInfo start, IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
    }

    private static async Task CopyAsync(Stream from, Stream output)
    {
        var buffer = new byte[BufferSize];
        int count;
        while ((count = await from.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            await output.WriteAsync(buffer.AsMemory(0, count)).ConfigureAwait(false);
            await output.FlushAsync().ConfigureAwait(false);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself in the meantime, which is what was wanted.
        }
    }
}
