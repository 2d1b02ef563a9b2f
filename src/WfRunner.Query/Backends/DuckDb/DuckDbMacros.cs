using System.Collections.Frozen;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// The names users write, as macros in the in-memory catalog, which every session searches before DuckDB's own functions: Presto
/// and TD functions that need no other shape than a call (operators-td 20 and 22).
/// </summary>
internal static class DuckDbMacros
{
    /// <summary>What stands behind <c>CREATE MACRO</c>, by name.</summary>
    public static FrozenDictionary<string, string> ByName { get; } =
        Definitions.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("--", StringComparison.Ordinal))
            .ToFrozenDictionary(line => line[..line.IndexOf('(', StringComparison.Ordinal)], StringComparer.Ordinal);

    private const string Definitions = """
        -- TD time
        td_time_range(t, a) AS wf_td_time_range(t, a, NULL, NULL), (t, a, b) AS wf_td_time_range(t, a, b, NULL), (t, a, b, z) AS wf_td_time_range(t, a, b, z)
        td_time_parse(s) AS wf_td_time_parse(s, NULL), (s, z) AS wf_td_time_parse(s, z)
        td_time_format(t, f) AS wf_td_time_format(t, f, NULL), (t, f, z) AS wf_td_time_format(t, f, z)
        td_time_string(t, u) AS wf_td_time_string(t, u, NULL), (t, u, z) AS wf_td_time_string(t, u, z)
        td_time_add(t, d) AS wf_td_time_add(t, d, NULL), (t, d, z) AS wf_td_time_add(t, d, z)
        td_date_trunc(u, t) AS wf_td_date_trunc(u, t, NULL), (u, t, z) AS wf_td_date_trunc(u, t, z)
        td_url_decode(s) AS wf_url_decode(s)
        td_url_encode(s) AS wf_url_encode(s)
        td_divide(a, b) AS CASE WHEN b = 0 THEN 0.0::DOUBLE ELSE a::DOUBLE / b END
        td_array_index(a, i) AS a[i + 1]
        -- Presto dates and times
        from_unixtime(x) AS timezone('UTC', to_timestamp(x)), (x, z) AS make_timestamp(wf_from_unixtime(x, z)), (x, h, m) AS timezone('UTC', to_timestamp(x)) + to_hours(h) + to_minutes(m)
        to_unixtime(t) AS epoch(t)
        at_timezone(t, z) AS make_timestamp(wf_at_timezone(t, z))
        with_timezone(t, z) AS timezone('UTC', timezone(z, t))
        date_format(t, f) AS wf_date_format(t, f)
        format_datetime(t, f) AS wf_format_datetime(t, f)
        parse_datetime(s, f) AS make_timestamp(wf_parse_datetime(s, f))
        to_iso8601(t DATE) AS strftime(t, '%Y-%m-%d'), (t TIMESTAMP) AS strftime(t, '%Y-%m-%dT%H:%M:%S.%g'), (t TIMESTAMPTZ) AS strftime(timezone('UTC', t), '%Y-%m-%dT%H:%M:%S.%gZ')
        wf_varchar(t TIMESTAMP) AS strftime(t, '%Y-%m-%d %H:%M:%S.%g'), (t TIMESTAMPTZ) AS strftime(t, '%Y-%m-%d %H:%M:%S.%g UTC'), (t DATE) AS CAST(t AS VARCHAR), (t TIME) AS CAST(t AS VARCHAR), (x) AS CAST(x AS VARCHAR)
        to_milliseconds(i) AS CAST(date_part('epoch', i) * 1000 AS BIGINT)
        date_parse(s, f) AS make_timestamp(wf_date_parse(s, f))
        date_trunc(u, t DATE) AS CAST(system.main.date_trunc(u, t) AS DATE), (u, t TIMESTAMP) AS system.main.date_trunc(u, t), (u, t TIMESTAMPTZ) AS system.main.date_trunc(u, t)
        wf_interval(u, n) AS CASE lower(u) WHEN 'millisecond' THEN system.main.to_milliseconds(n) WHEN 'second' THEN to_seconds(n) WHEN 'minute' THEN to_minutes(n) WHEN 'hour' THEN to_hours(n) WHEN 'day' THEN to_days(CAST(n AS INTEGER)) WHEN 'week' THEN to_weeks(CAST(n AS INTEGER)) WHEN 'month' THEN to_months(CAST(n AS INTEGER)) WHEN 'quarter' THEN to_months(CAST(n * 3 AS INTEGER)) WHEN 'year' THEN to_years(CAST(n AS INTEGER)) ELSE error('''' || u || ''' is not a valid interval field') END
        date_add(u, n, t DATE) AS CAST(t + memory.main.wf_interval(u, n) AS DATE), (u, n, t TIMESTAMP) AS t + memory.main.wf_interval(u, n), (u, n, t TIMESTAMPTZ) AS t + memory.main.wf_interval(u, n)
        day_of_week(d) AS CAST(isodow(d) AS BIGINT)
        dow(d) AS CAST(isodow(d) AS BIGINT)
        day_of_month(d) AS CAST(dayofmonth(d) AS BIGINT)
        day_of_year(d) AS CAST(dayofyear(d) AS BIGINT)
        doy(d) AS CAST(dayofyear(d) AS BIGINT)
        week_of_year(d) AS CAST(weekofyear(d) AS BIGINT)
        year_of_week(d) AS CAST(isoyear(d) AS BIGINT)
        yow(d) AS CAST(isoyear(d) AS BIGINT)
        last_day_of_month(d) AS last_day(d)
        from_iso8601_timestamp(s) AS CAST(s AS TIMESTAMPTZ)
        from_iso8601_date(s) AS CAST(s AS DATE)
        -- text
        split_part(s, d, n) AS CASE WHEN n <= len(string_split(s, d)) THEN system.main.split_part(s, d, n) END
        replace(s, a) AS system.main.replace(s, a, ''), (s, a, b) AS system.main.replace(s, a, b)
        regexp_extract(s, p) AS wf_regexp_extract(s, p, 0), (s, p, g) AS wf_regexp_extract(s, p, g)
        regexp_extract_all(s, p) AS wf_regexp_extract_all(s, p, 0), (s, p, g) AS wf_regexp_extract_all(s, p, g)
        regexp_replace(s, p) AS wf_regexp_replace(s, p, ''), (s, p, r) AS wf_regexp_replace(s, p, r)
        levenshtein_distance(a, b) AS CAST(levenshtein(a, b) AS BIGINT)
        hamming_distance(a, b) AS CAST(hamming(a, b) AS BIGINT)
        codepoint(c) AS unicode(c)
        to_utf8(s) AS encode(s)
        from_utf8(b) AS decode(b)
        url_extract_protocol(u) AS wf_url_extract(u, 'protocol')
        url_extract_host(u) AS wf_url_extract(u, 'host')
        url_extract_port(u) AS CAST(wf_url_extract(u, 'port') AS BIGINT)
        url_extract_path(u) AS wf_url_extract(u, 'path')
        url_extract_query(u) AS wf_url_extract(u, 'query')
        url_extract_fragment(u) AS wf_url_extract(u, 'fragment')
        url_decode(s) AS wf_url_decode(s)
        url_encode(s) AS wf_url_encode(s)
        uuid() AS CAST(system.main.uuid() AS VARCHAR)
        typeof(x) AS lower(system.main.typeof(x))
        md5(b) AS unhex(system.main.md5(b))
        sha1(b) AS unhex(system.main.sha1(b))
        sha256(b) AS unhex(system.main.sha256(b))
        sha512(b) AS unhex(wf_hash('sha512', hex(b)))
        crc32(b) AS CAST(wf_hash('crc32', hex(b)) AS BIGINT)
        xxhash64(b) AS unhex(wf_hash('xxhash64', hex(b)))
        from_big_endian_64(b) AS wf_from_big_endian_64(hex(b))
        reverse(s) AS list_reverse(s), (s VARCHAR) AS system.main.reverse(s)
        split(s, d) AS string_split(s, d), (s, d, n) AS wf_split(s, d, n)
        split_to_map(s, d, kd) AS CAST(CAST(wf_split_to_map(s, d, kd) AS JSON) AS MAP(VARCHAR, VARCHAR))
        td_parse_agent(s) AS CAST(CAST(wf_parse_agent(s) AS JSON) AS MAP(VARCHAR, VARCHAR))
        td_parse_user_agent(s) AS wf_parse_user_agent(s, ''), (s, o) AS wf_parse_user_agent(s, o)
        human_readable_seconds(n) AS wf_human_readable_seconds(n)
        -- numbers
        bit_count(x) AS system.main.bit_count(x), (x, n) AS CAST(system.main.bit_count(CAST(x AS BIGINT)) AS BIGINT)
        to_base(n, r) AS wf_to_base(n, r)
        from_base(s, r) AS wf_from_base(s, r)
        width_bucket(x, lo, hi, n) AS CAST(CASE WHEN x < lo THEN 0 WHEN x >= hi THEN n + 1 ELSE floor(n * (x - lo) / (hi - lo)) + 1 END AS BIGINT)
        cosine_similarity(a, b) AS list_sum(list_transform(map_keys(a), lambda k: a[k] * coalesce(b[k], 0))) / (sqrt(list_sum(list_transform(map_values(a), lambda v: v * v))) * sqrt(list_sum(list_transform(map_values(b), lambda v: v * v))))
        truncate(x) AS trunc(x)
        rand() AS system.main.random(), (n) AS CAST(floor(system.main.random() * n) AS BIGINT)
        random() AS system.main.random(), (n) AS CAST(floor(system.main.random() * n) AS BIGINT), (a, b) AS a + CAST(floor(system.main.random() * (b - a)) AS BIGINT)
        e() AS exp(1)
        infinity() AS CAST('inf' AS DOUBLE)
        nan() AS CAST('nan' AS DOUBLE)
        is_nan(x) AS isnan(x)
        is_infinite(x) AS isinf(x)
        is_finite(x) AS isfinite(x)
        bitwise_and(a, b) AS a & b
        bitwise_or(a, b) AS a | b
        bitwise_xor(a, b) AS xor(a, b)
        bitwise_not(a) AS ~a
        -- arrays and maps
        element_at(x, k) AS x[k]
        cardinality(x) AS CAST(CASE json_type(to_json(x)) WHEN 'ARRAY' THEN json_array_length(to_json(x)) WHEN 'OBJECT' THEN len(json_keys(to_json(x))) END AS BIGINT)
        array_join(a, d) AS array_to_string(a, d), (a, d, n) AS array_to_string(list_transform(a, lambda x: coalesce(CAST(x AS VARCHAR), n)), d)
        array_position(a, x) AS CAST(coalesce(system.main.array_position(a, x), 0) AS BIGINT)
        arrays_overlap(a, b) AS list_has_any(a, b)
        array_max(a) AS list_max(a)
        array_min(a) AS list_min(a)
        array_sum(a) AS list_sum(a)
        array_average(a) AS list_avg(a)
        array_union(a, b) AS list_distinct(list_concat(a, b))
        array_except(a, b) AS list_distinct(list_filter(a, lambda x: NOT list_contains(b, x)))
        array_remove(a, x) AS list_filter(a, lambda y: y <> x)
        zip(a, b) AS list_zip(a, b), (a, b, c) AS list_zip(a, b, c)
        shuffle(a) AS list_transform(list_sort(list_transform(a, lambda x: {'r': system.main.random(), 'v': x})), lambda s: s.v)
        ngrams(a, n) AS list_transform(range(1, greatest(len(a) - n + 2, 2)), lambda i: a[i : i + n - 1])
        array_frequency(a) AS map_from_entries(list_transform(list_distinct(a), lambda x: row(x, CAST(len(list_filter(a, lambda y: y = x)) AS BIGINT))))
        wf_multimap(e) AS map_from_entries(list_transform(list_distinct(list_transform(e, lambda x: x.k)), lambda k: row(k, list_transform(list_filter(e, lambda x: x.k = k), lambda x: x.v))))
        slice(a, s, n) AS array_slice(a, s, s + n - 1)
        -- JSON
        json_parse(s) AS CAST(s AS JSON)
        json_format(j) AS CAST(j AS VARCHAR)
        json_array_contains(j, x) AS list_contains(CAST(j AS JSON[]), to_json(x))
        json_array_get(j, i) AS CAST(j AS JSON) -> CAST(i AS BIGINT)
        is_json_scalar(j) AS json_type(CAST(j AS JSON)) NOT IN ('ARRAY', 'OBJECT')
        json_query(j, p) AS wf_json_extract(j, regexp_replace(p, '^(lax|strict) +', ''))
        json_exists(j, p) AS wf_json_extract(j, regexp_replace(p, '^(lax|strict) +', '')) IS NOT NULL
        json_value(j, p) AS wf_json_extract_scalar(j, regexp_replace(p, '^(lax|strict) +', ''))
        json_extract(j, p) AS CAST(wf_json_extract(j, p) AS JSON)
        json_extract_scalar(j, p) AS wf_json_extract_scalar(j, p)
        """;
}
