namespace WfRunner.Core.Templates;

/// <summary>An expression failed; the message is the reason as it stands in parentheses behind the text.</summary>
internal sealed class ExpressionException(string message, Exception inner) : Exception(message, inner);
