namespace WfRunner.Operators.Scripting;

/// <summary>
/// Threads for work that does nothing but wait: one for each command that runs, so that none of the pool's is held. A thread that
/// is free is kept for a moment, since a task with a command is often followed by another.
/// </summary>
internal static class WaitingThreads
{
    private const int KeptMilliseconds = 1000;

    private static readonly object Lock = new();
    private static readonly Queue<Action> Given = new();
    private static int _free;

    /// <summary>Does the work on a thread of its own.</summary>
    /// <param name="work">What to do; it may block.</param>
    /// <returns>Its result; continuations run on the thread that did it.</returns>
    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var result = new TaskCompletionSource<T>();
        Give(() =>
        {
            try
            {
                result.SetResult(work());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task;
    }

    private static void Give(Action work)
    {
        lock (Lock)
        {
            if (Given.Count < _free)
            {
                Given.Enqueue(work);
                Monitor.Pulse(Lock);
                return;
            }
        }

        new Thread(() => Run(work)) { IsBackground = true, Name = "command" }.Start();
    }

    private static void Run(Action work)
    {
        for (Action? next = work; next is not null; next = Next())
        {
            next();
        }
    }

    // Null when there was nothing to do for a while: the thread ends.
    private static Action? Next()
    {
        lock (Lock)
        {
            _free++;
            try
            {
                if (Given.Count == 0)
                {
                    Monitor.Wait(Lock, KeptMilliseconds);
                }

                return Given.TryDequeue(out var work) ? work : null;
            }
            finally
            {
                _free--;
            }
        }
    }
}
