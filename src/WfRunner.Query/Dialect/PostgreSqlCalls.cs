using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Presto's functions in PostgreSQL's own (operators-td 22). What both call alike is not listed.</summary>
internal static class PostgreSqlCalls
{
    private static readonly string[] Unsupported =
    [
        "try", "try_cast", "map", "map_agg", "map_keys", "map_values", "histogram", "transform", "filter", "reduce", "any_match", "all_match",
        "none_match", "approx_most_frequent", "approx_set", "numeric_histogram", "multimap_agg", "map_union", "url_extract_parameter",
    ];

    private static readonly Dictionary<string, string> Templates1 = new(StringComparer.Ordinal)
    {
        ["approx_distinct"] = "count(DISTINCT {0})",
        ["arbitrary"] = "(array_agg({0}))[1]",
        ["any_value"] = "(array_agg({0}))[1]",
        ["count_if"] = "count(*) FILTER (WHERE {0})",
        ["set_agg"] = "array_agg(DISTINCT {0})",
        ["from_unixtime"] = "(to_timestamp({0}) AT TIME ZONE 'UTC')",
        ["to_unixtime"] = "CAST(extract(epoch FROM {0}) AS double precision)",
        ["json_parse"] = "CAST({0} AS json)",
        ["json_format"] = "CAST({0} AS text)",
        ["json_array_length"] = "json_array_length(CAST({0} AS json))",
        ["array_distinct"] = "ARRAY(SELECT DISTINCT wf_e FROM unnest({0}) AS wf_u(wf_e))",
        ["array_sort"] = "ARRAY(SELECT wf_e FROM unnest({0}) AS wf_u(wf_e) ORDER BY wf_e)",
        ["array_max"] = "(SELECT max(wf_e) FROM unnest({0}) AS wf_u(wf_e))",
        ["array_min"] = "(SELECT min(wf_e) FROM unnest({0}) AS wf_u(wf_e))",
        ["array_sum"] = "(SELECT sum(wf_e) FROM unnest({0}) AS wf_u(wf_e))",
        ["day_of_week"] = "CAST(extract(isodow FROM {0}) AS bigint)",
        ["dow"] = "CAST(extract(isodow FROM {0}) AS bigint)",
        ["day_of_month"] = "CAST(extract(day FROM {0}) AS bigint)",
        ["day_of_year"] = "CAST(extract(doy FROM {0}) AS bigint)",
        ["doy"] = "CAST(extract(doy FROM {0}) AS bigint)",
        ["year_of_week"] = "CAST(extract(isoyear FROM {0}) AS bigint)",
        ["yow"] = "CAST(extract(isoyear FROM {0}) AS bigint)",
        ["week_of_year"] = "CAST(extract(week FROM {0}) AS bigint)",
        ["last_day_of_month"] = "CAST(date_trunc('month', {0}) + interval '1 month' - interval '1 day' AS date)",
        ["from_iso8601_timestamp"] = "CAST({0} AS timestamptz)",
        ["from_iso8601_date"] = "CAST({0} AS date)",
        ["truncate"] = "trunc({0})",
        ["is_nan"] = "(({0}) = 'NaN')",
        ["is_infinite"] = "(abs({0}) = 'Infinity')",
        ["bitwise_not"] = "(~({0}))",
        ["codepoint"] = "ascii({0})",
        ["to_utf8"] = "convert_to({0}, 'UTF8')",
        ["from_utf8"] = "convert_from({0}, 'UTF8')",
        ["to_hex"] = "upper(encode({0}, 'hex'))",
        ["from_hex"] = "decode({0}, 'hex')",
        ["to_base64"] = "encode({0}, 'base64')",
        ["from_base64"] = "decode({0}, 'base64')",
        ["typeof"] = "CAST(pg_typeof({0}) AS text)",
        ["stddev"] = "stddev_samp({0})",
        ["rand"] = "CAST(floor(random() * ({0})) AS bigint)",
        ["random"] = "CAST(floor(random() * ({0})) AS bigint)",
        ["date"] = "CAST({0} AS date)",
        ["url_extract_protocol"] = "substring({0} from '^([A-Za-z][A-Za-z0-9+.-]*):')",
        ["url_extract_host"] = "substring({0} from '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^@/?#]*@)?([^:/?#]*)')",
        ["url_extract_path"] = "substring({0} from '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*([^?#]*)')",
        ["url_extract_query"] = "coalesce(substring({0} from '\\?([^#]*)'), '')",
        ["year"] = Part("year"),
        ["quarter"] = Part("quarter"),
        ["month"] = Part("month"),
        ["week"] = Part("week"),
        ["day"] = Part("day"),
        ["hour"] = Part("hour"),
        ["minute"] = Part("minute"),
        ["second"] = "CAST(floor(extract(second FROM {0})) AS bigint)",
    };

    private static readonly Dictionary<string, string> Templates2 = new(StringComparer.Ordinal)
    {
        ["approx_percentile"] = "percentile_disc({1}) WITHIN GROUP (ORDER BY {0})",
        ["max_by"] = "(array_agg({0} ORDER BY {1} DESC NULLS LAST))[1]",
        ["min_by"] = "(array_agg({0} ORDER BY {1} NULLS LAST))[1]",
        ["td_first"] = "(array_agg({0} ORDER BY {1} NULLS LAST))[1]",
        ["td_last"] = "(array_agg({0} ORDER BY {1} DESC NULLS LAST))[1]",
        ["td_avgif"] = "avg({0}) FILTER (WHERE {1})",
        ["td_sumif"] = "CAST(sum({0}) FILTER (WHERE {1}) AS double precision)",
        ["td_divide"] = "(CASE WHEN ({1}) = 0 THEN 0 ELSE CAST({0} AS double precision) / ({1}) END)",
        ["td_array_index"] = "({0})[({1}) + 1]",
        ["if"] = "CASE WHEN {0} THEN {1} END",
        ["regexp_like"] = "(({0}) ~ ({1}))",
        ["regexp_extract"] = "substring({0} from {1})",
        ["regexp_replace"] = "regexp_replace({0}, {1}, '', 'g')",
        ["regexp_split"] = "regexp_split_to_array({0}, {1})",
        ["split"] = "string_to_array({0}, {1})",
        ["array_join"] = "array_to_string({0}, {1})",
        ["contains"] = "(({1}) = ANY({0}))",
        ["element_at"] = "({0})[{1}]",
        ["array_union"] = "ARRAY(SELECT wf_e FROM unnest({0}) AS wf_u(wf_e) UNION SELECT wf_e FROM unnest({1}) AS wf_v(wf_e))",
        ["array_intersect"] = "ARRAY(SELECT wf_e FROM unnest({0}) AS wf_u(wf_e) INTERSECT SELECT wf_e FROM unnest({1}) AS wf_v(wf_e))",
        ["array_except"] = "ARRAY(SELECT wf_e FROM unnest({0}) AS wf_u(wf_e) EXCEPT SELECT wf_e FROM unnest({1}) AS wf_v(wf_e))",
        ["arrays_overlap"] = "(({0}) && ({1}))",
        ["sequence"] = "ARRAY(SELECT generate_series({0}, {1}))",
        ["json_extract_scalar"] = "(jsonb_path_query_first(CAST({0} AS jsonb), CAST({1} AS jsonpath)) #>> CAST(ARRAY[] AS text[]))",
        ["json_extract"] = "jsonb_path_query_first(CAST({0} AS jsonb), CAST({1} AS jsonpath))",
        ["bitwise_and"] = "(({0}) & ({1}))",
        ["bitwise_or"] = "(({0}) | ({1}))",
        ["bitwise_xor"] = "(({0}) # ({1}))",
        ["random"] = "(({0}) + CAST(floor(random() * (({1}) - ({0}))) AS bigint))",
        ["replace"] = "replace({0}, {1}, '')",
        ["from_unixtime"] = "timezone({1}, to_timestamp({0}))",
        ["at_timezone"] = "timezone({1}, CAST({0} AS timestamptz))",
    };

    private static readonly Dictionary<string, string> Templates3 = new(StringComparer.Ordinal)
    {
        ["if"] = "CASE WHEN {0} THEN {1} ELSE {2} END",
        ["regexp_extract"] = "(regexp_match({0}, {1}))[{2}]",
        ["array_join"] = "array_to_string({0}, {1}, {2})",
        ["sequence"] = "ARRAY(SELECT generate_series({0}, {1}, {2}))",
        ["split_part"] = "NULLIF(split_part({0}, {1}, {2}), CASE WHEN array_length(string_to_array({0}, {1}), 1) < ({2}) THEN '' END)",
        ["slice"] = "({0})[({1}):(({1}) + ({2}) - 1)]",
        ["date_add"] = "(({2}) + ({1}) * CAST('1 ' || ({0}) AS interval))",
    };

    public static void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules)
    {
        foreach (var name in Templates1.Keys.Concat(Templates2.Keys).Concat(Templates3.Keys).Distinct(StringComparer.Ordinal))
        {
            rules[name] = c => TemplateOf(c) is { } template ? c.Fill(template) : null;
        }

        rules["cast"] = PostgreSqlTypes.Cast;
        rules["concat"] = c => Joined(c, " || ");
        rules["greatest"] = NullIfAnyNull;
        rules["least"] = NullIfAnyNull;
        rules["every"] = c => c.Renamed("bool_and");
        rules["cardinality"] = c => c.Arguments.Count == 1 ? c.Fill("coalesce(cardinality({0}), CASE WHEN ({0}) IS NOT NULL THEN 0 END)") : null;
        rules["nan"] = c => c.Fill("CAST('NaN' AS double precision)");
        rules["infinity"] = c => c.Fill("CAST('Infinity' AS double precision)");
        rules["e"] = c => c.Fill("exp(CAST(1 AS double precision))");
        rules["rand"] = c => c.Arguments.Count == 0 ? c.Renamed("random") : TemplateOf(c) is { } template ? c.Fill(template) : null;
        rules["uuid"] = c => c.Arguments.Count == 0 ? c.Fill("CAST(gen_random_uuid() AS text)") : null;
        rules["regexp_replace"] = c => c.Arguments.Count == 2 ? c.Fill(Templates2["regexp_replace"]) : RegexpReplace(c);
        rules["md5"] = c => c.Arguments.Count == 1 ? c.Fill("decode(md5({0}), 'hex')") : null;
        rules["sha256"] = c => c.Arguments.Count == 1 ? c.Fill("sha256({0})") : null;
        rules["td_md5"] = c => c.Arguments.Count == 1 ? c.Fill("md5(CAST({0} AS text))") : null;
        rules["date_diff"] = PostgreSqlTimeCalls.DateDiff;
        rules["date_format"] = PostgreSqlTimeCalls.DateFormat;
        rules["date_parse"] = PostgreSqlTimeCalls.DateParse;
        foreach (var name in Unsupported)
        {
            rules[name] = c => throw new QueryFailedException($"Presto function '{c.Name}' is not supported on PostgreSQL");
        }
    }

    private static string Part(string field) => $"CAST(extract({field} FROM {{0}}) AS bigint)";

    private static string? TemplateOf(SqlCall call) => call.Arguments.Count switch
    {
        1 => Templates1.GetValueOrDefault(call.Name),
        2 => Templates2.GetValueOrDefault(call.Name),
        3 => Templates3.GetValueOrDefault(call.Name),
        _ => null,
    };

    // Presto refers to groups with $1, PostgreSQL with \1.
    private static List<SqlNode>? RegexpReplace(SqlCall call) => call.Arguments.Count == 3
        ? call.Fill("regexp_replace({0}, {1}, replace({2}, '$', '\\'), 'g')")
        : null;

    private static List<SqlNode>? Joined(SqlCall call, string between) => call.Arguments.Count < 2
        ? null
        : call.Fill("(" + string.Join(between, Enumerable.Range(0, call.Arguments.Count).Select(i => $"({{{i}}})")) + ")");

    private static List<SqlNode>? NullIfAnyNull(SqlCall call)
    {
        var indexes = Enumerable.Range(0, call.Arguments.Count).ToList();
        return indexes.Count == 0 ? null : call.Fill(
            $"CASE WHEN {string.Join(" AND ", indexes.Select(i => $"({{{i}}}) IS NOT NULL"))} "
            + $"THEN {call.Name}({string.Join(", ", indexes.Select(i => $"{{{i}}}"))}) END");
    }
}
