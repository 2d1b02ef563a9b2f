select
  created_by,
  count(distinct ip) ip,
  count(distinct user) uu,
  count(1) as logs
from
  test1
where
  TD_TIME_RANGE(time, '2016-12-08 00:00:00','2016-12-08 01:00:00')
group by
  created_by
