namespace WfRunner.Operators.Scripting;

/// <summary>
/// Threads for work that does nothing but wait: one for each command that runs, so that none of the pool's is held. A thread that
/// is free is kept for a moment, since a task with a command is often followed by another.
/// </summary>
internal static class WaitingThreads
{
    private const int KeptMilliseconds = 1000;

    private static readonly Lock Lock = new();
    private static readonly List<Worker> Free = [];

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
        Worker? free = null;
        lock (Lock)
        {
            if (Free.Count > 0)
            {
                free = Free[^1];
                Free.RemoveAt(Free.Count - 1);
            }
        }

        if (free is null)
        {
            new Worker(work).Start();
        }
        else
        {
            free.Give(work);
        }
    }

    // An event of the system, because the library's own locks spin first, and take the processor from the very command they wait for.
    private sealed class Worker(Action work) : IDisposable
    {
        private readonly AutoResetEvent _given = new(initialState: false);
        private Action _work = work;

        public void Start() => new Thread(Run) { IsBackground = true, Name = "command" }.Start();

        public void Give(Action work)
        {
            _work = work;
            _given.Set();
        }

        public void Dispose() => _given.Dispose();

        private void Run()
        {
            using (this)
            {
                do
                {
                    _work();
                    lock (Lock)
                    {
                        Free.Add(this);
                    }
                }
                while (_given.WaitOne(KeptMilliseconds) || IsTaken());
            }
        }

        // Between the end of the wait and this moment somebody may have taken the thread; then the work is on its way.
        private bool IsTaken()
        {
            lock (Lock)
            {
                if (Free.Remove(this))
                {
                    return false;
                }
            }

            return _given.WaitOne();
        }
    }
}
