using System.Globalization;
using NodaTime;
using WfRunner.Query.Functions;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// Rewrites the parts of Presto and TD SQL that DuckDB says otherwise. Works on tokens: texts, quoted names and comments are
/// never touched, and what needs no rewriting stays as it was, so that positions in error messages keep their meaning.
/// </summary>
internal sealed class PrestoToDuckDb(Instant scheduledTime)
{
    // Same meaning, other name.
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.OrdinalIgnoreCase)
    {
        ["approx_distinct"] = "approx_count_distinct",
        ["approx_percentile"] = "approx_quantile",
        ["arbitrary"] = "any_value",
        ["bitwise_and_agg"] = "bit_and",
        ["bitwise_or_agg"] = "bit_or",
        ["cardinality"] = "len",
        ["codepoint"] = "unicode",
        ["from_unixtime"] = "to_timestamp",
        ["json_extract_scalar"] = "json_extract_string",
        ["levenshtein_distance"] = "levenshtein",
        ["max_by"] = "arg_max",
        ["min_by"] = "arg_min",
        ["regexp_like"] = "regexp_matches",
        ["strpos"] = "instr",
        ["to_unixtime"] = "epoch",
    };

    private readonly TdConstant _constants = new(scheduledTime);

    /// <summary>Rewrites a script.</summary>
    /// <param name="sql">The query as written.</param>
    /// <returns>Its statements, each without a semicolon.</returns>
    /// <exception cref="QueryFailedException">A function has no meaning on the local engine.</exception>
    public IReadOnlyList<string> Rewrite(string sql) =>
        [.. SqlScript.Statements(SqlTokenizer.Tokenize(sql)).Select(s => SqlScript.Text(RewriteTokens(s)))];

    private List<SqlToken> RewriteTokens(IReadOnlyList<SqlToken> tokens)
    {
        var rewritten = new List<SqlToken>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var open = token.Kind == SqlTokenKind.Word ? SqlScript.NextContent(tokens, i + 1) : -1;
            if (open >= 0 && tokens[open].IsSymbol("(") && !IsQualified(tokens, i) && RewriteCall(tokens, i, open) is var (call, end))
            {
                rewritten.AddRange(call);
                i = end;
            }
            else
            {
                rewritten.Add(IsBareUser(tokens, i, open) ? new SqlToken(SqlTokenKind.QuotedName, $"\"{token.Value}\"") : token);
            }
        }

        return rewritten;
    }

    private static bool IsQualified(IReadOnlyList<SqlToken> tokens, int at) => at > 0 && tokens[at - 1].IsSymbol(".");

    // To DuckDB a bare "user" is the session's user; in a table of Treasure Data it is a column.
    private static bool IsBareUser(IReadOnlyList<SqlToken> tokens, int at, int next) =>
        tokens[at].IsWord("user") && !(next >= 0 && tokens[next].IsSymbol("("));

    private (IReadOnlyList<SqlToken> Tokens, int End)? RewriteCall(IReadOnlyList<SqlToken> tokens, int name, int open)
    {
        var function = tokens[name].Value;
        if (SqlScript.Arguments(tokens, open) is not var (arguments, close))
        {
            return null;
        }

        if (function.StartsWith("TD_", StringComparison.OrdinalIgnoreCase))
        {
            var text = function.Equals("TD_TIME_RANGE", StringComparison.OrdinalIgnoreCase)
                ? TimeRange(arguments)
                : Constant(tokens, name, close);
            return ([new SqlToken(SqlTokenKind.Word, text)], close);
        }

        return Renamed.TryGetValue(function, out var renamed)
            ? ([new SqlToken(SqlTokenKind.Word, renamed), .. RewriteTokens([.. tokens.Skip(name + 1).Take(close - name)])], close)
            : null;
    }

    private string Constant(IReadOnlyList<SqlToken> tokens, int name, int close) =>
        _constants.TryEvaluate([.. tokens.Skip(name).Take(close - name + 1)], out var value)
            ? Literal(value)
            : throw new QueryFailedException(
                $"Local SQL error: TD function '{tokens[name].Value}' is not supported in local mode with arguments that are no constants");

    // start <= time AND time < end; null means no bound (operators-td 17.7).
    private string TimeRange(IReadOnlyList<IReadOnlyList<SqlToken>> arguments)
    {
        if (arguments.Count is < 2 or > 4)
        {
            throw new QueryFailedException("Local SQL error: TD_TIME_RANGE takes two to four arguments");
        }

        var time = SqlScript.Text(RewriteTokens(arguments[0])).Trim();
        var zone = arguments.Count > 3 && _constants.TryEvaluate(arguments[3], out var name) ? TdConstant.Zone([name], 0) : DateTimeZone.Utc;
        var bounds = new List<string>();
        AddBound(bounds, time, ">=", arguments[1], zone);
        if (arguments.Count > 2)
        {
            AddBound(bounds, time, "<", arguments[2], zone);
        }

        return bounds.Count == 0 ? $"(({time}) IS NOT NULL OR NULL)" : "(" + string.Join(" AND ", bounds) + ")";
    }

    private void AddBound(List<string> bounds, string time, string comparison, IReadOnlyList<SqlToken> argument, DateTimeZone zone)
    {
        if (!_constants.TryEvaluate(argument, out var value))
        {
            bounds.Add($"({time}) {comparison} ({SqlScript.Text(RewriteTokens(argument)).Trim()})");
        }
        else if (value is not null)
        {
            bounds.Add($"({time}) {comparison} {Literal(TdConstant.Seconds(value, zone))}");
        }
    }

    private static string Literal(object? value) => value switch
    {
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => "NULL",
    };
}
