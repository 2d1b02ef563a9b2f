
namespace WfRunner.Core;

/// <summary>The user's definition or an option is wrong; kind <c>config</c>. Never retried by itself.</summary>
public sealed class ConfigException : WorkflowException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="span">Where, if known.</param>
    /// <param name="inner">The cause.</param>
    public ConfigException(string message, SourceSpan? span = null, Exception? inner = null)
        : base(FailureKind.Config, message, span, inner)
    {
    }
}
