using WfRunner.Core.Operators;

namespace WfRunner.Cloud.Tests;

internal sealed class NoLog : ITaskLog
{
    public bool IsEnabled(TaskLogLevel level) => false;

    public void Write(TaskLogLevel level, string message)
    {
    }
}
