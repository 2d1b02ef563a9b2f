-- The tables of the corpus, as they come from logs, shops and mail systems.
create table access as select * from (values
  (1710255600, 'u1', '10.0.0.1', '/items/12?ref=mail', 'https://www.example.com/search?q=shoes&page=2', 200, 'Mozilla/5.0 (Windows NT 6.1; WOW64) Chrome/16.0', 'GET', 512, 'td-1'),
  (1710259200, 'u1', '10.0.0.1', '/cart', 'https://www.example.com/items/12', 200, 'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0)', 'POST', 128, 'td-1'),
  (1710262800, 'u2', '10.0.0.2', '/items/15', '-', 404, 'Googlebot/2.1', 'GET', 64, 'td-2'),
  (1710270000, null, '10.0.0.3', '/', null, 500, null, 'GET', null, 'td-3')
) t(time, "user", host, path, referer, code, agent, method, size, td_client_id);
create table members as select * from (values
  (1, 'u1', 'Tanaka Ichiro', 'tanaka@example.com', '1980-02-29', 'F', '2020-01-01 10:00:00', '{"rank":"gold","points":120,"tags":["a","b"]}', 1577836800),
  (2, 'u2', 'Sato Hanako', 'SATO@EXAMPLE.COM', '1995-12-31', 'M', '2021-06-15 23:59:59', '{"rank":"silver","points":5,"tags":[]}', 1623801599),
  (3, 'u3', 'Suzuki', null, null, null, null, null, 1640995200)
) t(id, member_id, name, email, birthday, gender, created_at, attributes, time);
create table orders as select * from (values
  (1001, 'u1', 1710255700, '2024-03-13 00:01:40', 'A-1,A-2', 1200, 2, 0.1, 'card', array['A-1', 'A-2']),
  (1002, 'u1', 1710342100, '2024-03-14 00:01:40', 'B-1', 800, 1, 0.08, 'cash', array['B-1']),
  (1003, 'u2', 1710255700, '2024-03-13 00:01:40', 'A-1', 600, 1, 0.1, null, array['A-1'])
) t(order_id, member_id, time, ordered_at, items, amount, quantity, tax, payment, item_ids);
create table products as select * from (values
  ('A-1', 'Shoes', 'fashion', 600, 1), ('A-2', 'Hat', 'fashion', 600, 1), ('B-1', 'Desk', 'furniture', 800, 0)
) t(item_id, title, category, price, active);
create table mails as select * from (values
  (1710255600, 'c1', 'u1', 'open', 'summer'), (1710255660, 'c1', 'u1', 'click', 'summer'), (1710255700, 'c1', 'u2', 'open', 'summer'), (1710342000, 'c2', 'u2', 'bounce', 'winter')
) t(time, campaign_id, member_id, action, title);
