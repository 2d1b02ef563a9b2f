using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Hive's functions with another name in Presto or DuckDB (operators-td 22.9).</summary>
internal static class HiveCalls
{
    public static void Register(Dictionary<string, Func<SqlCall, List<SqlNode>?>> rules)
    {
        rules["collect_list"] = c => c.Fill("array_agg({0}) FILTER (WHERE ({0}) IS NOT NULL)");
        rules["collect_set"] = c => c.Fill("array_agg(DISTINCT {0}) FILTER (WHERE ({0}) IS NOT NULL)");
        rules["md5"] = c => c.Arguments.Count == 1 ? c.Fill("system.main.md5(CAST({0} AS VARCHAR))") : null;
        rules["size"] = c => c.Renamed("cardinality");
        rules["nvl"] = c => c.Renamed("coalesce");
        rules["get_json_object"] = c => c.Renamed("json_extract_scalar");
        rules["split"] = c => c.Renamed("regexp_split");
        rules["concat_ws"] = c => c.Arguments.Count == 2 ? c.Fill("array_to_string({1}, {0})") : null;
        rules["unix_timestamp"] = c => c.Arguments.Count == 0 ? c.Fill("CAST(epoch(now()) AS BIGINT)") : null;
        rules["from_unixtime"] = c => c.Arguments.Count == 2 ? c.Fill("td_time_format({0}, {1})") : null;
    }
}
