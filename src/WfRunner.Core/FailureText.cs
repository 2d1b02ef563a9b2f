using System.Text;

namespace WfRunner.Core;

/// <summary>
/// Turns failures into the lines people read. Digdag behaviour: cli-local 1.8 and engine 23.2: the message, the kind in
/// parentheses, then <c>&gt; </c> and each cause whose text is not already contained in what was printed.
/// </summary>
public static class FailureText
{
    /// <summary>The whole text of a failure, causes included.</summary>
    /// <param name="failure">The failure.</param>
    /// <returns>One or several lines without a line break at the end.</returns>
    public static string Describe(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var used = new List<string>();
        var builder = new StringBuilder();
        Append(failure);
        return builder.ToString();

        void Append(Exception e)
        {
            var text = e.Message.Length == 0 ? e.GetType().Name : e.Message;
            if (!used.Exists(u => u.Contains(text, StringComparison.Ordinal)))
            {
                used.Add(text);
                if (builder.Length > 0)
                {
                    builder.Append("\n> ");
                }

                builder.Append(text);
                if (Words(e) is { } words)
                {
                    builder.Append(" (").Append(words).Append(')');
                }
            }

            if (e is AggregateException many)
            {
                foreach (var inner in many.InnerExceptions)
                {
                    Append(inner);
                }
            }
            else if (e.InnerException is { } cause)
            {
                Append(cause);
            }
        }
    }

    /// <summary>The message of a failure with its kind, without causes: what is stored as <c>error.message</c> of a task.</summary>
    /// <param name="failure">The failure.</param>
    /// <returns>One text.</returns>
    public static string MessageWithKind(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return Words(failure) is { } words ? $"{failure.Message} ({words})" : failure.Message;
    }

    /// <summary>The word or words of a failure's kind; null for expected task failures, which carry none.</summary>
    /// <param name="failure">The failure.</param>
    /// <returns>For example <c>resource not found</c>.</returns>
    public static string? Words(Exception failure) => failure switch
    {
        WorkflowException w => Words(w.Kind),
        FileNotFoundException or DirectoryNotFoundException => "no such file",
        IOException or UnauthorizedAccessException => "io",
        ArgumentException => "illegal argument",
        InvalidOperationException => "illegal state",
        OperationCanceledException => "interrupted",
        _ => "runtime",
    };

    /// <summary>The word or words of a kind; null for <see cref="FailureKind.TaskExecution"/>.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>For example <c>model validation</c>.</returns>
    public static string? Words(FailureKind kind) => kind switch
    {
        FailureKind.TaskExecution => null,
        FailureKind.Config => "config",
        FailureKind.Runtime => "runtime",
        FailureKind.ModelValidation => "model validation",
        FailureKind.ResourceNotFound => "resource not found",
        FailureKind.ResourceConflict => "resource conflict",
        FailureKind.NoSuchFile => "no such file",
        FailureKind.FileNotFound => "file not found",
        FailureKind.IllegalArgument => "illegal argument",
        FailureKind.IllegalState => "illegal state",
        FailureKind.TaskLimitExceeded => "task limit exceeded",
        FailureKind.AttemptLimitExceeded => "attempt limit exceeded",
        FailureKind.NoMatch => "no match",
        FailureKind.MultipleTaskMatch => "multiple task match",
        FailureKind.Syntax => "syntax",
        FailureKind.InvalidPattern => "invalid pattern",
        FailureKind.SecretNotFound => "secret not found",
        FailureKind.PollingTimeout => "polling timeout",
        FailureKind.Notification => "notification",
        FailureKind.Database => "database",
        FailureKind.Io => "io",
        FailureKind.DuplicateKeyYaml => "duplicate key yaml",
        FailureKind.JsonMapping => "json mapping",
        FailureKind.RuntimeJsonMapping => "runtime json mapping",
        FailureKind.JsonParse => "json parse",
        FailureKind.ZoneRules => "zone rules",
        FailureKind.DateTimeParse => "date time parse",
        FailureKind.NumberFormat => "number format",
        FailureKind.UnsupportedOperation => "unsupported operation",
        FailureKind.TdJob => "td job",
        FailureKind.TdClient => "td client",
        FailureKind.TdClientHttp => "td client http",
        FailureKind.TdClientHttpUnauthorized => "td client http unauthorized",
        FailureKind.TdClientHttpNotFound => "td client http not found",
        FailureKind.TdClientHttpConflict => "td client http conflict",
        FailureKind.TdClientHttpTooManyRequests => "td client http too many requests",
        FailureKind.Scanner => "scanner",
        FailureKind.Parser => "parser",
        FailureKind.Composer => "composer",
        FailureKind.Constructor => "constructor",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
