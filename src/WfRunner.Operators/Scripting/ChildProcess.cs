using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace WfRunner.Operators.Scripting;

/// <summary>
/// A process of Linux, started by <c>posix_spawn</c>: output and errors on one pipe in their order, a process group of its own. .NET's class cannot put both streams on one pipe without a second program in between, which alone doubles the time of a
/// short command.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class ChildProcess : IDisposable
{
    // More than any C library's opaque structures need.
    private const int StructureSize = 512;
    private const int BufferSize = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly int _id;
    private readonly int _output;

    // The end of a pipe of its own for standard output; -1 when that goes where the errors go.
    private readonly int _answer;

    // Closing the second end wakes whoever reads the output: a killed task does not wait for a daemon that still holds its pipe.
    private readonly int _wake;
    private readonly IDisposable _entry;
    private int _alarm;
    private bool _hasEnded;
    private ProcessTree? _tree;
    private Timer? _limit;
    private long _forceAt;

    private ChildProcess(int id, int output, int answer, int wake, int alarm)
    {
        _id = id;
        _output = output;
        _answer = answer;
        _wake = wake;
        _alarm = alarm;
        _entry = RunningCommands.Add(Kill);
    }

    /// <summary>Starts a program.</summary>
    /// <param name="path">The program's file; relative to the working directory.</param>
    /// <param name="arguments">Its name and arguments.</param>
    /// <param name="workingDirectory">Absolute path.</param>
    /// <param name="environment">All variables, each as <c>NAME=value</c>.</param>
    /// <param name="options">What it reads, and whether its standard output is kept apart.</param>
    /// <exception cref="IOException">It cannot be started; the code is the C library's.</exception>
    public static ChildProcess Start(
        string path, IReadOnlyList<string> arguments, string workingDirectory, IEnumerable<string> environment, CommandOptions options)
    {
        // In the order: read and write end of the output, of what wakes the reader, of the answer.
        Span<int> files = [-1, -1, -1, -1, -1, -1];
        var input = -1;
        try
        {
            OpenPipe(files[..2]);
            OpenPipe(files[2..4]);
            if (options.Answer is not null)
            {
                OpenPipe(files[4..]);
            }

            input = options.Input is { } bytes ? InMemory(bytes.Span) : -1;
            var id = 0;
            var ends = new ChildEnds(input, files[5] >= 0 ? files[5] : files[1], files[1]);
            var error = Spawn(&id, ends, path, new NativeTexts(arguments), workingDirectory, new NativeTexts(environment));
            if (error != 0)
            {
                throw Failure(error);
            }

            var child = new ChildProcess(id, files[0], files[4], files[2], files[3]);
            (files[0], files[2], files[3], files[4]) = (-1, -1, -1, -1);
            return child;
        }
        finally
        {
            Close([.. files, input]);
        }
    }

    /// <summary>Hands the output on until it ends, then waits for the process. Blocks.</summary>
    /// <param name="output">Where the output goes.</param>
    /// <param name="answer">Where standard output goes, if it was to be kept apart.</param>
    /// <returns>The exit code; 128 more than the signal that ended it.</returns>
    /// <exception cref="IOException">The output cannot be written; the process is ended.</exception>
    public int WaitForExit(Stream output, Answer? answer)
    {
        try
        {
            var buffer = new byte[BufferSize];
            var (isOpen, isAnswerOpen) = (true, _answer >= 0);
            while ((isOpen || isAnswerOpen) && WaitForOutput(isOpen, isAnswerOpen) is var ready and not Ready.Killed)
            {
                if ((ready & Ready.Answer) != 0)
                {
                    var length = Read(_answer, buffer);
                    answer!.Add(buffer.AsSpan(0, length));
                    isAnswerOpen = length > 0;
                }

                if ((ready & Ready.Output) != 0)
                {
                    var length = Read(_output, buffer);
                    isOpen = length > 0;
                    if (isOpen)
                    {
                        output.Write(buffer, 0, length);
                        output.Flush();
                    }
                }
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
            Close(_output, _answer);
        }

        return Reap();
    }

    /// <summary>Tells the process and everything it has started to end, and ends by force what still runs after a while.</summary>
    /// <param name="grace">That while; zero for at once.</param>
    public void Terminate(TimeSpan grace)
    {
        lock (_lock)
        {
            if (_hasEnded || _tree is not null)
            {
                return;
            }

            _tree = ProcessTree.Of(_id);
            if (grace > TimeSpan.Zero)
            {
                _forceAt = Environment.TickCount64 + (long)grace.TotalMilliseconds;
                _limit = new Timer(_ => Kill(), null, grace, Timeout.InfiniteTimeSpan);
                _ = LibC.SendSignal(-_id, LibC.Terminate);
                _tree.SignalOutside(_id, LibC.Terminate);
                return;
            }
        }

        Kill();
    }

    /// <summary>Ends the process and everything it has started.</summary>
    public void Kill()
    {
        lock (_lock)
        {
            // An id may belong to another process as soon as it was waited for.
            if (!_hasEnded)
            {
                KillTree();
                SoundAlarm();
            }
        }
    }

    /// <summary>Forgets the limit of its grace.</summary>
    public void Dispose() => _limit?.Dispose();

    // A shell ends at once when it is told to; the program that it has started may need its time.
    private void WaitForOthers()
    {
        const int pause = 20;
        while (Volatile.Read(ref _tree) is { } tree && tree.RunsBeside(_id) && Environment.TickCount64 < _forceAt)
        {
            Thread.Sleep(pause);
        }
    }

    private void KillTree()
    {
        _tree = (_tree ?? ProcessTree.Of(_id)).Grown();
        _tree.Signal(LibC.Kill);
        _ = LibC.SendSignal(-_id, LibC.Kill);
    }

    private void SoundAlarm()
    {
        if (_alarm >= 0)
        {
            _ = LibC.Close(_alarm);
            _alarm = -1;
        }
    }

    private Ready WaitForOutput(bool isOpen, bool isAnswerOpen)
    {
        // A negative file is left out.
        var files = stackalloc LibC.PollDescriptor[3];
        files[0] = new() { File = _wake, Wanted = LibC.Readable };
        files[1] = new() { File = isOpen ? _output : -1, Wanted = LibC.Readable };
        files[2] = new() { File = isAnswerOpen ? _answer : -1, Wanted = LibC.Readable };
        while (LibC.Poll(files, 3, -1) < 0)
        {
            if (Marshal.GetLastPInvokeError() is var error and not LibC.InterruptedCall)
            {
                throw Failure(error);
            }
        }

        return files[0].Happened != 0
            ? Ready.Killed
            : (files[1].Happened != 0 ? Ready.Output : 0) | (files[2].Happened != 0 ? Ready.Answer : 0);
    }

    private static void OpenPipe(Span<int> ends)
    {
        fixed (int* first = ends)
        {
            if (LibC.OpenPipe(first, LibC.CloseOnExec) != 0)
            {
                throw Failure(Marshal.GetLastPInvokeError());
            }
        }
    }

    // A file that is nowhere but in memory: it is read like any file, and nobody has to stand by until it was read.
    private static int InMemory(ReadOnlySpan<byte> bytes)
    {
        int file;
        fixed (byte* name = "input\0"u8)
        {
            file = LibC.CreateMemoryFile(name, LibC.MemoryCloseOnExec);
        }

        if (file < 0)
        {
            throw Failure(Marshal.GetLastPInvokeError());
        }

        using var handle = new SafeFileHandle(file, ownsHandle: false);
        RandomAccess.Write(handle, bytes, 0);
        return file;
    }

    private static int Spawn(int* id, ChildEnds ends, string path, NativeTexts arguments, string workingDirectory, NativeTexts environment)
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
                _ = ends.Input >= 0 ? LibC.AddDuplicate(actions, ends.Input, 0) : LibC.AddOpen(actions, 0, nothing, LibC.ReadOnly, 0);
                _ = LibC.AddDuplicate(actions, ends.Output, 1);
                _ = LibC.AddDuplicate(actions, ends.Errors, 2);
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

    private static int Read(int file, byte[] buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = LibC.Read(file, start, buffer.Length);
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

        WaitForOthers();
        lock (_lock)
        {
            if (_tree is not null)
            {
                // It was told to end, and did; what it has left behind ends too.
                KillTree();
            }

            _hasEnded = true;
            _entry.Dispose();
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
            if (file >= 0)
            {
                _ = LibC.Close(file);
            }
        }
    }

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static IOException Failure(int error) => new(Marshal.GetPInvokeErrorMessage(error), error);

    [Flags]
    private enum Ready
    {
        Killed = 1,
        Output = 2,
        Answer = 4,
    }

    // Files of this process that become the child's first three; a negative input is none.
    private readonly record struct ChildEnds(int Input, int Output, int Errors);
}
