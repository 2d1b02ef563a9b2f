using WfRunner.Query.Dialect;

namespace WfRunner.Query.Tests.Dialect;

/// <summary>The shape of rewritten SQL. What it means is told by the tests that run it (Backends/DuckDbPrestoTests).</summary>
public sealed class PrestoToDuckDbTests
{
    private const long R = 1710270306;

    private readonly List<string> _warnings = [];

    [Theory]
    // names
    [InlineData("select count(distinct user) uu from t", "select count(distinct \"user\") uu from t")]
    [InlineData("select user from t", "select \"user\" from t")]
    [InlineData("select t.user, t.\"user\" from t", "select t.\"user\", t.\"user\" from t")]
    [InlineData("select max(x) year from t", "select max(x) \"year\" from t")]
    [InlineData("select x as year, year from t", "select x as year, year from t")]
    [InlineData("select offset, at from t where limit = 1", "select \"offset\", \"at\" from t where \"limit\" = 1")]
    [InlineData("select a from t order by a desc limit 1", "select a from t order by a desc limit 1")]
    [InlineData("select a from t order by a nulls first", "select a from t order by a nulls first")]
    [InlineData("select interval '1' day from t", "select interval '1' day AS _col0 from t")]
    // columns without a name
    [InlineData("select count(*), a, a + 1 from t", "select count(*) AS _col0, a, a + 1 AS _col2 from t")]
    [InlineData("select *, 1 from t", "select *, 1 from t")]
    [InlineData("select distinct t.a, b c from t", "select distinct t.a, b c from t")]
    [InlineData("select sum(a) over w from t window w as (order by b)", "select sum(a) over w AS _col0 from t window w as (order by b)")]
    [InlineData("select case when a then 1 end from t", "select case when a then 1 end AS _col0 from t")]
    // untouched
    [InlineData("select 'array(x) a -> b user' as a -- user if(1,2)", "select 'array(x) a -> b user' as a -- user if(1,2)")]
    [InlineData("select \"if\" as a /* user */", "select \"if\" as a /* user */")]
    [InlineData("select sum(a) filter (where b) as c from t", "select sum(a) filter (where b) as c from t")]
    // shapes
    [InlineData("select if(a, 1) as x", "select CASE WHEN a THEN 1 END as x")]
    [InlineData("select if(a, 1, 2) as x", "select if(a, 1, 2) as x")]
    [InlineData("select cast(a as array(map(varchar, array(bigint)))) as x", "select cast(a as map(varchar, bigint[])[]) as x")]
    [InlineData("select transform(a, x -> x + 1) as y", "select list_transform(a, lambda x: x + 1) as y")]
    [InlineData("select approx_distinct(x, 0.1) filter (where x > 1) as y", "select approx_count_distinct(x) filter (where x > 1) as y")]
    [InlineData("select max_by(a, b) over (order by c) as y", "select arg_max_null(a, b) over (order by c) as y")]
    [InlineData("select date_diff('day', a, b) as y", "select date_sub(lower('day'), a, b) as y")]
    [InlineData("select extract(dow from a) as y", "select extract(isodow from a) as y")]
    [InlineData("values 1, 2", "values (1), (2)")]
    [InlineData("values (1, 'a'), (2, 'b')", "values (1, 'a'), (2, 'b')")]
    [InlineData("select * from t tablesample bernoulli (10)", "select * from t tablesample bernoulli (10 PERCENT)")]
    [InlineData("select lag(a) ignore nulls over (order by b) as x", "select lag(a ignore NULLS) over (order by b) as x")]
    [InlineData("select listagg(a, ',') within group (order by b) as x", "select string_agg(a, ',' order by b) as x")]
    [InlineData("select a at time zone 'JST' as x from t", "select at_timezone(a , 'JST') as x from t")]
    [InlineData("create table t with (bucket_count = 512) as select 1 as a", "create table t  as select 1 as a")]
    [InlineData("show columns from t", "SELECT column_name AS \"Column\", system.main.regexp_replace(lower(column_type), '^(.*)\\[\\]$', 'array(\\1)') AS \"Type\", '' AS \"Extra\", '' AS \"Comment\" FROM (DESCRIBE  t)")]
    // TD functions over constants
    [InlineData("where TD_TIME_RANGE(time, '2016-12-08 00:00:00','2016-12-08 01:00:00')", "where (time >= 1481155200 AND time < 1481158800)")]
    [InlineData("where td_time_range(t.time, '2024-03-13', null, 'JST')", "where (t.time >= 1710255600)")]
    [InlineData("where td_time_range(time, null, '2024-03-13', 'JST')", "where (time < 1710255600)")]
    [InlineData("where td_time_range(time, 1, 2)", "where (time >= 1 AND time < 2)")]
    [InlineData("where td_time_range(time, '2024-03-13', '2024-03-14', 'jst')", "where (time >= 1710255600 AND time < 1710342000)")]
    [InlineData("where td_time_range(time, null, null)", "where (CASE WHEN time IS NOT NULL THEN true END)")]
    [InlineData("where td_time_range(a + 1, 1, 2)", "where td_time_range(a + 1, 1, 2)")]
    [InlineData("where td_time_range(time, start_time, 2)", "where td_time_range(time, start_time, 2)")]
    [InlineData("where td_time_range(time, td_time_add(td_scheduled_time(), '-1d'), td_scheduled_time())", "where (time >= 1710183906 AND time < 1710270306)")]
    [InlineData("where td_interval(time, '-1d', 'JST')", "where (time >= 1710169200 AND time < 1710255600)")]
    [InlineData("where td_interval(time + 1, '-1d')", "where wf_td_interval(time + 1, '-1d', NULL, 1710270306)")]
    [InlineData("select td_scheduled_time() as t", "select CAST(1710270306 AS BIGINT) as t")]
    [InlineData("select td_date_trunc('day', td_scheduled_time(), 'JST') as t", "select CAST(1710255600 AS BIGINT) as t")]
    [InlineData("select td_time_parse('not a date') as t", "select CAST(NULL AS BIGINT) as t")]
    [InlineData("select td_first(a, b, c) as x", "select arg_min_null(a, row(b, c)) as x")]
    public void Presto_becomes_DuckDb(string presto, string expected) => Assert.Equal(expected, Rewrite(presto));

    [Theory]
    [InlineData("select `a b` as x, \"text\" as y", "select \"a b\" as x, 'text' as y")]
    [InlineData("select x from t lateral view explode(a) e as x where x > 1", "select x from t CROSS JOIN UNNEST(a) AS e( x)  where x > 1")]
    [InlineData("select x from t lateral view outer explode(a) e as x", "select x from t LEFT JOIN UNNEST(a) AS e( x) ON true ")]
    [InlineData("select nvl(a, b) as x", "select coalesce(a, b) as x")]
    public void Hive_becomes_DuckDb(string hive, string expected) =>
        Assert.Equal(expected, Assert.Single(Statements(hive, QueryEngine.Hive)).Output().Text);

    [Theory]
    [InlineData("", 0)]
    [InlineData("-- only a comment\n/* and another */;", 0)]
    [InlineData("set session a = 'b'; select 1", 1)]
    [InlineData("select ';'; select 2;", 2)]
    public void Statements_without_content_are_left_out(string sql, int count) => Assert.Equal(count, Statements(sql).Count);

    [Theory]
    [InlineData("with a as (select 1 as x) select x from a", true)]
    [InlineData("(select 1)", true)]
    [InlineData("insert into t select 1", false)]
    [InlineData("delete from t", false)]
    public void Readers_need_no_turn_among_writers(string sql, bool isReadOnly) => Assert.Equal(isReadOnly, Statements(sql)[0].IsReadOnly);

    [Fact]
    public void A_bound_that_is_no_time_selects_nothing_and_is_told()
    {
        Assert.Equal("where CAST(NULL AS BOOLEAN)", Rewrite("where td_time_range(time, '2013-01-01', 'PDT')"));
        Assert.Equal("TD_TIME_RANGE: 'PDT' is not a time, so the condition is NULL and selects no rows", Assert.Single(_warnings));
    }

    [Fact]
    public void Functions_over_external_data_are_null_and_told_once()
    {
        Assert.Equal(
            "select CAST(NULL AS VARCHAR) as a, CAST(NULL AS VARCHAR) as b",
            Rewrite("select td_ip_to_country_code(ip) as a, TD_IP_TO_COUNTRY_CODE(x) as b"));
        Assert.Equal("TD_IP_TO_COUNTRY_CODE needs external data and returns NULL in local mode", Assert.Single(_warnings));
    }

    [Fact]
    public void A_function_without_counterpart_is_refused_before_anything_runs()
    {
        var failure = Assert.Throws<QueryFailedException>(() => Rewrite("select make_set_digest(x) as a"));

        Assert.Equal("Presto function 'make_set_digest' is not supported in local mode", failure.Message);
    }

    [Fact]
    public void A_place_in_the_rewritten_text_leads_back_to_the_source()
    {
        const string Source = "select '日本', if(a, 1) as x,\n  td_scheduled_time() as t, wrong from t";
        var output = Assert.Single(Statements(Source)).Output("CREATE TABLE t AS ");
        var at = System.Text.Encoding.UTF8.GetByteCount(output.Text[..output.Text.IndexOf("wrong", StringComparison.Ordinal)]);

        Assert.Equal(Source.IndexOf("wrong", StringComparison.Ordinal), output.SourceOffset(at));
    }

    private string Rewrite(string sql) => Assert.Single(Statements(sql)).Output().Text;

    private IReadOnlyList<SqlStatement> Statements(string sql, QueryEngine engine = QueryEngine.Presto) =>
        new PrestoToDuckDb(new DialectSettings(R, engine, _warnings.Add)).Rewrite(sql);
}
