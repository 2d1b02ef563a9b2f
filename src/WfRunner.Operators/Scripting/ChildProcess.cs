using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace WfRunner.Operators.Scripting;

/// <summary>
/// A process of Linux, started by <c>posix_spawn</c>: no input, output and errors on one pipe in their order, a process group of
/// its own. .NET's class cannot put both streams on one pipe without a second program in between, which alone doubles the time of a
/// short command.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class ChildProcess
{
    // More than any C library's opaque structures need.
    private const int StructureSize = 512;
    private const int BufferSize = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly int _id;
    private readonly int _output;

    // Closing the second end wakes whoever reads the output: a killed task does not wait for a daemon that still holds its pipe.
    private readonly int _wake;
    private int _alarm;
    private bool _hasEnded;

    private ChildProcess(int id, int output, int wake, int alarm)
    {
        _id = id;
        _output = output;
        _wake = wake;
        _alarm = alarm;
    }

    /// <summary>Starts a program.</summary>
    /// <param name="path">The program's file; relative to the working directory.</param>
    /// <param name="arguments">Its name and arguments.</param>
    /// <param name="workingDirectory">Absolute path.</param>
    /// <param name="environment">All variables, each as <c>NAME=value</c>.</param>
    /// <exception cref="IOException">It cannot be started; the code is the C library's.</exception>
    public static ChildProcess Start(string path, IReadOnlyList<string> arguments, string workingDirectory, IEnumerable<string> environment)
    {
        var ends = stackalloc int[2];
        var wake = stackalloc int[2];
        if (LibC.OpenPipe(ends, LibC.CloseOnExec) != 0)
        {
            throw Failure(Marshal.GetLastPInvokeError());
        }

        if (LibC.OpenPipe(wake, LibC.CloseOnExec) != 0)
        {
            var full = Marshal.GetLastPInvokeError();
            Close(ends[0], ends[1]);
            throw Failure(full);
        }

        var id = 0;
        var error = Spawn(&id, ends[1], path, new NativeTexts(arguments), workingDirectory, new NativeTexts(environment));
        _ = LibC.Close(ends[1]);
        if (error != 0)
        {
            Close(ends[0], wake[0], wake[1]);
            throw Failure(error);
        }

        return new ChildProcess(id, ends[0], wake[0], wake[1]);
    }

    /// <summary>Hands the output on until it ends, then waits for the process. Blocks.</summary>
    /// <param name="output">Where the output goes.</param>
    /// <returns>The exit code; 128 more than the signal that ended it.</returns>
    /// <exception cref="IOException">The output cannot be written; the process is ended.</exception>
    public int WaitForExit(Stream output)
    {
        try
        {
            var buffer = new byte[BufferSize];
            while (WaitForOutput() && ReadOutput(buffer) is > 0 and var count)
            {
                output.Write(buffer, 0, count);
                output.Flush();
            }
        }
        catch
        {
            Kill();
            Reap();
            throw;
        }
        finally
        {
            _ = LibC.Close(_output);
        }

        return Reap();
    }

    /// <summary>Ends the process and everything it has started.</summary>
    public void Kill()
    {
        lock (_lock)
        {
            // An id may belong to another process as soon as it was waited for.
            if (_hasEnded)
            {
                return;
            }

            try
            {
                using var process = Process.GetProcessById(_id);
                process.Kill(entireProcessTree: true);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
            {
                // It has ended in the meantime; what it left behind is in its group.
            }

            _ = LibC.SendSignal(-_id, LibC.Kill);
            SoundAlarm();
        }
    }

    private void SoundAlarm()
    {
        if (_alarm >= 0)
        {
            _ = LibC.Close(_alarm);
            _alarm = -1;
        }
    }

    // False once the process is killed.
    private bool WaitForOutput()
    {
        var descriptors = stackalloc LibC.PollDescriptor[2];
        descriptors[0] = new() { File = _output, Wanted = LibC.Readable };
        descriptors[1] = new() { File = _wake, Wanted = LibC.Readable };
        while (LibC.Poll(descriptors, 2, -1) < 0)
        {
            if (Marshal.GetLastPInvokeError() is var error and not LibC.InterruptedCall)
            {
                throw Failure(error);
            }
        }

        return descriptors[1].Happened == 0;
    }

    private static int Spawn(int* id, int output, string path, NativeTexts arguments, string workingDirectory, NativeTexts environment)
    {
        var actions = stackalloc byte[StructureSize];
        var attributes = stackalloc byte[StructureSize];
        var signals = stackalloc byte[StructureSize];
        _ = LibC.InitActions(actions);
        _ = LibC.InitAttributes(attributes);
        fixed (byte* program = Terminated(path), folder = Terminated(workingDirectory), nothing = "/dev/null\0"u8)
        fixed (byte* argumentBytes = arguments.Bytes, environmentBytes = environment.Bytes)
        {
            var argumentPointers = (byte**)NativeMemory.Alloc((nuint)(arguments.Count + 1), (nuint)sizeof(byte*));
            var environmentPointers = (byte**)NativeMemory.Alloc((nuint)(environment.Count + 1), (nuint)sizeof(byte*));
            try
            {
                arguments.Fill(argumentBytes, argumentPointers);
                environment.Fill(environmentBytes, environmentPointers);
                _ = LibC.AddChangeDirectory(actions, folder);
                _ = LibC.AddOpen(actions, 0, nothing, LibC.ReadOnly, 0);
                _ = LibC.AddDuplicate(actions, output, 1);
                _ = LibC.AddDuplicate(actions, output, 2);
                _ = LibC.SetFlags(attributes, LibC.SpawnSetGroup | LibC.SpawnSetSignalDefaults | LibC.SpawnSetSignalMask);
                _ = LibC.SetGroup(attributes, 0);
                _ = LibC.FillSignals(signals);
                _ = LibC.SetSignalDefaults(attributes, signals);
                _ = LibC.ClearSignals(signals);
                _ = LibC.SetSignalMask(attributes, signals);
                return LibC.Spawn(id, program, actions, attributes, argumentPointers, environmentPointers);
            }
            finally
            {
                NativeMemory.Free(argumentPointers);
                NativeMemory.Free(environmentPointers);
                _ = LibC.DestroyActions(actions);
                _ = LibC.DestroyAttributes(attributes);
            }
        }
    }

    private int ReadOutput(byte[] buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = LibC.Read(_output, start, buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                if (Marshal.GetLastPInvokeError() is var error and not LibC.InterruptedCall)
                {
                    throw Failure(error);
                }
            }
        }
    }

    // Waits for the end first, so that a kill at the same time still finds the process, and only then gives the id back.
    private int Reap()
    {
        const int exited = 4;
        const int leaveWaitable = 0x1000000;
        var information = stackalloc byte[StructureSize];
        while (LibC.WaitFor(1, _id, information, exited | leaveWaitable) != 0 && Marshal.GetLastPInvokeError() == LibC.InterruptedCall)
        {
        }

        lock (_lock)
        {
            _hasEnded = true;
            SoundAlarm();
            _ = LibC.Close(_wake);
            int status;
            while (LibC.Wait(_id, &status, 0) < 0)
            {
                if (Marshal.GetLastPInvokeError() is var error and not LibC.InterruptedCall)
                {
                    throw Failure(error);
                }
            }

            var signal = status & 0x7f;
            return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
        }
    }

    private static void Close(params ReadOnlySpan<int> files)
    {
        foreach (var file in files)
        {
            _ = LibC.Close(file);
        }
    }

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static IOException Failure(int error) => new(Marshal.GetPInvokeErrorMessage(error), error);
}
