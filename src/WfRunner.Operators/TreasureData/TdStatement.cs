using WfRunner.Core.Operators;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>
/// The text of a <c>td&gt;</c> job: header comment, command for the target table, query. Digdag behaviour: operators-td 2.1 to 2.3,
/// including where the command lands among comments.
/// </summary>
public static class TdStatement
{
    private const string Marker = "DIGDAG_INSERT_LINE";

    // What ends a line to Java's patterns, and what is white space to them.
    private const string LineEnds = "\r\n\u0085\u2028\u2029";
    private const string Blanks = " \t\n\v\f\r";

    /// <summary>The command that a target needs in front of the query; null for a plain result.</summary>
    /// <param name="target">The table that takes the result; null when the rows are the result.</param>
    /// <param name="engine">The dialect of the query, whose quotes and words the command takes.</param>
    /// <returns>One or two statements without a semicolon at the end, to stand before the query.</returns>
    public static string? Command(QueryTarget? target, QueryEngine engine)
    {
        if (target is null)
        {
            return null;
        }

        var table = target.Table.ToSql(engine);
        return (engine, target.Mode) switch
        {
            (QueryEngine.Hive, QueryTargetMode.Replace) => $"INSERT OVERWRITE TABLE {table}",
            (QueryEngine.Hive, _) => $"INSERT INTO TABLE {table}",
            (_, QueryTargetMode.Replace) => $"DROP TABLE IF EXISTS {table};\nCREATE TABLE {table} AS",
            _ => $"INSERT INTO {table}",
        };
    }

    /// <summary>
    /// Puts the command where it belongs: at the marker line, behind the header comments of a one-line query, else in front.
    /// </summary>
    /// <param name="command">The command; null leaves the query as it is.</param>
    /// <param name="query">The query, with its comments.</param>
    /// <returns>The statement to send.</returns>
    public static string Insert(string? command, string query)
    {
        if (command is null)
        {
            return query;
        }

        if (FindMarkerLine(query) is var (start, end))
        {
            return query[..start] + command + query[end..];
        }

        return EndOfHeaderComments(query) is { } at && query.AsSpan(at).IndexOfAny('\r', '\n') < 0
            ? query[..at].TrimEnd('\r', '\n') + "\n" + command + "\n" + query[at..]
            : command + "\n" + query;
    }

    /// <summary>The query without its marker line, for an engine that creates the table in another way.</summary>
    /// <param name="query">The query, with its comments.</param>
    /// <returns>The query; its other lines keep their places.</returns>
    public static string WithoutMarker(string query) =>
        FindMarkerLine(query) is var (start, end) ? query[..start] + query[end..] : query;

    /// <summary>The comment lines that every statement of a <c>td&gt;</c> task starts with.</summary>
    /// <param name="request">The task, whose project, workflow, session, attempt and name the lines tell.</param>
    /// <returns>Six lines, each with its end.</returns>
    public static string Header(OperatorRequest request) =>
        $"-- project_id: {request.Attempt.ProjectId}\n"
        + $"-- project_name: {request.Attempt.ProjectName}\n"
        + $"-- workflow_name: {request.Attempt.WorkflowName}\n"
        + $"-- session_id: {request.Attempt.SessionId}\n"
        + $"-- attempt_id: {request.Attempt.AttemptId}\n"
        + $"-- task_name: {request.TaskName}\n";

    // A line that begins in column 1 with "--", white space (even line breaks), and the marker; up to the end of that line.
    private static (int Start, int End)? FindMarkerLine(string query)
    {
        for (var at = 0; at < query.Length; at = StartOfNextLine(query, at))
        {
            if (string.CompareOrdinal(query, at, "--", 0, 2) != 0)
            {
                continue;
            }

            var word = at + 2;
            while (word < query.Length && Blanks.Contains(query[word], StringComparison.Ordinal))
            {
                word++;
            }

            if (string.CompareOrdinal(query, word, Marker, 0, Marker.Length) == 0)
            {
                var end = query.AsSpan(word).IndexOfAny(LineEnds);
                return (at, end < 0 ? query.Length : word + end);
            }
        }

        return null;
    }

    private static int StartOfNextLine(string query, int at)
    {
        var end = query.AsSpan(at).IndexOfAny(LineEnds);
        if (end < 0)
        {
            return query.Length;
        }

        end += at;
        return query[end] == '\r' && end + 1 < query.Length && query[end + 1] == '\n' ? end + 2 : end + 1;
    }

    // Where the text behind leading comment lines starts; null when there is no comment first.
    private static int? EndOfHeaderComments(string query)
    {
        var at = 0;
        while (at < query.Length && query[at] is '\r' or '\n' or '\t')
        {
            at++;
        }

        var found = false;
        while (string.CompareOrdinal(query, at, "--", 0, 2) == 0)
        {
            found = true;
            var lineEnd = query.IndexOf('\n', at);
            if (lineEnd < 0)
            {
                return query.Length;
            }

            at = lineEnd + 1;
        }

        return found ? at : null;
    }
}
