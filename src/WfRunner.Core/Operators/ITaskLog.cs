namespace WfRunner.Core.Operators;

/// <summary>How serious a log line is. Named as printed in brackets.</summary>
public enum TaskLogLevel
{
    /// <summary>Details for developers of wf.</summary>
    Trace,

    /// <summary>Details for people who look for a fault.</summary>
    Debug,

    /// <summary>What happens.</summary>
    Info,

    /// <summary>What may be wrong.</summary>
    Warn,

    /// <summary>What is wrong.</summary>
    Error,
}

/// <summary>The log of one task. Lines carry the task's name; implementations mask secrets.</summary>
public interface ITaskLog
{
    /// <summary>Whether a level is written at all, so that costly texts need not be made.</summary>
    /// <param name="level">The level.</param>
    /// <returns>Whether it is written.</returns>
    bool IsEnabled(TaskLogLevel level);

    /// <summary>Writes one message, which may have several lines.</summary>
    /// <param name="level">The level.</param>
    /// <param name="message">The text, without a line break at the end.</param>
    void Write(TaskLogLevel level, string message);

    /// <summary>Writes at INFO.</summary>
    /// <param name="message">The text.</param>
    void Info(string message) => Write(TaskLogLevel.Info, message);

    /// <summary>Writes at WARN.</summary>
    /// <param name="message">The text.</param>
    void Warn(string message) => Write(TaskLogLevel.Warn, message);

    /// <summary>Writes at DEBUG.</summary>
    /// <param name="message">The text.</param>
    void Debug(string message) => Write(TaskLogLevel.Debug, message);

    /// <summary>Writes at ERROR.</summary>
    /// <param name="message">The text.</param>
    void Error(string message) => Write(TaskLogLevel.Error, message);
}
