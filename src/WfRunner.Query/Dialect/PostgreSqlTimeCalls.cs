using System.Globalization;
using System.Text;
using WfRunner.Query.Functions;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>TD's and Presto's functions of time over columns, in PostgreSQL's own. Patterns and zones must be literals.</summary>
internal static class PostgreSqlTimeCalls
{
    private static readonly Dictionary<string, string> JavaFields = new(StringComparer.Ordinal)
    {
        ["yyyy"] = "YYYY",
        ["yy"] = "YY",
        ["y"] = "YYYY",
        ["MMMM"] = "FMMonth",
        ["MMM"] = "Mon",
        ["MM"] = "MM",
        ["M"] = "FMMM",
        ["dd"] = "DD",
        ["d"] = "FMDD",
        ["DDD"] = "DDD",
        ["EEEE"] = "FMDay",
        ["EEE"] = "Dy",
        ["E"] = "Dy",
        ["u"] = "ID",
        ["HH"] = "HH24",
        ["H"] = "FMHH24",
        ["hh"] = "HH12",
        ["h"] = "FMHH12",
        ["a"] = "AM",
        ["mm"] = "MI",
        ["ss"] = "SS",
        ["SSS"] = "MS",
    };

    private static readonly Dictionary<string, string> MySqlFields = new(StringComparer.Ordinal)
    {
        ["%Y"] = "YYYY",
        ["%y"] = "YY",
        ["%m"] = "MM",
        ["%c"] = "FMMM",
        ["%d"] = "DD",
        ["%e"] = "FMDD",
        ["%H"] = "HH24",
        ["%k"] = "FMHH24",
        ["%h"] = "HH12",
        ["%I"] = "HH12",
        ["%l"] = "FMHH12",
        ["%i"] = "MI",
        ["%s"] = "SS",
        ["%S"] = "SS",
        ["%f"] = "US",
        ["%p"] = "AM",
        ["%M"] = "FMMonth",
        ["%b"] = "Mon",
        ["%W"] = "FMDay",
        ["%a"] = "Dy",
        ["%j"] = "DDD",
        ["%v"] = "IW",
        ["%x"] = "IYYY",
        ["%T"] = "HH24:MI:SS",
        ["%r"] = "HH12:MI:SS AM",
    };

    public static Dictionary<string, Func<SqlCall, List<SqlNode>?>> All() => new(StringComparer.Ordinal)
    {
        ["td_time_parse"] = c => c.Arguments.Count is 1 or 2
            ? c.Fill($"CAST(floor(extract(epoch FROM (CAST({{0}} AS timestamp) AT TIME ZONE {Zone(c, 1)}))) AS bigint)")
            : null,
        ["td_time_format"] = c => c.Arguments.Count is 2 or 3 && c.Constant(1) is { Text: { } pattern }
            ? c.Fill($"to_char({Local("{0}", c, 2)}, {SqlNames.Literal(FromJava(pattern))})")
            : null,
        ["td_time_string"] = TimeString,
        ["td_time_add"] = c => c.Arguments.Count is 2 or 3 && c.Constant(1) is { Text: { } duration }
            ? c.Fill(string.Create(CultureInfo.InvariantCulture, $"(({{0}}) + ({TimeUnits.Seconds(duration)}))"))
            : null,
        ["td_date_trunc"] = c => c.Arguments.Count is 2 or 3
            ? c.Fill($"CAST(extract(epoch FROM (date_trunc({{0}}, {Local("{1}", c, 2)}) AT TIME ZONE {Zone(c, 2)})) AS bigint)")
            : null,
        ["td_time_range"] = c => c.Arguments.Count == 3 ? c.Fill("(({0}) >= ({1}) AND ({0}) < ({2}))") : null,
    };

    // Whole units between two times; months and years by age, shorter ones by seconds.
    public static List<SqlNode>? DateDiff(SqlCall call)
    {
        if (call.Arguments.Count != 3 || call.Constant(0) is not { Text: { } unit })
        {
            return null;
        }

        const string Seconds = "extract(epoch FROM (CAST({2} AS timestamp) - CAST({1} AS timestamp)))";
        const string Age = "age(CAST({2} AS timestamp), CAST({1} AS timestamp))";
        const string Months = $"(extract(year FROM {Age}) * 12 + extract(month FROM {Age}))";
        var template = unit.ToLowerInvariant() switch
        {
            "millisecond" => $"CAST(trunc({Seconds} * 1000) AS bigint)",
            "second" => $"CAST(trunc({Seconds}) AS bigint)",
            "minute" => $"CAST(trunc({Seconds} / 60) AS bigint)",
            "hour" => $"CAST(trunc({Seconds} / 3600) AS bigint)",
            "day" => $"CAST(trunc({Seconds} / 86400) AS bigint)",
            "week" => $"CAST(trunc({Seconds} / 604800) AS bigint)",
            "month" => $"CAST({Months} AS bigint)",
            "quarter" => $"CAST(trunc({Months} / 3) AS bigint)",
            "year" => $"CAST(extract(year FROM {Age}) AS bigint)",
            _ => throw new QueryFailedException($"'{unit}' is not a valid Timestamp field"),
        };
        return call.Fill(template);
    }

    public static List<SqlNode>? DateFormat(SqlCall call) => call.Arguments.Count == 2 && call.Constant(1) is { Text: { } pattern }
        ? call.Fill($"to_char({{0}}, {SqlNames.Literal(FromMySql(pattern))})")
        : null;

    public static List<SqlNode>? DateParse(SqlCall call) => call.Arguments.Count == 2 && call.Constant(1) is { Text: { } pattern }
        ? call.Fill($"CAST(to_timestamp({{0}}, {SqlNames.Literal(FromMySql(pattern))}) AS timestamp)")
        : null;

    private static List<SqlNode>? TimeString(SqlCall call)
    {
        if (call.Arguments.Count is not (2 or 3) || call.Constant(1) is not { Text: { } specification } || TimeUnits.Of(specification) is not var (unit, pattern))
        {
            return null;
        }

        var offset = specification.EndsWith('!') ? string.Empty : TimeUnits.FixedOffset(call.Constant(2)?.Text);
        return offset is null ? null : call.Fill(
            $"to_char(date_trunc('{unit}', {Local("{0}", call, 2)}), {SqlNames.Literal(FromJava(pattern) + (offset.Length > 0 ? $"\"{offset}\"" : string.Empty))})");
    }

    private static string Local(string time, SqlCall call, int zone) => $"(to_timestamp({time}) AT TIME ZONE {Zone(call, zone)})";

    // PostgreSQL reads '+09:00' with the sign of POSIX, so an offset is an interval.
    private static string Zone(SqlCall call, int argument)
    {
        if (argument < call.Arguments.Count && call.Constant(argument) is null)
        {
            return $"{{{argument}}}";
        }

        var zone = TdTimeZone.Get(call.Constant(argument)?.Text);
        return zone.MinOffset == zone.MaxOffset
            ? string.Create(CultureInfo.InvariantCulture, $"interval '{zone.MinOffset.Seconds} seconds'")
            : SqlNames.Literal(zone.Id);
    }

    private static string FromJava(string pattern)
    {
        var result = new StringBuilder();
        for (var i = 0; i < pattern.Length;)
        {
            var c = pattern[i];
            if (c == '\'')
            {
                var end = pattern.IndexOf('\'', i + 1);
                end = end < 0 ? pattern.Length : end;
                Literal(result, end == i + 1 ? "'" : pattern[(i + 1)..end]);
                i = end + 1;
            }
            else if (char.IsAsciiLetter(c))
            {
                var end = i;
                while (end < pattern.Length && pattern[end] == c)
                {
                    end++;
                }

                result.Append(JavaFields.GetValueOrDefault(pattern[i..end])
                    ?? throw new QueryFailedException($"the date pattern '{pattern[i..end]}' is not supported on PostgreSQL"));
                i = end;
            }
            else
            {
                Literal(result, c.ToString());
                i++;
            }
        }

        return result.ToString();
    }

    private static string FromMySql(string pattern)
    {
        var result = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '%' && i + 1 < pattern.Length)
            {
                var field = pattern.Substring(i++, 2);
                if (MySqlFields.TryGetValue(field, out var known))
                {
                    result.Append(known);
                }
                else
                {
                    Literal(result, field[1..]);
                }
            }
            else
            {
                Literal(result, pattern[i].ToString());
            }
        }

        return result.ToString();
    }

    // Letters and digits would be fields; everything else stands for itself.
    private static void Literal(StringBuilder result, string text) => result.Append(
        text.Any(char.IsLetterOrDigit) || text.Contains('"', StringComparison.Ordinal)
            ? "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\""
            : text);
}
