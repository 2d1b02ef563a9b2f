-- name: daily page views and unique visitors
SELECT TD_TIME_FORMAT(time, 'yyyy-MM-dd', 'JST') AS day, COUNT(*) AS pv, approx_distinct(td_client_id) AS uu, ROUND(CAST(COUNT(*) AS DOUBLE) / approx_distinct(td_client_id), 2) AS pv_per_user
FROM access WHERE TD_TIME_RANGE(time, '2024-03-01', '2024-04-01', 'JST') GROUP BY 1 ORDER BY 1
-- rows:
["2024-03-13",4,3,1.33]
-- name: sessions with entry, exit and bounce
WITH sessionized AS (
  SELECT TD_SESSIONIZE_WINDOW(time, 3600) OVER (PARTITION BY "user" ORDER BY time) AS session_id, "user", time, path FROM access WHERE "user" IS NOT NULL
), sessions AS (
  SELECT session_id, "user", COUNT(*) AS pages, MIN(time) AS started, MAX(time) - MIN(time) AS duration, MIN_BY(path, time) AS entry, MAX_BY(path, time) AS exit_path FROM sessionized GROUP BY session_id, "user"
)
SELECT "user", COUNT(*) AS sessions, COUNT_IF(pages = 1) AS bounces, AVG(duration) AS avg_seconds, ARRAY_AGG(entry ORDER BY started) AS entries FROM sessions GROUP BY "user" ORDER BY "user"
-- rows:
["u1",2,2,0.0,["/items/12?ref=mail","/cart"]]
["u2",1,1,0.0,["/items/15"]]
-- name: hours of the day in a zone
SELECT HOUR(FROM_UNIXTIME(time) AT TIME ZONE 'Asia/Tokyo') AS h, COUNT(1) AS cnt FROM access GROUP BY 1 ORDER BY 1
-- rows:
[0,1]
[1,1]
[2,1]
[4,1]
-- name: weekday names
SELECT CASE day_of_week(from_unixtime(time, 'Asia/Tokyo')) WHEN 1 THEN 'Mon' WHEN 3 THEN 'Wed' ELSE 'other' END AS w, date_format(from_unixtime(time, 'Asia/Tokyo'), '%W') AS name, count(*) AS n FROM access GROUP BY 1, 2
-- rows:
["Wed","Wednesday",4]
-- name: fiscal quarter
SELECT year(date_add('month', -3, d)) AS fiscal_year, quarter(date_add('month', -3, d)) AS fiscal_quarter FROM (VALUES DATE '2024-03-13', DATE '2024-04-01') AS t(d) ORDER BY d
-- rows:
[2023,4]
[2024,1]
-- name: month over month with lag
WITH m AS (SELECT substr(ordered_at, 1, 7) AS ym, SUM(amount) AS sales FROM orders GROUP BY 1)
SELECT ym, sales, LAG(sales) OVER (ORDER BY ym) AS previous, ROUND(100.0 * (sales - LAG(sales) OVER (ORDER BY ym)) / LAG(sales) OVER (ORDER BY ym), 1) AS growth FROM m ORDER BY ym
-- rows:
["2024-03",2600,null,null]
-- name: rfm scores
WITH base AS (SELECT member_id, MAX(time) AS last, COUNT(*) AS f, SUM(amount) AS m FROM orders GROUP BY member_id)
SELECT member_id, date_diff('day', from_unixtime(last), from_unixtime(TD_SCHEDULED_TIME())) AS recency, NTILE(2) OVER (ORDER BY f DESC, member_id) AS fs, NTILE(2) OVER (ORDER BY m DESC) AS ms FROM base ORDER BY member_id
-- rows:
["u1",0,1,1]
["u2",0,2,2]
-- name: first purchase and repeat flag
SELECT member_id, order_id, IF(ROW_NUMBER() OVER (PARTITION BY member_id ORDER BY time, order_id) = 1, 'new', 'repeat') AS kind FROM orders ORDER BY member_id, order_id
-- rows:
["u1",1001,"new"]
["u1",1002,"repeat"]
["u2",1003,"new"]
-- name: days between purchases
SELECT member_id, order_id, date_diff('day', LAG(CAST(ordered_at AS timestamp)) OVER (PARTITION BY member_id ORDER BY time), CAST(ordered_at AS timestamp)) AS gap FROM orders ORDER BY order_id
-- rows:
["u1",1001,null]
["u1",1002,1]
["u2",1003,null]
-- name: cumulative share of sales
SELECT item, sales, ROUND(SUM(sales) OVER (ORDER BY sales DESC, item ROWS UNBOUNDED PRECEDING) * 1e0 / SUM(sales) OVER (), 3) AS cumulative
FROM (SELECT element_at(split(items, ','), 1) AS item, SUM(amount) AS sales FROM orders GROUP BY 1) ORDER BY sales DESC, item
-- rows:
["A-1",1800,0.692]
["B-1",800,1.0]
-- name: moving average of three rows
SELECT order_id, AVG(amount) OVER (ORDER BY order_id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS ma3 FROM orders ORDER BY order_id
-- rows:
[1001,1200.0]
[1002,1000.0]
[1003,866.6666666666666]
-- name: range frame over days
SELECT d, SUM(v) OVER (ORDER BY d RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW) AS s FROM (VALUES (DATE '2024-03-01', 1), (DATE '2024-03-02', 2), (DATE '2024-03-05', 4)) t(d, v) ORDER BY d
-- rows:
["2024-03-01",1]
["2024-03-02",3]
["2024-03-05",4]
-- name: percentiles of amounts
SELECT approx_percentile(amount, 0.5) AS median, approx_percentile(amount, ARRAY[0.25, 0.5, 0.75]) AS quartiles, approx_percentile(amount, 0.95, 0.01) AS p95 FROM orders
-- rows:
[800,[600,800,1200],1200]
-- name: json attributes as columns
SELECT member_id, json_extract_scalar(attributes, '$.rank') AS rank, CAST(json_extract_scalar(attributes, '$.points') AS bigint) AS points, json_array_length(json_extract(attributes, '$.tags')) AS tags FROM members ORDER BY id
-- rows:
["u1","gold",120,2]
["u2","silver",5,0]
["u3",null,null,null]
-- name: json array of tags to rows with ordinality
SELECT member_id, tag, n FROM members CROSS JOIN UNNEST(CAST(json_extract(attributes, '$.tags') AS ARRAY(VARCHAR))) WITH ORDINALITY AS t(tag, n) ORDER BY member_id, n
-- rows:
["u1","a",1]
["u1","b",2]
-- name: json of many keys to rows
SELECT k, json_format(v) AS v FROM (SELECT CAST(json_parse('{"a":1,"b":{"c":[1,2]},"d":"x"}') AS MAP(VARCHAR, JSON)) AS m) CROSS JOIN UNNEST(m) AS t(k, v) ORDER BY k
-- rows:
["a","1"]
["b","{\"c\":[1,2]}"]
["d","\"x\""]
-- name: json of texts
SELECT CAST(json_extract('{"name":"Ann","age":31}', '$.name') AS VARCHAR) AS name, CAST(json_extract('{"age":31}', '$.age') AS INTEGER) + 1 AS next_age, TRY(CAST(json_extract('{"age":"x"}', '$.age') AS INTEGER)) AS bad
-- rows:
["Ann",32,null]
-- name: json built from a map aggregate
SELECT json_format(CAST(map_agg(payment, total) AS JSON)) AS j FROM (SELECT coalesce(payment, 'none') AS payment, SUM(amount) AS total FROM orders GROUP BY 1 ORDER BY 1)
-- rows:
["{\"card\":1200,\"cash\":800,\"none\":600}"]
-- name: json of rows
SELECT json_format(CAST(CAST(ROW(order_id, items) AS ROW(id BIGINT, items VARCHAR)) AS JSON)) AS j FROM orders ORDER BY order_id LIMIT 1
-- rows:
["{\"id\":1001,\"items\":\"A-1,A-2\"}"]
-- name: nested json objects in an array
SELECT json_extract_scalar(x, '$.sku') AS sku, CAST(json_extract_scalar(x, '$.qty') AS INTEGER) AS qty FROM (VALUES '[{"sku":"A","qty":2},{"sku":"B","qty":"3"}]') AS t(j) CROSS JOIN UNNEST(CAST(json_parse(j) AS ARRAY(JSON))) AS u(x) ORDER BY sku
-- rows:
["A",2]
["B",3]
-- name: query string to map
SELECT split_to_map(url_extract_query(referer), '&', '=') AS q, url_extract_parameter(referer, 'q') AS word FROM access WHERE url_extract_query(referer) IS NOT NULL
-- rows:
[{"q":"shoes","page":"2"},"shoes"]
[{},null]
-- name: referer classes
SELECT CASE WHEN referer IS NULL OR referer = '-' THEN 'direct' WHEN regexp_like(url_extract_host(referer), '(^|\.)example\.com$') THEN 'internal' ELSE 'external' END AS kind, COUNT(*) AS n FROM access GROUP BY 1 ORDER BY n DESC, kind
-- rows:
["direct",2]
["internal",2]
-- name: path levels
SELECT element_at(split(split_part(path, '?', 1), '/'), 2) AS level1, element_at(split(split_part(path, '?', 1), '/'), 3) AS level2, COUNT(*) AS n FROM access GROUP BY 1, 2 ORDER BY 1, 2
-- rows:
["",null,1]
["cart",null,1]
["items","12",1]
["items","15",1]
-- name: masked mail address
SELECT regexp_replace(email, '^(.)(.*)(@.*)$', '$1***$3') AS masked, lower(split_part(email, '@', 2)) AS domain FROM members WHERE email IS NOT NULL ORDER BY id
-- rows:
["t***@example.com","example.com"]
["S***@EXAMPLE.COM","example.com"]
-- name: words with capitals
SELECT array_join(transform(split(lower(name), ' '), w -> concat(upper(substr(w, 1, 1)), substr(w, 2))), ' ') AS n, regexp_replace(lower(name), '(\w)(\w*)', x -> upper(x[1]) || x[2]) AS m FROM members ORDER BY id
-- rows:
["Tanaka Ichiro","Tanaka Ichiro"]
["Sato Hanako","Sato Hanako"]
["Suzuki","Suzuki"]
-- name: digits of a phone number
SELECT regexp_replace('+81-90-1234-5678', '[^0-9]') AS digits, regexp_extract('tel:0312345678', '(\d{2})(\d{4})(\d{4})', 2) AS middle, regexp_extract_all('a1b22', '\d+') AS all_digits, regexp_split('a, b;c', '[,;]\s*') AS parts
-- rows:
["819012345678","1234",["1","22"],["a","b","c"]]
-- name: grouping sets with labels
SELECT IF(grouping(member_id) = 1, 'total', member_id) AS member, IF(grouping(payment) = 1, 'all', coalesce(payment, 'none')) AS payment, SUM(amount) AS total FROM orders GROUP BY GROUPING SETS ((member_id, payment), (member_id), ()) ORDER BY 1, 2, 3
-- rows:
["total","all",2600]
["u1","all",2000]
["u1","card",1200]
["u1","cash",800]
["u2","all",600]
["u2","none",600]
-- name: rollup of years and months
SELECT y, m, count(*) AS n FROM (SELECT year(d) AS y, month(d) AS m FROM (VALUES DATE '2023-12-31', DATE '2024-01-01', DATE '2024-01-02') t(d)) GROUP BY ROLLUP (y, m) ORDER BY y NULLS LAST, m NULLS LAST
-- rows:
[2023,12,1]
[2023,null,1]
[2024,1,2]
[2024,null,2]
[null,null,3]
-- name: pivot by conditional aggregation
SELECT member_id, SUM(IF(payment = 'card', amount, 0)) AS card, SUM(CASE payment WHEN 'cash' THEN amount ELSE 0 END) AS cash, COUNT(*) FILTER (WHERE payment IS NULL) AS unknown FROM orders GROUP BY member_id ORDER BY member_id
-- rows:
["u1",1200,800,0]
["u2",0,0,1]
-- name: pivot by map
SELECT member_id, kv['card'] AS card, element_at(kv, 'cash') AS cash FROM (SELECT member_id, map_agg(coalesce(payment, 'none'), amount) AS kv FROM orders GROUP BY member_id) t WHERE element_at(kv, 'card') IS NOT NULL
-- rows:
["u1",1200,800]
-- name: unpivot of columns
SELECT order_id, name, value FROM orders CROSS JOIN UNNEST(ARRAY['amount', 'quantity'], ARRAY[amount, quantity]) AS t(name, value) WHERE order_id = 1001 ORDER BY name
-- rows:
[1001,"amount",1200]
[1001,"quantity",2]
-- name: unpivot by values and lateral join
SELECT o.order_id, v.k, v.n FROM orders o CROSS JOIN LATERAL (VALUES ('a', o.amount), ('q', o.quantity)) AS v(k, n) WHERE o.order_id = 1002 ORDER BY v.k
-- rows:
[1002,"a",800]
[1002,"q",1]
-- name: array of rows to columns
SELECT t.id, t.label FROM UNNEST(ARRAY[ROW(1, 'a'), ROW(2, 'b')]) AS t(id, label) ORDER BY 1
-- rows:
[1,"a"]
[2,"b"]
-- name: array of rows with ordinality
SELECT label, n FROM UNNEST(ARRAY[ROW(1, 'a'), ROW(2, 'b')]) WITH ORDINALITY AS t(id, label, n) ORDER BY n
-- rows:
["a",1]
["b",2]
-- name: sorted by a comparison
SELECT array_sort(ARRAY['pear', 'fig', 'apple'], (x, y) -> IF(length(x) < length(y), -1, IF(length(x) > length(y), 1, 0))) AS by_length, array_sort(ARRAY[3, 1, 2], (x, y) -> -1 * (x - y)) AS falling
-- rows:
[["fig","pear","apple"],[3,2,1]]
-- name: appended and prepended elements
SELECT item_ids || 'Z' AS more, 'Y' || item_ids AS before, item_ids || ARRAY['P', 'Q'] AS both, concat(item_ids, ARRAY['R']) AS c FROM orders WHERE order_id = 1002
-- rows:
[["B-1","Z"],["Y","B-1"],["B-1","P","Q"],["B-1","R"]]
-- name: pairs of items
SELECT pair[1] AS a, pair[2] AS b, count(*) AS n FROM orders CROSS JOIN UNNEST(combinations(array_sort(item_ids), 2)) AS t(pair) WHERE cardinality(item_ids) > 1 GROUP BY 1, 2
-- rows:
["A-1","A-2",1]
-- name: folded state of another type
SELECT reduce(ARRAY['a', 'bb', 'ccc'], 0, (s, x) -> s + length(x), s -> s) AS letters, reduce(ARRAY[1, 2, 3], '', (s, x) -> s || CAST(x AS varchar), s -> s || '!') AS joined, reduce(ARRAY[5, 20, 50], CAST(ROW(0.0, 0) AS ROW(sum DOUBLE, count INTEGER)), (s, x) -> CAST(ROW(x + s.sum, s.count + 1) AS ROW(sum DOUBLE, count INTEGER)), s -> IF(s.count = 0, NULL, s.sum / s.count)) AS average
-- rows:
[6,"123!",25.0]
-- name: maps changed by lambdas
SELECT map_filter(m, (k, v) -> v > 1) AS f, transform_values(m, (k, v) -> v * 10) AS t, transform_keys(m, (k, v) -> upper(k)) AS u, map_keys(map_filter(m, (k, v) -> k = 'a'))[1] AS k FROM (SELECT map(ARRAY['a', 'b'], ARRAY[1, 2]) AS m)
-- rows:
[{"b":2},{"a":10,"b":20},{"A":1,"B":2},"a"]
-- name: calendar without gaps
SELECT CAST(d AS varchar) AS day, COUNT(o.order_id) AS orders FROM UNNEST(sequence(DATE '2024-03-12', DATE '2024-03-15')) AS t(d) LEFT JOIN orders o ON CAST(substr(o.ordered_at, 1, 10) AS date) = d GROUP BY d ORDER BY d
-- rows:
["2024-03-12",0]
["2024-03-13",2]
["2024-03-14",1]
["2024-03-15",0]
-- name: months between
SELECT date_format(m, '%Y-%m') AS ym FROM UNNEST(sequence(DATE '2023-11-01', DATE '2024-02-01', INTERVAL '1' MONTH)) AS t(m) ORDER BY 1
-- rows:
["2023-11"]
["2023-12"]
["2024-01"]
["2024-02"]
-- name: hours of a day
SELECT format_datetime(h, 'HH:mm') AS h FROM UNNEST(sequence(TIMESTAMP '2024-03-13 22:00:00', TIMESTAMP '2024-03-14 00:00:00', INTERVAL '1' HOUR)) AS t(h) ORDER BY t.h
-- rows:
["22:00"]
["23:00"]
["00:00"]
-- name: dates stay dates
SELECT d + INTERVAL '1' DAY AS tomorrow, d - INTERVAL '1' MONTH AS month_ago, date_add('week', 1, d) AS next_week, date_trunc('month', d) AS first, last_day_of_month(d) AS last, CAST(d AS varchar) || ' 00:00:00' AS txt FROM (VALUES DATE '2024-03-31') t(d)
-- rows:
["2024-04-01","2024-02-29","2024-04-07","2024-03-01","2024-03-31","2024-03-31 00:00:00"]
-- name: start of last month in unix time
SELECT CAST(to_unixtime(date_add('month', -1, date_trunc('month', from_unixtime(TD_SCHEDULED_TIME())))) AS bigint) AS from_time, TD_DATE_TRUNC('month', TD_SCHEDULED_TIME(), 'JST') AS jst, TD_TIME_PARSE('2024-03-01', 'JST') AS parsed
-- rows:
[1706745600,1709218800,1709218800]
-- name: age from birthday
SELECT member_id, date_diff('year', CAST(birthday AS date), DATE '2024-03-13') AS age, (20240313 - CAST(replace(birthday, '-', '') AS integer)) / 10000 AS age2 FROM members WHERE birthday IS NOT NULL ORDER BY id
-- rows:
["u1",44,44]
["u2",28,28]
-- name: parsing of log times
SELECT date_parse('13/Mar/2024:04:05:06', '%d/%b/%Y:%H:%i:%s') AS a, parse_datetime('2024-03-13 04:05', 'yyyy-MM-dd HH:mm') AS b, from_iso8601_timestamp('2024-03-13T04:05:06+09:00') AS c, CAST(to_unixtime(from_iso8601_timestamp('2024-03-13T04:05:06+09:00')) AS bigint) AS d, TRY(date_parse('bad', '%Y')) AS e
-- rows:
["2024-03-13 04:05:06.000","2024-03-13 04:05:00.000","2024-03-12 19:05:06.000 UTC",1710270306,null]
-- name: times as text
SELECT CAST(TIMESTAMP '2024-03-13 04:05:06' AS varchar) AS a, format_datetime(TIMESTAMP '2024-03-13 04:05:06', 'yyyyMMddHHmmss') AS b, date_format(TIMESTAMP '2024-03-13 04:05:06', '%Y/%c/%e %l:%i %p') AS c, substr(CAST(TIMESTAMP '2024-03-13 04:05:06.789' AS varchar), 12, 8) AS d, to_iso8601(DATE '2024-03-13') AS e
-- rows:
["2024-03-13 04:05:06.000","20240313040506","2024/3/13 4:05 AM","04:05:06","2024-03-13"]
-- name: safe conversions
SELECT x, TRY_CAST(x AS bigint) AS i, TRY_CAST(x AS double) AS d, TRY_CAST(x AS date) AS t, COALESCE(TRY(CAST(x AS integer)), -1) AS n FROM (VALUES '12', '1.5', 'abc', '2024-03-13', '') AS t(x)
-- rows:
["12",12,12.0,null,12]
["1.5",null,1.5,null,-1]
["abc",null,null,null,-1]
["2024-03-13",null,null,"2024-03-13",-1]
["",null,null,null,-1]
-- name: rounding as in Presto
SELECT CAST(2.5e0 AS bigint) AS a, CAST(-2.5e0 AS integer) AS b, CAST(1.5 AS bigint) AS c, ROUND(2.345, 2) AS d, TRUNCATE(-1.9e0) AS e, 7 / 2 AS f, 7 % 3 AS g, CEIL(7e0 / 2) AS h
-- rows:
[3,-3,2,"2.35",-1.0,3,1,4.0]
-- name: text functions
SELECT lpad('7', 3, '0') AS a, substr('hello', -3) AS b, strpos('abcabc', 'c') AS c, replace('a-b', '-', '+') AS d, trim(BOTH 'x' FROM 'xax') AS e, reverse('abc') AS f, concat_ws('/', 'a', NULL, 'b') AS g, format('%05.1f|%s', 3.14159e0, 'x') AS h, chr(8364) AS i, codepoint('€') AS j, levenshtein_distance('kitten', 'sitting') AS k, word_stem('connections') AS l
-- rows:
["007","llo",3,"a+b","a","cba","a/b","003.1|x","€",8364,3,"connect"]
-- name: hashes
SELECT lower(to_hex(md5(to_utf8('a@example.com')))) AS m, lower(to_hex(sha256(to_utf8('a')))) AS s, TD_MD5('abc') AS t, to_base64(to_utf8('abc')) AS b, to_hex(from_base64('YWJj')) AS h, mod(abs(from_big_endian_64(xxhash64(to_utf8('u1')))), 2) IN (0, 1) AS ok
-- rows:
["b418773a2c51fb9777a1648346fa7394","ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb","900150983cd24fb0d6963f7d28e17f72","YWJj","616263",true]
-- name: null handling
SELECT COALESCE(NULL, 'x') AS a, NULLIF('', '') AS b, 'a' IS DISTINCT FROM NULL AS c, NULL IS NOT DISTINCT FROM NULL AS d, concat('a', NULL) AS e, GREATEST(1, NULL) AS f, count(x) AS g, count(*) AS h, sum(x) AS i, arbitrary(x) AS j FROM (VALUES 1, NULL) t(x)
-- rows:
["x",null,true,true,null,null,1,2,1,1]
-- name: lists of texts in groups
SELECT member_id, array_join(array_agg(DISTINCT items ORDER BY items), '|') AS a, listagg(items, ';') WITHIN GROUP (ORDER BY order_id) AS b, array_agg(order_id ORDER BY time DESC)[1] AS latest, cardinality(array_distinct(flatten(array_agg(item_ids)))) AS n FROM orders GROUP BY member_id ORDER BY member_id
-- rows:
["u1","A-1,A-2|B-1","A-1,A-2;B-1",1002,3]
["u2","A-1","A-1",1003,1]
-- name: multimaps and histograms
SELECT histogram(x) AS h, multimap_agg(x, y) AS m, map_agg(x, y) AS f, approx_most_frequent(1, x, 10) AS t, bitwise_or_agg(y) AS b FROM (VALUES ('a', 1), ('a', 2), ('b', 4)) t(x, y)
-- rows:
[{"a":2,"b":1},{"a":[1,2],"b":[4]},{"a":1,"b":4},{"a":2},7]
-- name: latest row of each key without subquery
SELECT member_id, max_by(order_id, time) AS latest, max_by(ROW(order_id, amount), time) AS r, max_by(order_id, time, 2) AS two FROM orders GROUP BY member_id ORDER BY member_id
-- rows:
["u1",1002,[1002,800],[1002,1001]]
["u2",1003,[1003,600],[1003]]
-- name: funnel
SELECT COUNT(DISTINCT IF(action = 'open', member_id)) AS opened, COUNT(DISTINCT CASE WHEN action = 'click' THEN member_id END) AS clicked, ROUND(COUNT_IF(action = 'click') * 100e0 / COUNT_IF(action = 'open'), 1) AS rate FROM mails
-- rows:
[2,1,50.0]
-- name: last click attribution
SELECT o.order_id, m.title FROM orders o LEFT JOIN (SELECT a.order_id, max_by(c.title, c.time) AS title FROM orders a JOIN mails c ON c.member_id = a.member_id AND c.time <= a.time AND c.action IN ('open', 'click') GROUP BY a.order_id) m ON m.order_id = o.order_id ORDER BY o.order_id
-- rows:
[1001,"summer"]
[1002,"summer"]
[1003,"summer"]
-- name: retention matrix
WITH firsts AS (SELECT member_id, MIN(date(from_unixtime(time, 'Asia/Tokyo'))) AS cohort FROM orders GROUP BY 1), later AS (SELECT DISTINCT member_id, date(from_unixtime(time, 'Asia/Tokyo')) AS d FROM orders)
SELECT CAST(f.cohort AS varchar) AS cohort, date_diff('day', f.cohort, l.d) AS days, COUNT(DISTINCT l.member_id) AS members FROM firsts f JOIN later l USING (member_id) GROUP BY 1, 2 ORDER BY 1, 2
-- rows:
["2024-03-13",0,2]
["2024-03-13",1,1]
-- name: agents
SELECT TD_PARSE_AGENT(agent)['category'] AS category, COUNT(*) AS n FROM access WHERE agent IS NOT NULL GROUP BY 1 ORDER BY 1
-- rows:
["crawler",1]
["pc",1]
["smartphone",1]
-- name: numbers from texts
SELECT SUM(CAST(regexp_extract(path, '/items/(\d+)', 1) AS bigint)) AS total, COUNT_IF(regexp_like(path, '^/items/\d+')) AS n FROM access
-- rows:
[27,2]
-- name: width and histogram buckets
SELECT width_bucket(amount, 0, 1500, 3) AS bucket, COUNT(*) AS n, MIN(amount) AS low FROM orders GROUP BY 1 ORDER BY 1
-- rows:
[2,2,600]
[3,1,1200]
-- name: recursive numbers joined
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i, COUNT(o.order_id) AS c FROM n LEFT JOIN orders o ON o.quantity = n.i GROUP BY i ORDER BY i
-- rows:
[1,2]
[2,1]
[3,0]
-- name: names in the catalog
SELECT table_name FROM information_schema.tables WHERE table_schema = 'corpus' ORDER BY 1
-- rows:
["access"]
["mails"]
["members"]
["orders"]
["products"]
-- name: columns of a table
SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'corpus' AND table_name = 'orders' AND ordinal_position <= 3 ORDER BY ordinal_position
-- rows:
["order_id","integer"]
["member_id","varchar"]
["time","integer"]
-- name: tables like
SHOW TABLES LIKE 'm%'
-- rows:
["mails"]
["members"]
-- name: described table
DESCRIBE products
-- rows:
["item_id","varchar","",""]
["title","varchar","",""]
["category","varchar","",""]
["price","integer","",""]
["active","integer","",""]
-- name: intervals of both kinds
SELECT INTERVAL '1-2' YEAR TO MONTH AS a, INTERVAL '2 03:04:05' DAY TO SECOND AS b, INTERVAL '90' MINUTE AS c, INTERVAL '2' DAY + INTERVAL '3' HOUR AS d, TIMESTAMP '2024-03-13 00:00:00' - INTERVAL '1' HOUR AS e, parse_duration('1.5h') AS f, human_readable_seconds(3762) AS g
-- rows:
["1-2","2 03:04:05.000","0 01:30:00.000","2 03:00:00.000","2024-03-12 23:00:00.000","0 01:30:00.000","1 hour, 2 minutes, 42 seconds"]
-- name: sql json functions
SELECT json_value('{"a":{"b":5}}', 'lax $.a.b' RETURNING bigint) AS v, json_value('{}', 'lax $.a' DEFAULT 'none' ON EMPTY) AS e, json_query('{"a":[1,2]}', 'lax $.a[*]' WITH ARRAY WRAPPER) AS q, json_exists('{"a":1}', 'lax $.a') AS x, json_object('k' VALUE 1, 'n' VALUE 'x') AS o
-- rows:
[5,"none","[1,2]",true,"{\"k\":1,\"n\":\"x\"}"]
