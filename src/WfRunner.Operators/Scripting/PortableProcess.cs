using System.Diagnostics;
using System.Runtime.InteropServices;

namespace WfRunner.Operators.Scripting;

/// <summary>A command where .NET's own class has to do.</summary>
internal static partial class PortableProcess
{
    private const int BufferSize = 16 * 1024;
    private const int Terminate = 15;

    /// <summary>Sees a command to its end.</summary>
    /// <param name="process">The command, just started; disposed of.</param>
    /// <param name="output">Where its output goes.</param>
    /// <param name="options">Input, answer and the time it has to end.</param>
    /// <param name="cancellationToken">Ends the process tree.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Process process, Stream output, CommandOptions options, CancellationToken cancellationToken)
    {
        using var owned = process;
        using var entry = RunningCommands.Add(() => Kill(process));
        using var limit = new CancellationTokenSource();
        await using var force = limit.Token.Register(() => Kill(process)).ConfigureAwait(false);
        await using var end = cancellationToken.Register(() => End(process, options.Grace, limit)).ConfigureAwait(false);
        var input = WriteAsync(process, options.Input);
        var errors = process.StartInfo.RedirectStandardError ? CopyAsync(process.StandardError.BaseStream, output.Write, output.Flush) : Task.CompletedTask;
        await (options.Answer is { } answer
            ? CopyAsync(process.StandardOutput.BaseStream, answer.Add, static () => { })
            : CopyAsync(process.StandardOutput.BaseStream, output.Write, output.Flush)).ConfigureAwait(false);
        await errors.ConfigureAwait(false);
        await input.ConfigureAwait(false);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return process.ExitCode;
    }

    // What it does not read is not missed.
    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte>? input)
    {
        try
        {
            if (input is { } bytes)
            {
                await process.StandardInput.BaseStream.WriteAsync(bytes).ConfigureAwait(false);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }

    private delegate void Take(ReadOnlySpan<byte> bytes);

    private static async Task CopyAsync(Stream from, Take take, Action flush)
    {
        var buffer = new byte[BufferSize];
        int count;
        while ((count = await from.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            take(buffer.AsSpan(0, count));
            flush();
        }
    }

    private static void End(Process process, TimeSpan grace, CancellationTokenSource limit)
    {
        // Windows has no signal that asks.
        if (OperatingSystem.IsWindows() || grace <= TimeSpan.Zero || SendSignal(process.Id, Terminate) != 0)
        {
            Kill(process);
        }
        else
        {
            limit.CancelAfter(grace);
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

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
