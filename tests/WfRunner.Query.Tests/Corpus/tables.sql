create table access as select * from (values
  (1710270306, 'u1', '10.0.0.1', '/a?utm_source=x', 'Mozilla/5.0', 'https://example.com/p?q=1', 200, 512),
  (1710270906, 'u1', '10.0.0.1', '/b', 'Mozilla/5.0', null, 404, 12),
  (1710274506, 'u2', '10.0.0.2', '/a', 'bot', 'http://h/', 200, null)) t(time, user_id, ip, path, agent, referer, status, bytes);
create table users as select * from (values
  ('u1', 'Ann', 'ann@example.com', '{"plan":"pro","tags":["a","b"],"age":31}', '2023/06/05', 1685923200),
  ('u2', 'Bob', null, '{"plan":"free"}', '2024-1-02', 1704153600),
  ('u3', 'Cyd', 'c@example.org', 'not json', null, 1704153601)) t(id, name, email, attributes, joined, time);
create table orders as select * from (values
  (1, 'u1', 10.5e0, '2024-03-12 10:00:00', array['x', 'y'], 1710237600),
  (2, 'u1', 20.0e0, '2024-03-13 10:00:00', array['y'], 1710324000),
  (3, 'u2', 5.25e0, '2024-02-13 10:00:00', array[], 1707818400)) t(order_id, user_id, amount, ordered_at, items, time);
