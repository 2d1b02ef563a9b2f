using System.Globalization;

namespace WfRunner.Runtime.Local;

/// <summary>
/// Numbers for the workers that log lines name. Digdag prints the number of a Java thread there; here it is the lowest number
/// that no running task has, so that a line's number tells which tasks ran side by side.
/// </summary>
public sealed class WorkerNumbers
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<int, int> _free = new();
    private int _used;

    /// <summary>Takes the lowest free number.</summary>
    /// <returns>A number from 1.</returns>
    public int Take()
    {
        lock (_lock)
        {
            return _free.TryDequeue(out var free, out _) ? free : ++_used;
        }
    }

    /// <summary>Gives a number back.</summary>
    /// <param name="number">A number that was taken.</param>
    public void Release(int number)
    {
        lock (_lock)
        {
            _free.Enqueue(number, number);
        }
    }

    /// <summary>A number as log lines print it.</summary>
    /// <param name="number">The number.</param>
    /// <returns>At least four digits.</returns>
    public static string Text(int number) => number.ToString("0000", CultureInfo.InvariantCulture);
}
