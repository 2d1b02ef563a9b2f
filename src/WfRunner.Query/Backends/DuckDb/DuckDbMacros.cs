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
        wf_varchar(t TIMESTAMP) AS strftime(t, '%Y-%m-%d %H:%M:%S.%g'), (t TIMESTAMPTZ) AS strftime(t, '%Y-%m-%d %H:%M:%S.%g UTC'), (t DATE) AS CAST(t AS VARCHAR), (t TIME) AS CAST(t AS VARCHAR), (x) AS CASE WHEN system.main.typeof(x) = 'JSON' THEN json_extract_string(to_json(x), '$') ELSE CAST(x AS VARCHAR) END
        wf_integer(x BIGINT) AS x, (x HUGEINT) AS x, (x DECIMAL(38,18)) AS x, (x DOUBLE) AS round(x), (x FLOAT) AS round(x), (x BOOLEAN) AS x, (x VARCHAR) AS CASE WHEN x IS NULL OR regexp_full_match(trim(x, '"'), '[+-]?[0-9]+') THEN trim(x, '"') ELSE '"' || x || '"' END, (x) AS x
        wf_boolean(x VARCHAR) AS CASE WHEN x IS NULL OR lower(x) IN ('true', 'false', 't', 'f', '1', '0') THEN x ELSE '"' || x || '"' END, (x) AS x
        wf_concat_ws(d, x VARCHAR) AS x, (d, x) AS array_to_string(x, d)
        wf_json(x) AS CASE WHEN system.main.typeof(x) = 'VARCHAR' AND regexp_full_match(CAST(x AS VARCHAR), '(?s)\s*[\[{].*') THEN coalesce(TRY_CAST(CAST(x AS VARCHAR) AS JSON), to_json(x)) ELSE to_json(x) END
        wf_shift(t DATE, i) AS CASE WHEN system.main.date_trunc('day', t + i) = t + i THEN CAST(t + i AS DATE) ELSE error('Cannot add hours, minutes or seconds to a date') END, (t TIMESTAMP, i) AS t + i, (t TIMESTAMPTZ, i) AS t + i, (t TIME, i) AS t + i, (t, i) AS t + i
        wf_sequence(a BIGINT, b BIGINT) AS generate_series(a, b, CASE WHEN a > b THEN -1 ELSE 1 END), (a BIGINT, b BIGINT, s BIGINT) AS generate_series(a, b, s), (a DATE, b DATE) AS CAST(generate_series(a, b, CASE WHEN a > b THEN to_days(-1) ELSE to_days(1) END) AS DATE[]), (a DATE, b DATE, s INTERVAL) AS CAST(generate_series(a, b, s) AS DATE[]), (a TIMESTAMP, b TIMESTAMP, s INTERVAL) AS generate_series(a, b, s), (a TIMESTAMPTZ, b TIMESTAMPTZ, s INTERVAL) AS generate_series(a, b, s)
        millisecond(t) AS CAST(date_part('millisecond', t) % 1000 AS BIGINT)
        from_unixtime_nanos(n) AS make_timestamp(CAST(n // 1000 AS BIGINT))
        parse_duration(s) AS to_microseconds(wf_parse_duration(s))
        current_timezone() AS 'UTC'
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
        from_iso8601_date(s) AS CAST(wf_iso_date(s) AS DATE)
        -- text
        split_part(s, d, n) AS CASE WHEN n <= len(string_split(s, d)) THEN system.main.split_part(s, d, n) END
        replace(s, a) AS system.main.replace(s, a, ''), (s, a, b) AS system.main.replace(s, a, b)
        strpos(s, x) AS system.main.strpos(s, x), (s, x, n) AS wf_strpos(s, x, n)
        substr(s, p) AS CASE WHEN p = 0 OR -p > system.main.length(s) THEN '' ELSE system.main.substr(s, p) END, (s, p, n) AS CASE WHEN p = 0 OR -p > system.main.length(s) THEN '' ELSE system.main.substr(s, p, n) END
        substring(s, p) AS memory.main.substr(s, p), (s, p, n) AS memory.main.substr(s, p, n)
        length(s VARCHAR) AS system.main.length(s), (s BLOB) AS octet_length(s), (s) AS system.main.length(s)
        regexp_position(s, p) AS wf_regexp_position(s, p, 1, 1), (s, p, a) AS wf_regexp_position(s, p, a, 1), (s, p, a, n) AS wf_regexp_position(s, p, a, n)
        luhn_check(s) AS wf_luhn_check(s)
        word_stem(s) AS wf_word_stem(s, 'en'), (s, l) AS wf_word_stem(s, l)
        soundex(s) AS wf_soundex(s)
        format_number(n) AS wf_format_number(n)
        parse_data_size(s) AS CAST(wf_parse_data_size(s) AS DECIMAL(38,0))
        parse_presto_data_size(s) AS memory.main.parse_data_size(s)
        split_to_multimap(s, d, kd) AS CAST(CAST(wf_split_to_multimap(s, d, kd) AS JSON) AS MAP(VARCHAR, VARCHAR[]))
        regexp_extract(s, p) AS wf_regexp_extract(s, p, 0), (s, p, g) AS wf_regexp_extract(s, p, g)
        regexp_extract_all(s, p) AS wf_regexp_extract_all(s, p, 0), (s, p, g) AS wf_regexp_extract_all(s, p, g)
        regexp_replace(s, p) AS wf_regexp_replace(s, p, ''), (s, p, r) AS wf_regexp_replace(s, p, r)
        levenshtein_distance(a, b) AS CAST(levenshtein(a, b) AS BIGINT)
        hamming_distance(a, b) AS CAST(hamming(a, b) AS BIGINT)
        codepoint(c) AS unicode(c)
        to_utf8(s) AS encode(s)
        from_utf8(b) AS wf_from_utf8(hex(b), chr(65533)), (b, r) AS wf_from_utf8(hex(b), r)
        url_extract_protocol(u) AS wf_url_extract(u, 'protocol')
        url_extract_host(u) AS wf_url_extract(u, 'host')
        url_extract_port(u) AS CAST(wf_url_extract(u, 'port') AS BIGINT)
        url_extract_path(u) AS wf_url_extract(u, 'path')
        url_extract_query(u) AS wf_url_extract(u, 'query')
        url_extract_fragment(u) AS wf_url_extract(u, 'fragment')
        url_decode(s) AS wf_url_decode(s)
        url_encode(s) AS wf_url_encode(s)
        uuid() AS CAST(system.main.uuid() AS VARCHAR)
        typeof(x) AS wf_typeof(x)
        md5(b) AS unhex(system.main.md5(b))
        sha1(b) AS unhex(system.main.sha1(b))
        sha256(b) AS unhex(system.main.sha256(b))
        sha512(b) AS unhex(wf_hash('sha512', hex(b)))
        crc32(b) AS CAST(wf_hash('crc32', hex(b)) AS BIGINT)
        xxhash64(b) AS unhex(wf_hash('xxhash64', hex(b)))
        to_big_endian_64(n) AS unhex(lpad(system.main.to_hex(CAST(n AS BIGINT)), 16, '0'))
        to_big_endian_32(n) AS unhex(lpad(system.main.to_hex(CAST(n AS BIGINT) & 4294967295), 8, '0'))
        from_big_endian_32(b) AS CAST(wf_from_big_endian_64(CASE WHEN hex(b) >= '8' THEN 'FFFFFFFF' ELSE '00000000' END || hex(b)) AS INTEGER)
        to_base64url(b) AS replace(replace(to_base64(b), '+', '-'), '/', '_')
        from_base64url(s) AS from_base64(replace(replace(s, '-', '+'), '_', '/'))
        hmac_md5(b, k) AS unhex(wf_hmac('md5', hex(b), hex(k)))
        hmac_sha1(b, k) AS unhex(wf_hmac('sha1', hex(b), hex(k)))
        hmac_sha256(b, k) AS unhex(wf_hmac('sha256', hex(b), hex(k)))
        hmac_sha512(b, k) AS unhex(wf_hmac('sha512', hex(b), hex(k)))
        from_big_endian_64(b) AS wf_from_big_endian_64(hex(b))
        reverse(s) AS list_reverse(s), (s VARCHAR) AS system.main.reverse(s)
        split(s, d) AS string_split(s, d), (s, d, n) AS wf_split(s, d, n)
        split_to_map(s, d, kd) AS CAST(CAST(wf_split_to_map(s, d, kd) AS JSON) AS MAP(VARCHAR, VARCHAR))
        td_parse_agent(s) AS CAST(CAST(wf_parse_agent(s) AS JSON) AS MAP(VARCHAR, VARCHAR))
        td_parse_user_agent(s) AS wf_parse_user_agent(s, ''), (s, o) AS wf_parse_user_agent(s, o)
        human_readable_seconds(n) AS wf_human_readable_seconds(n)
        -- numbers
        bit_count(x) AS system.main.bit_count(x), (x, n) AS CAST(system.main.bit_count(CASE WHEN n < 64 THEN CAST(x AS BIGINT) & ((1::BIGINT << CAST(n AS INTEGER)) - 1) ELSE CAST(x AS BIGINT) END) AS BIGINT)
        to_base(n, r) AS wf_to_base(n, r)
        from_base(s, r) AS wf_from_base(s, r)
        width_bucket(x, b) AS CAST(len(list_filter(b, lambda y: y <= x)) AS BIGINT), (x, lo, hi, n) AS CAST(CASE WHEN x < lo THEN 0 WHEN x >= hi THEN n + 1 ELSE floor(n * (x - lo) / (hi - lo)) + 1 END AS BIGINT)
        cosine_similarity(a, b) AS list_sum(list_transform(map_keys(a), lambda k: a[k] * coalesce(b[k], 0))) / (sqrt(list_sum(list_transform(map_values(a), lambda v: v * v))) * sqrt(list_sum(list_transform(map_values(b), lambda v: v * v))))
        truncate(x) AS trunc(x), (x, n) AS trunc(x * power(10, n)) / power(10, n)
        bitwise_left_shift(x, n) AS CASE WHEN n >= 64 THEN 0 ELSE CAST(x AS BIGINT) << CAST(n AS BIGINT) END
        bitwise_right_shift(x, n) AS CASE WHEN n >= 64 THEN 0 WHEN n = 0 THEN CAST(x AS BIGINT) ELSE (CAST(x AS BIGINT) >> CAST(n AS BIGINT)) & (9223372036854775807 >> (CAST(n AS BIGINT) - 1)) END
        bitwise_right_shift_arithmetic(x, n) AS CAST(x AS BIGINT) >> least(CAST(n AS BIGINT), 63)
        normal_cdf(m, s, v) AS wf_normal_cdf((v - m) / CAST(s AS DOUBLE))
        inverse_normal_cdf(m, s, p) AS m + s * wf_inverse_normal_cdf(p)
        wilson_interval_lower(k, n, z) AS wf_wilson(CAST(k AS DOUBLE) / n, n, -z)
        wilson_interval_upper(k, n, z) AS wf_wilson(CAST(k AS DOUBLE) / n, n, z)
        wf_wilson(p, n, z) AS (p + z * z / (2.0 * n) + z * sqrt(p * (1 - p) / n + z * z / (4.0 * n * n))) / (1 + CAST(z AS DOUBLE) * z / n)
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
        array_max(a) AS CASE WHEN list_count(a) = len(a) THEN list_max(a) END
        array_min(a) AS CASE WHEN list_count(a) = len(a) THEN list_min(a) END
        array_distinct(a) AS CASE WHEN list_unique(a) = len(a) THEN a ELSE list_filter(a, lambda x, i: i = list_position(a, x)) END
        array_intersect(a, b) AS memory.main.array_distinct(list_filter(a, lambda x: list_position(b, x) IS NOT NULL))
        array_first(a) AS a[1]
        array_last(a) AS a[-1]
        trim_array(a, n) AS array_slice(a, 1, len(a) - n)
        contains_sequence(a, b) AS len(b) = 0 OR len(list_filter(range(1, len(a) - len(b) + 2), lambda i: a[i : i + len(b) - 1] = b)) > 0
        array_histogram(a) AS memory.main.array_frequency(a)
        dot_product(a, b) AS list_inner_product(CAST(a AS DOUBLE[]), CAST(b AS DOUBLE[]))
        euclidean_distance(a, b) AS list_distance(CAST(a AS DOUBLE[]), CAST(b AS DOUBLE[]))
        combinations(a, n) AS list_transform([wf_combinations(len(a), n)], lambda f: list_transform(range(CASE WHEN n = 0 THEN 1 ELSE len(f) // n END), lambda i: list_transform(f[i * n + 1 : (i + 1) * n], lambda j: a[j])))[1]
        map_entries(m) AS list_transform(system.main.map_entries(m), lambda e: row(e.key, e.value))
        multimap_from_entries(e) AS memory.main.wf_multimap(list_transform(e, lambda r: {'k': r[1], 'v': r[2]}))
        wf_map(e) AS CASE WHEN list_unique(list_transform(e, lambda x: x.k)) = len(e) THEN map_from_entries(e) ELSE map_from_entries(list_filter(e, lambda x, i: i = list_position(list_transform(e, lambda y: y.k), x.k))) END
        numeric_histogram_of(b, v) AS CAST(CAST(wf_numeric_histogram(b, v) AS JSON) AS MAP(DOUBLE, DOUBLE))
        value_at_quantile(d, q) AS list_aggregate(d, 'quantile_disc', q)
        values_at_quantiles(d, q) AS list_aggregate(d, 'quantile_disc', q)
        array_sum(a) AS list_sum(a)
        array_average(a) AS list_avg(a)
        array_union(a, b) AS memory.main.array_distinct(list_concat(a, b))
        array_except(a, b) AS memory.main.array_distinct(list_filter(a, lambda x: list_position(b, x) IS NULL))
        array_remove(a, x) AS CASE WHEN x IS NOT NULL THEN list_filter(a, lambda y: y IS DISTINCT FROM x) END
        zip(a, b) AS list_zip(a, b), (a, b, c) AS list_zip(a, b, c)
        shuffle(a) AS list_transform(list_sort(list_transform(a, lambda x: {'r': system.main.random(), 'v': x})), lambda s: s.v)
        ngrams(a, n) AS list_transform(range(1, greatest(len(a) - n + 2, 2)), lambda i: a[i : i + n - 1])
        array_frequency(a) AS map_from_entries(list_transform(list_filter(memory.main.array_distinct(a), lambda x: x IS NOT NULL), lambda x: row(x, CAST(len(list_filter(a, lambda y: y = x)) AS BIGINT))))
        wf_multimap(e) AS map_from_entries(list_transform(memory.main.array_distinct(list_transform(e, lambda x: x.k)), lambda k: row(k, list_transform(list_filter(e, lambda x: x.k = k), lambda x: x.v))))
        slice(a, s, n) AS CASE WHEN s > 0 THEN array_slice(a, s, s + n - 1) ELSE array_slice(a, len(a) + s + 1, len(a) + s + n) END
        -- JSON
        json_parse(s) AS CAST(json(CAST(s AS JSON)) AS JSON)
        json_format(j) AS CAST(json(CAST(j AS JSON)) AS VARCHAR)
        json_array_contains(j, x) AS list_contains(CAST(j AS JSON[]), to_json(x))
        json_array_get(j, i) AS system.main.json_extract(CAST(j AS JSON), CAST(i AS BIGINT))
        is_json_scalar(j) AS json_type(CAST(j AS JSON)) NOT IN ('ARRAY', 'OBJECT')
        wf_json_query(j, p) AS wf_json_extract_all(j, regexp_replace(p, '^(lax|strict) +', ''))
        json_query(j, p) AS wf_json_extract(j, regexp_replace(p, '^(lax|strict) +', ''))
        json_exists(j, p) AS wf_json_extract(j, regexp_replace(p, '^(lax|strict) +', '')) IS NOT NULL
        json_value(j, p) AS wf_json_extract_scalar(j, regexp_replace(p, '^(lax|strict) +', ''))
        json_extract(j, p) AS CAST(wf_json_extract(j, p) AS JSON)
        json_extract_scalar(j, p) AS wf_json_extract_scalar(j, p)
        """;
}
