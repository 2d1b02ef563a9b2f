using System.Text;

namespace WfRunner.Operators.Tests.Scripting;

/// <summary>Keeps what is written, and tells when a text has come.</summary>
internal sealed class WatchedStream : MemoryStream
{
    private readonly Lock _lock = new();
    private readonly List<(string Text, TaskCompletionSource Came)> _awaited = [];

    public string Text
    {
        get
        {
            lock (_lock)
            {
                return Encoding.UTF8.GetString(ToArray());
            }
        }
    }

    public Task ContainsAsync(string text)
    {
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _awaited.Add((text, came));
        }

        Tell();
        return came.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        lock (_lock)
        {
            base.Write(buffer, offset, count);
        }

        Tell();
    }

    private void Tell()
    {
        lock (_lock)
        {
            if (_awaited.Count == 0)
            {
                return;
            }

            var text = Text;
            foreach (var (_, came) in _awaited.Where(a => text.Contains(a.Text, StringComparison.Ordinal)))
            {
                came.TrySetResult();
            }
        }
    }
}
