select user_id, count(*) as pv, count(distinct ip) as ips from access where td_time_range(time, '2024-03-13', '2024-03-14', 'JST') group by 1 order by pv desc limit 10
;;
with base as (select user_id, td_time_format(time, 'yyyy-MM-dd', 'JST') as d, bytes from access) select d, approx_distinct(user_id) as uu, sum(bytes) as total from base group by d
;;
select td_time_format(time, 'yyyy-MM-dd HH:00:00', 'JST') as h, count(1) as cnt from access where td_interval(time, '-1d', 'JST') group by 1 order by 1
;;
select td_sessionize_window(time, 1800) over (partition by user_id order by time) as session_id, * from access
;;
select session_id, min(time) as start_time, max(time) as end_time from (select td_sessionize_window(time, 60 * 30) over (partition by user_id, ip order by time asc) as session_id, time from access) s group by session_id
;;
select user_id, array_join(array_agg(distinct path), ',') as paths from access group by user_id having count(*) > 0
;;
select user_id, array_agg(path order by time desc)[1] as last_path, max_by(path, time) as last2, min_by(path, time) as first_path from access group by user_id
;;
select o.user_id, i as item, count(*) as n from orders o cross join unnest(items) as t(i) group by 1, 2
;;
select o.order_id, t.item, t.pos from orders o cross join unnest(o.items) with ordinality as t(item, pos)
;;
select order_id, item from orders left join unnest(items) as t(item) on true
;;
select k, v from unnest(map(array['a', 'b'], array[1, 2])) as t(k, v)
;;
select a, b from unnest(array[1, 2], array['x', 'y']) as t(a, b)
;;
select json_extract_scalar(attributes, '$.plan') as plan, count(*) from users group by 1
;;
select id, try(cast(json_extract_scalar(attributes, '$.age') as bigint)) as age, json_extract(attributes, '$.tags') as tags from users
;;
select id, cast(json_extract(attributes, '$.tags') as array(varchar)) as tags from users where attributes like '{%'
;;
select id, tag from users cross join unnest(cast(json_extract(attributes, '$.tags') as array(varchar))) as t(tag) where json_extract(attributes, '$.tags') is not null
;;
select json_array_length(json_extract(attributes, '$.tags')) as n, json_format(json_parse('{"a": 1}')) as f, json_size('{"a":{"b":1}}', '$.a') as s from users where id = 'u1'
;;
select if(status = 200, 'ok', 'ng') as s, if(bytes is null, 0) as z, coalesce(bytes, 0) as b, nullif(status, 404) as n from access
;;
select case when status between 200 and 299 then '2xx' when status >= 400 then 'err' else 'other' end as c, count_if(bytes > 100) as big from access group by 1
;;
select regexp_like(path, '^/a(\?|$)') as a, regexp_extract(path, 'utm_source=([^&]+)', 1) as src, regexp_replace(path, '\?.*$', '') as p, regexp_extract_all('a1b2', '[0-9]') as ds from access
;;
select url_extract_host(referer) as host, url_extract_path(referer) as p, url_extract_parameter(referer, 'q') as q, url_decode('%E6%97%A5') as dec, url_encode('a b') as enc from access
;;
select split(email, '@')[1] as local, split_part(email, '@', 2) as domain, lower(name), upper(name), length(name), trim(name), substr(name, 1, 2), concat(name, '-', id), name || ':' || id as c from users
;;
select replace(name, 'n'), reverse(name), lpad(id, 5, '0'), rpad(id, 5, '-'), strpos(email, '@'), position('@' in email), starts_with(name, 'A'), chr(65), codepoint('a') from users
;;
select to_hex(md5(to_utf8(email))) as m, to_hex(sha256(to_utf8(email))) as s, to_base64(to_utf8('abc')) as b, from_utf8(from_base64('YWJj')) as f from users
;;
select to_hex(sha1(to_utf8('abc'))), to_hex(sha512(to_utf8('abc'))), lower(to_hex(md5(to_utf8('abc')))), from_hex('616263'), crc32(to_utf8('abc'))
;;
select to_hex(xxhash64(to_utf8('abc'))) as x
;;
select from_unixtime(time) as t, from_unixtime(time, 'Asia/Tokyo') as j, to_unixtime(timestamp '2024-03-13 00:00:00') as u, date_trunc('day', from_unixtime(time)) as d from access
;;
select date_format(from_unixtime(time), '%Y-%m-%d %H:%i:%s') as f, date_parse(ordered_at, '%Y-%m-%d %H:%i:%S') as p from orders
;;
select date_diff('day', date '2024-03-01', date '2024-03-13') as d, date_add('day', -1, current_date) as y, date_add('month', 1, timestamp '2024-01-31 00:00:00') as m, current_timestamp as n
;;
select format_datetime(timestamp '2024-03-13 04:05:06', 'yyyy/MM/dd') as f, parse_datetime('2024-03-13', 'yyyy-MM-dd') as p
;;
select extract(year from timestamp '2024-03-13 00:00:00') as y, extract(dow from date '2024-03-13') as w, year(date '2024-03-13') as y2, month(current_date), day_of_week(current_date), hour(now()), week(current_date), quarter(current_date), last_day_of_month(current_date)
;;
select date '2024-03-13' + interval '1' day as a, timestamp '2024-03-13 00:00:00' - interval '2' hour as b, cast('2024-03-13' as date) as c, date('2024-03-13') as d
;;
select timestamp '2024-03-13 00:00:00' at time zone 'Asia/Tokyo' as t, at_timezone(timestamp '2024-03-13 00:00:00 UTC', 'America/Los_Angeles') as l
;;
select from_iso8601_timestamp('2024-03-13T04:05:06Z') as a, from_iso8601_date('2024-03-13') as b, to_iso8601(timestamp '2024-03-13 04:05:06') as c
;;
select cast(d as varchar) as d from unnest(sequence(date '2024-03-01', date '2024-03-05', interval '1' day)) as t(d)
;;
select n from unnest(sequence(1, 10, 2)) as t(n)
;;
select td_time_parse('2024-03-13', 'JST') as a, td_time_add(td_scheduled_time(), '-7d', 'JST') as b, td_date_trunc('month', td_scheduled_time(), 'JST') as c, td_time_string(time, 'd!', 'JST') as d from access
;;
select * from access where td_time_range(time, td_time_add(td_scheduled_time(), '-1d'), td_scheduled_time()) and user_id not in (select id from users where email is null)
;;
select * from access where time between td_time_parse('2024-03-01', 'JST') and td_time_parse('2024-04-01', 'JST') - 1
;;
select td_url_decode('%E6%97%A5+a%2Fb') as u, td_md5('abc') as m, td_parse_agent(agent)['category'] as c, element_at(td_parse_agent(agent), 'os') as os from access
;;
select td_parse_user_agent(agent, 'os_family') as os, td_ip_to_country_code(ip) as cc, td_ip_to_city_name(ip) as city from access
;;
select td_first(path, time) as f, td_last(path, time) as l, td_avgif(bytes, status = 200) as a, td_sumif(bytes, status = 200) as s from access
;;
select row_number() over (partition by user_id order by time) as rn, rank() over (order by bytes desc) as r, dense_rank() over (order by status) as dr, lag(path) over (partition by user_id order by time) as prev, lead(time, 1) over (partition by user_id order by time) as nxt, ntile(4) over (order by time) as q from access
;;
select sum(amount) over (partition by user_id order by time rows between unbounded preceding and current row) as running, sum(sum(amount)) over () as total from orders group by user_id, amount, time
;;
select first_value(path) ignore nulls over (partition by user_id order by time) as f, last_value(path) over (partition by user_id order by time rows between unbounded preceding and unbounded following) as l from access
;;
select user_id, approx_percentile(bytes, 0.5) as med, approx_percentile(bytes, array[0.25, 0.75]) as qs, stddev(bytes) as sd, variance(bytes), corr(bytes, status) from access group by 1
;;
select map_agg(user_id, path) as m from (select user_id, max(path) as path from access group by 1) t
;;
select map_agg(id, name)['u1'] as n, map_keys(map_agg(id, name)) as ks, cardinality(map_agg(id, name)) as c from users
;;
select histogram(status) as h, arbitrary(path) as a, bool_or(status = 404) as b, every(status > 0) as e, checksum(path) is not null as c from access
;;
select multimap_agg(user_id, path) as mm from access
;;
select map_filter(map(array['a', 'b'], array[1, 2]), (k, v) -> v > 1) as f, transform_values(map(array['a'], array[1]), (k, v) -> v + 1) as t, transform_keys(map(array['a'], array[1]), (k, v) -> k || 'x') as tk
;;
select transform(array[1, 2, 3], x -> x * 2) as t, filter(array[1, 2, 3], x -> x > 1) as f, reduce(array[1, 2, 3], 0, (s, x) -> s + x, s -> s) as r, any_match(array[1, 2], x -> x = 2) as a, all_match(array[1], x -> x = 1), none_match(array[1], x -> x = 2)
;;
select zip_with(array[1, 2], array[3, 4], (x, y) -> x + y) as z, zip(array[1], array['a']) as zz
;;
select array_distinct(array[1, 1, 2]) as d, array_sort(array[3, 1, 2]) as s, array_max(array[1, 2]), array_min(array[1, 2]), array_union(array[1], array[2]), array_intersect(array[1, 2], array[2]), array_except(array[1, 2], array[2]), contains(array[1], 1), cardinality(array[1, 2]), slice(array[1, 2, 3], 2, 2), array_position(array['a', 'b'], 'b'), flatten(array[array[1], array[2]]), array_remove(array[1, 2], 1), repeat('a', 3), element_at(array[1], 1), element_at(array[1], 5), arrays_overlap(array[1], array[1]), array_sum(array[1, 2])
;;
select shuffle(array[1, 2]) is not null as s, reverse(array[1, 2]) as r, array[1, 2] || array[3] as c, concat(array[1], array[2]) as cc, array[1] || 2 as ae
;;
select array_sort(array[3, 1, 2], (x, y) -> if(x < y, 1, if(x = y, 0, -1))) as s
;;
select cast(row(1, 'x') as row(a bigint, b varchar)).a as a, row(1, 2) as r
;;
select cast(1.5 as varchar), cast('12' as integer), try_cast('x' as bigint) as n, cast('1' as double), cast(1 as decimal(10, 2)), cast(null as varchar), typeof(1) as t, cast(array[1, 2] as array(varchar)), cast(map(array['a'], array[1]) as map(varchar, bigint))
;;
select round(1.255, 2), ceil(1.2), ceiling(1.2), floor(1.8), truncate(1.9), abs(-1), mod(5, 3), power(2, 3), sqrt(4), ln(2.7), log10(100), exp(1), greatest(1, 2, 3), least(1, 2), sign(-2), pi(), rand() < 1 as r, random(10) < 10 as r10, cbrt(27), degrees(pi()), radians(180)
;;
select bitwise_and(5, 3), bitwise_or(5, 3), bitwise_xor(5, 3), bitwise_not(5), bit_count(7, 64), is_nan(nan()), is_finite(1.0), infinity() > 1, to_base(255, 16), from_base('ff', 16), width_bucket(5.3, 0.2, 10.6, 5)
;;
select 7 / 2 as i, 7 / 2.0 as d, 7 % 3 as m, -7 / 2 as n, 1.0 * 7 / 2 as f
;;
select levenshtein_distance('abc', 'abd') as l, hamming_distance('abc', 'abd') as h, uuid() is not null as u, format('%s-%05d', 'a', 3) as f, word_stem('running') as w
;;
select normalize('é') as n, translate('abc', 'ab', 'xy') as t, split('a,b,c', ',', 2) as s2, split_to_map('a=1,b=2', ',', '=') as sm, regexp_split('a1b', '[0-9]') as rs, regexp_count('a1b2', '[0-9]') as rc, concat_ws('-', 'a', 'b') as cw, trim(both 'x' from 'xax') as tb, ltrim(' a'), rtrim('a ')
;;
select a.user_id, u.name from access a left join users u on a.user_id = u.id full outer join orders o on o.user_id = a.user_id where u.id is not null
;;
select count(*) from access a where exists (select 1 from orders o where o.user_id = a.user_id) and not exists (select 1 from users u where u.id = a.user_id and u.email is null)
;;
select user_id from access union select id from users except select user_id from orders intersect select 'u1'
;;
select 'a' as k, 1 as v union all select 'b', 2 union all select * from (values ('c', 3)) as t(k, v)
;;
select * from (values 1, 2, 3) as t(x)
;;
select grouping(user_id) as g, user_id, status, count(*) from access group by grouping sets ((user_id), (status), ())
;;
select user_id, status, count(*) from access group by rollup(user_id, status)
;;
select user_id, status, count(*) from access group by cube (user_id, status)
;;
select count(*) filter (where status = 200) as ok, sum(bytes) filter (where status <> 200) as b, array_agg(distinct path) filter (where path is not null) as ps from access
;;
select user_id, listagg(path, ',') within group (order by time) as ps from access group by 1
;;
drop table if exists summary; create table summary as select user_id, count(*) as n from access group by 1
;;
create table if not exists daily (d varchar, n bigint); insert into daily select td_time_format(time, 'yyyy-MM-dd'), count(*) from access group by 1; select * from daily
;;
create table bucketed with (bucketed_on = array['user_id'], bucket_count = 512) as select * from access
;;
delete from users where time < td_time_parse('2020-01-01')
;;
insert into users with n as (select 'u9' as id) select id, 'New', null, '{}', null, 1 from n
;;
-- set session join_distribution_type = 'PARTITIONED'
select count(*) from access
;;
set session query_max_run_time = '1h'; select 1 as a
;;
select * from access tablesample bernoulli (50)
;;
select * from information_schema.tables where table_schema = 'test'
;;
select table_name, column_name from information_schema.columns where table_schema = 'test' and table_name = 'access'
;;
show tables
;;
show columns from access
;;
describe access
;;
select "user_id", a."ip" as "IP Address" from "access" a order by "ip" nulls first offset 1 rows fetch first 2 rows only
;;
select distinct user_id, last_value(status) over w as s from access window w as (partition by user_id order by time)
;;
with recursive t(n) as (select 1 union all select n + 1 from t where n < 5) select sum(n) from t
;;
with a as (select 1 as x), b as (select x + 1 as y from a) select * from a, b
;;
select date_trunc('week', timestamp '2024-03-13 00:00:00') as w, date_trunc('month', date '2024-03-13') as m, date_trunc('hour', now()) as h, date_trunc('quarter', current_date) as q
;;
select try(1 / 0) as t, try(cast('a' as integer)) as c, try(element_at(array[1], 3)) as e
;;
select array_agg(cast(row(path, time) as row(p varchar, t bigint)) order by time)[1].p as p from access
;;
select u.id, m.k, m.v from users u cross join unnest(map(array['n', 'e'], array[name, email])) as m(k, v)
;;
select x.p, x.t from (select array_agg(cast(row(path, time) as row(p varchar, t bigint))) as r from access) s cross join unnest(r) as x(p, t)
;;
select cast(json '{"a": 1}' as map(varchar, bigint)) as m, cast(array[1] as json) as j, json_array_contains('[1,2]', 2) as c, json_array_get('[1,2]', 0) as g, is_json_scalar('1') as s
;;
select json_extract_scalar('{"a b": "x"}', '$["a b"]') as a, json_extract_scalar('{"a":[{"b":1}]}', '$.a[0].b') as b, json_value('{"a":1}', 'lax $.a') as v
;;
select json_query('{"a":[1]}', 'lax $.a') as q, json_exists('{"a":1}', 'lax $.a') as e
;;
select count(distinct case when status = 200 then user_id end) as ok_users, cast(count(*) as double) / nullif(count(distinct user_id), 0) as avg_pv from access
;;
select date_format(date_parse(joined, '%Y/%m/%d'), '%b %d, %Y') as j from users where joined like '%/%'
;;
select cast(date_parse(cast(20240313 as varchar), '%Y%m%d') as date) as d, cast(td_time_format(1710270306, 'yyyyMMdd', 'JST') as bigint) as n
;;
select td_time_format(td_time_parse(cast(current_date as varchar)), 'EEE', 'UTC') as w, td_interval_range('-1w', 'JST') as r
;;
select user_id, max(case when status = 200 then time end) as last_ok, sum(case status when 404 then 1 else 0 end) as nf from access group by user_id order by last_ok desc nulls last
;;
select * from access where path like '/a%' escape '\' and agent not like '%bot%' and status in (200, 301) and referer is not null
;;
select lower(coalesce(element_at(split(url_extract_query(referer), '='), 2), 'none')) as v from access
;;
select key, position, language from (select 1 as key, 2 as position, 'ja' as language) t
;;
select count(*) cnt, min(time) min, max(time) max, 1 value, 'x' name, 2 year, 3 type, 4 level, 5 data, 6 row_count, user_id user from access group by user_id
;;
select * from (select *, row_number() over (partition by user_id order by time desc) as rn from access) where rn = 1
;;
select a.* , b.n from access a join (select user_id, count(*) n from orders group by 1) b using (user_id)
;;
select user_id, sum(amount) as total, sum(amount) / sum(sum(amount)) over () as share, ntile(10) over (order by sum(amount) desc) as decile from orders group by 1
;;
select date_diff('second', from_unixtime(1710270306), from_unixtime(1710274506)) as s, date_diff('month', timestamp '2024-01-31 00:00:00', timestamp '2024-03-01 00:00:00') as m, to_milliseconds(interval '1' second) as ms
;;
select human_readable_seconds(96) as h
;;
select array_frequency(array['a', 'a', 'b']) as f, ngrams(array['a', 'b', 'c'], 2) as n, combinations(array[1, 2, 3], 2) as c
;;
select map_concat(map(array['a'], array[1]), map(array['b'], array[2])) as m, map_from_entries(array[row('a', 1)]) as e, map_entries(map(array['a'], array[1])) as es, map() as empty_map
;;
select cosine_similarity(map(array['a'], array[1.0]), map(array['a'], array[2.0])) as c
;;
select timestamp '2020-01-01 00:00:00 Asia/Tokyo' as t, time '01:02:03' as tm, interval '1' month as im
;;
select max(path, 2) as top2, min_by(path, time, 2) as first2, max_by(path, time, 2) as last2 from access
;;
select cast(time as timestamp) from (select timestamp '2024-03-13 00:00:00' as time) t
;;
select td_numeric_range(0, 3) as n
;;
select bit_xor, bool_and(status > 0) from (select 1 as bit_xor, status from access) t group by 1
