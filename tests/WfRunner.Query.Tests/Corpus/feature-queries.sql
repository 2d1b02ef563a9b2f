-- name: daily sessions by path
SELECT TD_TIME_FORMAT(time, 'yyyy-MM-dd', 'JST') AS day, path, COUNT(1) AS pv, COUNT(DISTINCT td_client_id) AS uu
FROM access WHERE TD_TIME_RANGE(time, '2024-03-13', '2024-03-14', 'JST') GROUP BY 1, 2 ORDER BY 1, pv DESC
-- name: relative range from the scheduled time
SELECT COUNT(*) cnt FROM access
WHERE TD_TIME_RANGE(time, TD_TIME_ADD(TD_SCHEDULED_TIME(), '-1d', 'JST'), TD_SCHEDULED_TIME(), 'JST')
-- name: interval of the last week
SELECT method, SUM(size) FROM access WHERE TD_INTERVAL(time, '-7d', 'JST') GROUP BY method
-- name: interval with offset
SELECT approx_distinct(td_client_id) FROM access WHERE TD_INTERVAL(time, '-1M/-1d', 'JST')
-- name: truncated range
select count(*) from access where td_time_range(time, td_date_trunc('day', td_time_add(td_scheduled_time(), '-30d'), 'JST'), td_date_trunc('day', td_scheduled_time(), 'JST'))
-- name: hourly string
SELECT TD_TIME_STRING(time, 'h!', 'JST') AS hr, COUNT(1) FROM access GROUP BY TD_TIME_STRING(time, 'h!', 'JST')
-- name: sessions by gap
SELECT TD_SESSIONIZE_WINDOW(time, 1800) OVER (PARTITION BY td_client_id ORDER BY time) AS session_id, * FROM access
-- name: session summary
WITH s AS (
  SELECT TD_SESSIONIZE_WINDOW(time, 60 * 30) OVER (PARTITION BY "user" ORDER BY time) AS session_id, time, "user", path FROM access
)
SELECT session_id, MIN(time) AS started, MAX(time) - MIN(time) AS seconds, COUNT(1) pages, MAX_BY(path, time) AS exit_page, MIN_BY(path, time) AS entry_page
FROM s GROUP BY session_id
-- name: agent classes
SELECT TD_PARSE_AGENT(agent)['category'] AS category, TD_PARSE_AGENT(agent)['os'] AS os, COUNT(*) FROM access GROUP BY 1, 2
-- name: agent with element_at
select element_at(td_parse_agent(agent), 'name') as browser, count(1) as n from access where td_parse_agent(coalesce(agent, ''))['category'] <> 'crawler' group by 1
-- name: user agent family
select td_parse_user_agent(agent, 'os_family') os, td_parse_user_agent(agent, 'ua_family') browser from access
-- name: country of addresses
select td_ip_to_country_name(host) as country, td_ip_to_city_name(host) as city from access
-- name: first and last touch
select td_client_id, td_first(referer, time) as first_referer, td_last(path, time) last_path from access group by td_client_id
-- name: md5 of mail
select td_md5(lower(trim(email))) as hashed from members where email is not null
-- name: sha256 of mail
SELECT lower(to_hex(sha256(to_utf8(lower(email))))) AS hashed_email FROM members
-- name: sha1 and md5 in hex
SELECT to_hex(md5(to_utf8(email))) a, to_hex(sha1(to_utf8(email))) b, to_hex(sha512(to_utf8(email))) c FROM members
-- name: base64
select to_base64(to_utf8(name)), from_utf8(from_base64('YWJj')) from members
-- name: xxhash buckets
select mod(from_big_endian_64(xxhash64(to_utf8(member_id))), 10) as bucket from members
-- name: crc32 buckets
select crc32(to_utf8(member_id)) % 2 as ab from members
-- name: rank of products in category
SELECT * FROM (SELECT category, item_id, RANK() OVER (PARTITION BY category ORDER BY price DESC) AS rnk, ROW_NUMBER() OVER (PARTITION BY category ORDER BY price DESC, item_id) AS rn FROM products) x WHERE rn <= 2
-- name: top items with unnest
SELECT item, COUNT(*) AS sold FROM orders CROSS JOIN UNNEST(item_ids) AS t(item) GROUP BY item ORDER BY sold DESC LIMIT 10
-- name: split and unnest
SELECT o.order_id, x.item FROM orders o CROSS JOIN UNNEST(SPLIT(o.items, ',')) AS x (item)
-- name: unnest with ordinality
select order_id, n, item from orders cross join unnest(item_ids) with ordinality as t(item, n)
-- name: unnest of two arrays
select a, b from (select array[1,2,3] as x, array['p','q','r'] as y) cross join unnest(x, y) as t(a, b)
-- name: unnest of a map
SELECT k, v FROM (SELECT map(ARRAY['a', 'b'], ARRAY[1, 2]) AS m) CROSS JOIN UNNEST(m) AS t (k, v)
-- name: json array to rows
select m.id, tag from members m cross join unnest(cast(json_extract(attributes, '$.tags') as array(varchar))) as t(tag)
-- name: json scalars
select json_extract_scalar(attributes, '$.rank') as rank, cast(json_extract_scalar(attributes, '$.points') as bigint) as points from members
-- name: json parsed and cast to a map
select cast(json_parse(attributes) as map(varchar, json)) as m from members where attributes is not null
-- name: json in brackets
select json_extract_scalar('{"a b": {"c": [1, 2]}}', '$["a b"].c[1]') as v
-- name: json format
select json_format(cast(array[1, 2, 3] as json)), json_array_length('[1,2]'), json_array_contains('[1,2]', 2)
-- name: cast of a map to json text
select json_format(cast(map(array['rank'], array['gold']) as json)) as js
-- name: try casts
SELECT TRY(CAST(items AS BIGINT)) AS n, TRY_CAST(payment AS DOUBLE) AS d, COALESCE(TRY(amount / 0), 0) z FROM orders
-- name: conditional sums
SELECT member_id, SUM(IF(payment = 'card', amount, 0)) AS card, SUM(IF(payment = 'cash', amount)) AS cash, COUNT_IF(amount > 700) AS large FROM orders GROUP BY member_id
-- name: case buckets
SELECT CASE WHEN amount < 700 THEN 'low' WHEN amount BETWEEN 700 AND 1000 THEN 'mid' ELSE 'high' END AS bucket, COUNT(*) FROM orders GROUP BY 1 HAVING COUNT(*) > 0
-- name: ratio with nullif
SELECT title, CAST(COUNT_IF(action = 'click') AS DOUBLE) / NULLIF(COUNT_IF(action = 'open'), 0) AS ctr FROM mails GROUP BY title
-- name: rounded percentage
select round(100.0 * sum(amount) / sum(sum(amount)) over (), 2) as share, member_id from orders group by member_id
-- name: running total
select order_id, sum(amount) over (partition by member_id order by time rows between unbounded preceding and current row) as total from orders
-- name: lag and lead
SELECT order_id, time - LAG(time, 1) OVER (PARTITION BY member_id ORDER BY time) AS since, LEAD(order_id) OVER (PARTITION BY member_id ORDER BY time) AS next_order FROM orders
-- name: first value ignoring nulls
SELECT td_client_id, FIRST_VALUE(referer) IGNORE NULLS OVER (PARTITION BY td_client_id ORDER BY time) AS f FROM access
-- name: last value with frame
select last_value(payment) ignore nulls over (partition by member_id order by time rows between unbounded preceding and unbounded following) as p from orders
-- name: ntile deciles
WITH r AS (SELECT member_id, SUM(amount) AS monetary, COUNT(1) AS frequency, MAX(time) AS recency FROM orders GROUP BY 1)
SELECT member_id, NTILE(5) OVER (ORDER BY monetary DESC) AS m, NTILE(5) OVER (ORDER BY frequency DESC) AS f, NTILE(5) OVER (ORDER BY recency DESC) AS r FROM r
-- name: percentiles
select approx_percentile(amount, 0.5) as median, approx_percentile(amount, array[0.25, 0.75]) as quartiles from orders
-- name: weighted percentile
select approx_percentile(amount, quantity, 0.5) as w from orders
-- name: array aggregation and join
SELECT member_id, ARRAY_JOIN(ARRAY_AGG(DISTINCT payment), '|') AS payments, ARRAY_JOIN(ARRAY_SORT(ARRAY_AGG(CAST(order_id AS VARCHAR))), ',', 'none') AS ids FROM orders GROUP BY member_id
-- name: ordered aggregation
select member_id, array_agg(order_id order by time desc)[1] as latest from orders group by member_id
-- name: filtered aggregation
select count(*) filter (where payment is null) as unknown, array_agg(order_id) filter (where amount > 700) as big from orders
-- name: listagg
select member_id, listagg(items, ';') within group (order by order_id) as all_items from orders group by member_id
-- name: map aggregation
SELECT MAP_AGG(item_id, price) AS prices FROM products
-- name: map of arrays
select multimap_agg(category, item_id) as by_category from products
-- name: histogram
select histogram(category) as h, map_keys(histogram(category)) as k from products
-- name: map union
select map_union(m) as all_prices from (select map(array[item_id], array[price]) as m from products)
-- name: cardinality of arrays and maps
select cardinality(item_ids), cardinality(map(array[1], array[2])) from orders
-- name: lambdas
select transform(item_ids, x -> lower(x)) a, filter(item_ids, x -> x like 'A%') b, reduce(array[1, 2, 3], 0, (s, x) -> s + x, s -> s) c, any_match(item_ids, x -> x = 'A-1') d from orders
-- name: lambda over pairs
select zip_with(array[1, 2], array[3, 4], (x, y) -> x + y) as z, map_filter(map(array['a', 'b'], array[1, 2]), (k, v) -> v > 1) as f, transform_values(map(array['a'], array[1]), (k, v) -> v * 2) as t
-- name: nested lambdas
select transform(array[array[1, 2], array[3]], a -> transform(a, x -> x * 10)) as t
-- name: arrays
select contains(item_ids, 'A-1') c, array_distinct(item_ids || item_ids) d, array_position(item_ids, 'A-2') p, slice(item_ids, 1, 1) s, element_at(item_ids, -1) l, array_max(item_ids) m, flatten(array[item_ids, item_ids]) f, array_intersect(item_ids, array['A-1']) i, array_union(item_ids, array['Z']) u, array_except(item_ids, array['A-1']) e, array_remove(item_ids, 'A-1') r, arrays_overlap(item_ids, array['B-1']) o from orders
-- name: more arrays
select repeat('x', 3) r, sequence(1, 5) s, sequence(1, 9, 2) t, reverse(array[1, 2]) v, shuffle(array[1]) h, zip(array[1, 2], array['a', 'b']) z, concat(array[1], array[2], array[3]) c, array_frequency(array['a', 'b', 'a']) f, ngrams(array['a', 'b', 'c'], 2) n
-- name: combinations
select combinations(array['a', 'b', 'c'], 2) as pairs
-- name: appended element
select item_ids || 'Z' as more, 'Y' || item_ids as before from orders
-- name: dates of texts
SELECT date_parse(ordered_at, '%Y-%m-%d %H:%i:%s') AS t, date_format(date_parse(ordered_at, '%Y-%m-%d %H:%i:%s'), '%Y/%m/%d') AS d, date_format(cast(ordered_at as timestamp), '%H:%i') as hm FROM orders
-- name: age in years
SELECT date_diff('year', CAST(birthday AS date), date '2024-03-13') AS age FROM members WHERE birthday IS NOT NULL
-- name: date arithmetic
SELECT date_add('day', -7, date '2024-03-13') a, date '2024-03-13' - interval '7' day b, date_add('month', 1, timestamp '2024-01-31 00:00:00') c, date_trunc('month', date '2024-03-13') m, last_day_of_month(date '2024-02-10') l, current_date - interval '1' month p
-- name: parts of dates
select year(d) y, month(d) m, day(d) dd, day_of_week(d) w, week(d) wk, quarter(d) q, extract(hour from t) h, day_of_year(d) doy, hour(t) hh, minute(t) mi, extract(dow from d) dow, extract(day_of_week from d) dw from (select date '2024-03-13' as d, timestamp '2024-03-13 04:05:06' as t)
-- name: unix times
SELECT from_unixtime(time) a, from_unixtime(time, 'Asia/Tokyo') b, to_unixtime(from_unixtime(time)) c, CAST(to_unixtime(CAST(ordered_at AS timestamp)) AS bigint) d, date_format(from_unixtime(time, 'Asia/Tokyo'), '%Y%m%d') e, format_datetime(from_unixtime(time), 'yyyy-MM-dd HH:mm') f FROM orders
-- name: offsets in hours
select from_unixtime(time + 9 * 3600) as jst, date(from_unixtime(time, 9, 0)) as d from orders
-- name: time zones
SELECT timestamp '2024-03-13 00:00:00' AT TIME ZONE 'Asia/Tokyo' a, from_unixtime(time) AT TIME ZONE 'America/Los_Angeles' b, at_timezone(from_unixtime(time), 'Asia/Tokyo') c, with_timezone(timestamp '2024-03-13 00:00:00', 'Asia/Tokyo') d FROM orders
-- name: now
select cast(to_unixtime(now()) as bigint) as t, current_timestamp as ts, localtimestamp as lts, date_format(now(), '%Y-%m-%d') d, cast(current_date as varchar) c
-- name: iso times
select from_iso8601_timestamp('2024-03-13T04:05:06Z') a, from_iso8601_date('2024-03-13') b, to_iso8601(timestamp '2024-03-13 04:05:06') c, parse_datetime('2024/03/13', 'yyyy/MM/dd') d
-- name: series of dates
SELECT CAST(d AS varchar) AS day FROM UNNEST(sequence(date '2024-03-01', date '2024-03-05', interval '1' day)) AS t(d)
-- name: calendar join
with days as (select td_time_format(t, 'yyyy-MM-dd', 'JST') as day from unnest(sequence(1710255600, 1710428400, 86400)) as x(t))
select days.day, count(o.order_id) as orders from days left join orders o on td_time_format(o.time, 'yyyy-MM-dd', 'JST') = days.day group by 1 order by 1
-- name: strings
SELECT length(name) l, upper(name) u, substr(name, 1, 3) s, substring(name, -2) e, strpos(name, 'a') p, replace(name, ' ', '') r, trim(name) t, lpad(cast(id as varchar), 5, '0') n, reverse(name) v, split_part(email, '@', 2) domain, concat(name, '-', member_id) c, name || ':' || member_id d, chr(65) ch, codepoint('A') cp, position('n' in name) po, rpad(name, 10, ' ') rp, starts_with(name, 'T') sw FROM members
-- name: split with limit
select split('a,b,c', ',', 2) as s, split_to_map('a=1;b=2', ';', '=') as m
-- name: regular expressions
SELECT regexp_like(path, '^/items/[0-9]+') AS is_item, regexp_extract(path, '/items/(\d+)', 1) AS item, regexp_replace(path, '\?.*$', '') AS bare, regexp_extract_all(path, '\d+') AS digits, regexp_split(path, '/') parts FROM access
-- name: regular expressions with lookahead
select regexp_replace(email, '(.)(?=.*@)', '*') masked, regexp_like(email, '(?i)example\.com$') own from members
-- name: case folding in like
select * from members where lower(email) like '%@example.com' escape '\' and name not like 'X%'
-- name: urls
SELECT url_extract_host(referer) h, url_extract_path(referer) p, url_extract_query(referer) q, url_extract_parameter(referer, 'q') k, url_extract_protocol(referer) s, url_decode(referer) d, url_encode('a b') e FROM access
-- name: levenshtein
select a.member_id, b.member_id, levenshtein_distance(a.name, b.name) as d from members a cross join members b where a.member_id < b.member_id
-- name: numbers
select abs(-1) a, ceil(1.2) c, ceiling(1.2) cc, floor(1.8) f, round(1.25, 1) r, truncate(1.9) t, mod(7, 3) m, power(2, 3) p, sqrt(4) s, ln(2) l, log10(100) lg, greatest(1, 2) g, least(1, 2) le, sign(-3) si, rand() < 2 rn, random(10) < 10 ri, pi() > 3 pi, cast(1.5 as decimal(10, 2)) d, width_bucket(5, 0, 10, 5) w, to_base(10, 2) tb, from_base('1010', 2) fb, is_nan(nan()) nn
-- name: bits
select bitwise_and(5, 3) a, bitwise_or(5, 3) o, bitwise_xor(5, 3) x, bit_count(7, 64) b
-- name: integer division
select 7 / 2 a, 7 / 2.0 b, 7 % 3 c, cast(7 as double) / 2 d
-- name: statistics
select stddev(amount) s, variance(amount) v, corr(amount, quantity) c, stddev_pop(amount) sp, skewness(amount) sk, kurtosis(amount) k, avg(amount) a, geometric_mean(amount) g, covar_samp(amount, quantity) cs, regr_slope(amount, quantity) rs from orders
-- name: formatted text
select format('%s has %d points (%.2f)', 'x', 5, 1.5) f, format('%,d', 1234567) g, format('%05d', 42) h
-- name: distinct from
select * from orders a left join products p on a.items is not distinct from p.item_id
-- name: semi and anti joins
select member_id from members m where exists (select 1 from orders o where o.member_id = m.member_id) and m.member_id not in (select member_id from mails where action = 'bounce')
-- name: full outer join
select coalesce(a.member_id, b.member_id) as member_id, a.n, b.m from (select member_id, count(*) n from orders group by 1) a full outer join (select member_id, count(*) m from mails group by 1) b on a.member_id = b.member_id
-- name: join using
select member_id, name, amount from members join orders using (member_id)
-- name: grouping sets
SELECT member_id, payment, SUM(amount) AS total, GROUPING(member_id, payment) AS g FROM orders GROUP BY GROUPING SETS ((member_id), (payment), ())
-- name: rollup and cube
select category, active, count(*) from products group by rollup (category, active) union all select category, active, count(*) from products group by cube (category, active)
-- name: union except intersect
select member_id from orders union select member_id from mails except select 'u9' intersect select 'u8'
-- name: values
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t (id, label)
-- name: bare values
select x from (values 'a', 'b', 'c') as t(x)
-- name: table values
values (1, 'x'), (2, 'y')
-- name: recursive numbers
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT SUM(n) FROM t
-- name: nulls first and last
select amount, payment from orders order by payment nulls first, amount desc nulls last limit 2
-- name: offset and fetch
select order_id from orders order by order_id offset 1 rows fetch first 1 rows only
-- name: limit all
select order_id from orders limit all
-- name: table sample
select count(*) from orders tablesample bernoulli (100)
-- name: quoted names
SELECT "user", "time" AS "event time", "path" FROM "access" WHERE "user" IS NOT NULL
-- name: reserved words as columns
select user, date(from_unixtime(time)) as date, method as type, code as value, size as key, host as position, path as language, agent as year, time as timestamp from access
-- name: reserved aliases without as
select time timestamp, host name, path value, code key, method month, size row from access
-- name: database prefix
select count(*) from corpus.access a join "corpus"."members" m on a."user" = m.member_id
-- name: information schema
select table_name from information_schema.tables where table_schema = 'corpus' and table_name like 'a%'
-- name: columns of a table
select column_name, data_type from information_schema.columns where table_schema = 'corpus' and table_name = 'orders' order by ordinal_position
-- name: show columns
show columns from orders
-- name: show tables
show tables
-- name: describe
describe orders
-- name: create table as
DROP TABLE IF EXISTS daily; CREATE TABLE daily AS SELECT TD_DATE_TRUNC('day', time, 'JST') AS time, COUNT(*) AS n FROM access GROUP BY 1
-- name: create table with properties
create table if not exists bucketed with (bucketed_on = array['member_id'], bucket_count = 512) as select * from orders
-- name: insert with cte
create table if not exists summary (member_id varchar, total bigint); insert into summary with a as (select member_id, sum(amount) as total from orders group by 1) select member_id, total from a
-- name: delete
create table if not exists doomed as select * from mails; delete from doomed where td_time_range(time, null, '2024-03-14', 'JST')
-- name: create typed table
CREATE TABLE IF NOT EXISTS typed (time bigint, name varchar, tags array(varchar), price double, attributes map(varchar, bigint))
-- name: comments everywhere
-- leading comment; with a semicolon
/* block ; comment */ select /*+ hint */ 1 as one -- trailing
, 'it''s -- not a comment' as txt
-- name: session settings
set session join_distribution_type = 'PARTITIONED'; select 1
-- name: rows
select cast(row(1, 'x') as row(id bigint, label varchar)) as r, row(1, 2) as p, cast(row(1, 'x') as row(id bigint, label varchar)).label as l
-- name: unnested rows
select a, b from unnest(array[cast(row(1, 'x') as row(a bigint, b varchar)), cast(row(2, 'y') as row(a bigint, b varchar))]) as t(a, b)
-- name: intervals
select interval '2' day + interval '3' hour as i, date_diff('second', timestamp '2024-03-13 00:00:00', timestamp '2024-03-13 00:01:00') s, timestamp '2024-03-13 00:00:00' + interval '90' minute t
-- name: typed literals
select date '2024-03-13' d, timestamp '2024-03-13 04:05:06.789' t, timestamp '2024-03-13 04:05:06 Asia/Tokyo' z, decimal '1.23' c, double '1.5' e, bigint '7' b, varchar 'x' v, json '{"a":1}' j, x'65' h
-- name: typeof
select typeof(amount), typeof(item_ids) from orders
-- name: uuid
select uuid() as id, cast(uuid() as varchar) as txt
-- name: numeric histogram
select numeric_histogram(3, amount) as h from orders
-- name: approximate most frequent
select approx_most_frequent(3, category, 100) from products
-- name: checksum
select checksum(order_id) is not null as c from orders
-- name: hyperloglog
select cardinality(merge(h)) as n from (select approx_set(member_id) as h from orders group by payment)
-- name: latest row of each key
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY member_id ORDER BY time DESC) AS rn FROM orders) WHERE rn = 1
-- name: attribution of clicks
WITH clicks AS (SELECT member_id, time, title FROM mails WHERE action IN ('click', 'open')),
buys AS (SELECT member_id, time, amount FROM orders)
SELECT c.title, COUNT(DISTINCT b.member_id) AS buyers, SUM(b.amount) AS sales
FROM clicks c INNER JOIN buys b ON c.member_id = b.member_id AND b.time BETWEEN c.time AND c.time + 86400 * 7 GROUP BY c.title
-- name: cohort
with firsts as (select member_id, min(td_time_format(time, 'yyyy-MM-01', 'JST')) as cohort from orders group by 1)
select f.cohort, td_time_format(o.time, 'yyyy-MM', 'JST') as month, count(distinct o.member_id) as members from orders o join firsts f on f.member_id = o.member_id group by 1, 2 order by 1, 2
-- name: pairs bought together
select a.item as item_a, b.item as item_b, count(*) as n from (select order_id, item from orders cross join unnest(item_ids) as t(item)) a join (select order_id, item from orders cross join unnest(item_ids) as t(item)) b on a.order_id = b.order_id and a.item < b.item group by 1, 2
-- name: left join unnest
select o.order_id, t.item from orders o left join unnest(o.item_ids) as t(item) on true
-- name: scalar subqueries
select order_id, amount - (select avg(amount) from orders) as above, (select max(price) from products p where p.item_id = o.items) as price from orders o
-- name: boolean aggregates
select bool_and(active = 1) a, bool_or(active = 1) o, every(active >= 0) e, arbitrary(title) t, any_value(title) v from products
-- name: min and max of n
select max_by(item_id, price, 2) as top2, min(price, 2) as low2, max(price, 2) as high2 from products
-- name: string to number
select cast('12' as bigint) + 1, cast('1.5' as double), cast(12 as varchar) || 'x', cast(true as varchar), cast(1.0e0 as varchar)
-- name: casts of times
select cast(timestamp '2024-03-13 04:05:06' as varchar) a, cast('2024-03-13' as date) b, cast('2024-03-13 04:05:06' as timestamp) c, cast(timestamp '2024-03-13 04:05:06' as date) d, cast(cast('2024-03-13' as date) as timestamp) e, substr(cast(current_timestamp as varchar), 1, 10) f
-- name: url parameters to columns
select coalesce(url_extract_parameter(referer, 'utm_source'), 'direct') as source, count(*) from access group by 1
-- name: map lookups
select m['a'] x, element_at(m, 'z') y, map_concat(m, map(array['c'], array[3])) z, map_entries(m) e, map_from_entries(array[row('k', 1)]) f from (select map(array['a', 'b'], array[1, 2]) as m)
-- name: exists in array
select order_id from orders where contains(item_ids, 'A-1') and cardinality(filter(item_ids, i -> i <> 'A-1')) > 0
-- name: distinct counts of several columns
select count(distinct member_id) a, count(distinct payment) b, count(distinct concat(member_id, '-', coalesce(payment, ''))) c from orders
-- name: group by expression
select substr(ordered_at, 1, 7) as ym, sum(amount) from orders group by substr(ordered_at, 1, 7) order by 1
-- name: window named
select order_id, rank() over w as r, sum(amount) over w as s from orders window w as (partition by member_id order by time)
-- name: lateral join
select o.order_id, t.doubled from orders o cross join lateral (select o.amount * 2 as doubled) t
-- name: normalised text
select normalize(name, nfkc) as n, lower(normalize(name)) as m from members
-- name: human readable
select human_readable_seconds(96) h, parse_duration('42m') d
-- name: hive style explode with presto
select * from orders cross join unnest(map_keys(map(array['a'], array[1]))) as t(k)
-- name: time range of a column pair
select * from orders where td_time_range(time, '2024-03-01 00:00:00', '2024-04-01 00:00:00', 'Asia/Tokyo') and td_time_range(td_time_parse(ordered_at, 'JST'), 1709218800, null)
-- name: divide and array index
select td_divide(amount, quantity - quantity) z, td_array_index(item_ids, 0) f from orders
-- name: averages by condition
select td_avgif(amount, payment = 'card') a, td_sumif(amount, amount > 700) s from orders
