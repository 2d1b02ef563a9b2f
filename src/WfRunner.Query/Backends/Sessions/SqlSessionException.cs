namespace WfRunner.Query.Backends.Sessions;

/// <summary>An engine refused a statement, or failed while it ran.</summary>
/// <param name="message">What it says, in one line.</param>
/// <param name="position">Where in the statement, as an offset in UTF-16 units; null when unknown.</param>
/// <param name="inner">The cause.</param>
internal sealed class SqlSessionException(string message, int? position = null, Exception? inner = null) : Exception(message, inner)
{
    public int? Position => position;
}
