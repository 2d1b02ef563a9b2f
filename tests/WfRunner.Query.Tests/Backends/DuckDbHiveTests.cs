using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Query.Backends.DuckDb;

namespace WfRunner.Query.Tests.Backends;

/// <summary>The part of Hive's SQL that runs on the local engine (operators-td 22.9).</summary>
public sealed class DuckDbHiveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-hive-");
    private readonly DuckDbBackend _backend = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    // syntax
    [InlineData("select `x y` from (select 1 as `x y`) t", "[1]")]
    [InlineData("select \"it's\" as a, 'say \\'hi\\'' as b", "[\"it's\",\"say 'hi'\"]")]
    [InlineData("select x from (select 'abc' x union all select 'x') t where x rlike 'b.*' and t.x not rlike concat('^', 'x')", "[\"abc\"]")]
    [InlineData("select k, e.key, e.value from (select 1 k, map('a', 1, 'b', 2) m) t lateral view explode(m) e as key, value order by key", "[1,\"a\",1];[1,\"b\",2]")]
    [InlineData("select k, x from (select 1 k, array('a', 'b') a) t lateral view explode(a) e as x order by x", "[1,\"a\"];[1,\"b\"]")]
    [InlineData("select k, x from (select 1 k, cast(null as string) s) t lateral view outer explode(split(s, ',')) e as x", "[1,null]")]
    [InlineData("select p, x from (select array('a', 'b') a) t lateral view posexplode(a) e as p, x order by p", "[0,\"a\"];[1,\"b\"]")]
    [InlineData("select x from (select explode(array(1, 2)) as x) t", "[1];[2]")]
    [InlineData("set hive.exec.parallel=true; select 1 as a", "[1]")]
    [InlineData("select k, count(1) n from (select 1 k union all select 1) t group by k distribute by k sort by k limit 5", "[1,2]")]
    [InlineData("select a from (select 1 a cluster by a) t", "[1]")]
    [InlineData("select t.x from (select 1 x union all select 2) t left semi join (select 1 y) u on t.x = u.y", "[1]")]
    [InlineData("select t.x, u.y from (select 1 x) t left join (select 2 y) u on t.x = u.y", "[1,null]")]
    [InlineData("insert overwrite table o select 1 as a; insert into table o select 2 as a; select a from o order by a", "[1];[2]")]
    [InlineData("with s as (select 7 as a) insert overwrite table w select a from s; select a from w", "[7]")]
    [InlineData("insert overwrite table p partition (dt = '2024') select 3 as a; select a from p", "[3]")]
    [InlineData("select split('a,b', ',')[1] a, array(1, 2)[0] b, map('k', 5)['k'] c", "[\"b\",1,5]")]
    // functions
    [InlineData("select collect_set(v) a, size(collect_list(v)) n from (select 'a' v union all select 'a' union all select null) t", "[[\"a\"],2]")]
    [InlineData("select count(distinct a, b) n from (select 1 a, 2 b union all select 1, 2 union all select 1, null) t", "[1]")]
    [InlineData("select parse_url('http://a.example.com/p?k=v', 'HOST') h, parse_url('http://a.example.com/p?k=v', 'QUERY', 'k') q", "[\"a.example.com\",\"v\"]")]
    [InlineData("select unix_timestamp('2024-03-13 04:05:06') a, unix_timestamp('2024/03/13', 'yyyy/MM/dd') b, from_unixtime(0) c, from_unixtime(0, 'yyyy') d", "[1710302706,1710288000,\"1970-01-01 00:00:00\",\"1970\"]")]
    [InlineData("select to_date('2024-03-13 01:02:03') a, date_add('2024-03-13', 1) b, date_sub('2024-03-13', 1) c, datediff('2024-03-13', '2024-03-01') d, add_months('2024-01-31', 1) e", "[\"2024-03-13\",\"2024-03-14\",\"2024-03-12\",12,\"2024-02-29\"]")]
    [InlineData("select date_format(d, 'yyyyMM') a, year(d) b, month(d) c from (select '2024-03-13' d) t", "[\"202403\",2024,3]")]
    [InlineData("select nvl(null, 'x') a, if(1 = 1, 'a', 'b') b, pmod(-1, 3) c, isnull(null) d", "[\"x\",\"a\",2,true]")]
    [InlineData("select md5('abc') a, sha2('abc', 256) like 'ba7816bf%' b, repeat('ab', 2) c, locate('b', 'abc') d, initcap('ab cd') e", "[\"900150983cd24fb0d6963f7d28e17f72\",true,\"abab\",2,\"Ab Cd\"]")]
    [InlineData("select regexp_extract('x12', '([0-9])([0-9])') a, regexp_replace('a1', '[0-9]', '') b, concat_ws(',', 'a', 'b', 'c') c, concat_ws('|', array('a', 'b')) d", "[\"1\",\"a\",\"a,b,c\",\"a|b\"]")]
    [InlineData("select get_json_object('{\"a\":{\"b\":1}}', '$.a.b') a, str_to_map('a:1,b:2')['b'] b, named_struct('n', 1).n c, array_contains(array(1), 1) d, sort_array(array(2, 1)) e", "[\"1\",\"2\",1,true,[1,2]]")]
    [InlineData("select k, td_x_rank(k) r from (select 'a' k union all select 'a') t order by r", "[\"a\",1];[\"a\",2]")]
    public async Task A_query_gives_its_rows(string query, string expected)
    {
        await using var job = await _backend.SubmitAsync(
            new QueryRequest
            {
                ProjectDirectory = _folder.FullName,
                LocalDirectory = Path.Combine(_folder.FullName, "local"),
                Database = "test",
                Engine = QueryEngine.Hive,
                Statement = query,
                Query = query,
                ScheduledTime = Instant.FromUnixTimeSeconds(1710270306),
            },
            Cancellation);
        await job.WaitAsync(Cancellation);

        Assert.Equal(expected, string.Join(';', await job.ReadRowsAsync(Cancellation).Select(r => new ConfigList(r).ToString()).ToListAsync(Cancellation)));
    }
}
