using WfRunner.Operators.TreasureData;
using WfRunner.Query;

namespace WfRunner.Operators.Tests.TreasureData;

/// <summary>Where the command of a target lands: the table of operators-td 2.2 and its rules. <c>C</c> is the command.</summary>
public sealed class TdStatementTests
{
    [Theory]
    [InlineData("select 1", "C\nselect 1")]
    [InlineData("-- c\nselect 1", "-- c\nC\nselect 1")]
    [InlineData("-- c\nselect 1\n", "C\n-- c\nselect 1\n")]
    [InlineData("-- c\nselect 1\nfrom t", "C\n-- c\nselect 1\nfrom t")]
    [InlineData("-- c\n\nselect 1", "C\n-- c\n\nselect 1")]
    [InlineData("-- c", "-- c\nC\n")]
    [InlineData("\n-- a\n-- b\nselect 1", "\n-- a\n-- b\nC\nselect 1")]
    [InlineData(" -- c\nselect 1", "C\n -- c\nselect 1")]
    [InlineData("with a as (select 1)\n-- DIGDAG_INSERT_LINE x\nselect 1", "with a as (select 1)\nC\nselect 1")]
    [InlineData("with a as (select 1)\r\n-- DIGDAG_INSERT_LINE x\r\nselect 1", "with a as (select 1)\r\nC\r\nselect 1")]
    [InlineData("with a as (select 1)\n  -- DIGDAG_INSERT_LINE\nselect 1", "C\nwith a as (select 1)\n  -- DIGDAG_INSERT_LINE\nselect 1")]
    [InlineData("-- DIGDAG_INSERT_LINE\nselect 1", "C\nselect 1")]
    [InlineData("-- DIGDAG_INSERT_LINE\n-- DIGDAG_INSERT_LINE\nselect 1", "C\n-- DIGDAG_INSERT_LINE\nselect 1")]
    // rules that the table does not show
    [InlineData("select 1 -- DIGDAG_INSERT_LINE", "C\nselect 1 -- DIGDAG_INSERT_LINE")]
    [InlineData("--DIGDAG_INSERT_LINE\nselect 1", "C\nselect 1")]
    [InlineData("-- digdag_insert_line\nselect 1", "-- digdag_insert_line\nC\nselect 1")]
    [InlineData("--\n\nDIGDAG_INSERT_LINE\nselect 1", "C\nselect 1")]
    [InlineData("select 1\u2028-- DIGDAG_INSERT_LINE x\u2028from t", "select 1\u2028C\u2028from t")]
    [InlineData("/* c */\nselect 1", "C\n/* c */\nselect 1")]
    [InlineData("", "C\n")]
    public void The_command_goes_where_Digdag_puts_it(string query, string statement) => Assert.Equal(statement, TdStatement.Insert("C", query));

    [Theory]
    [InlineData("with a as (select 1)\n-- DIGDAG_INSERT_LINE x\nselect 1", "with a as (select 1)\n\nselect 1")]
    [InlineData("-- c\nselect 1", "-- c\nselect 1")]
    public void A_local_engine_gets_the_query_without_the_marker(string query, string expected) =>
        Assert.Equal(expected, TdStatement.WithoutMarker(query));

    [Theory]
    [InlineData("t", QueryTargetMode.Replace, QueryEngine.Presto, "DROP TABLE IF EXISTS \"t\";\nCREATE TABLE \"t\" AS")]
    [InlineData("x.t", QueryTargetMode.Replace, QueryEngine.Presto, "DROP TABLE IF EXISTS \"x\".\"t\";\nCREATE TABLE \"x\".\"t\" AS")]
    [InlineData("a.b.c", QueryTargetMode.Append, QueryEngine.Presto, "INSERT INTO \"a\".\"b.c\"")]
    [InlineData("a\"b", QueryTargetMode.Append, QueryEngine.Presto, "INSERT INTO \"a\"\"b\"")]
    [InlineData("x.t", QueryTargetMode.Replace, QueryEngine.Hive, "INSERT OVERWRITE TABLE `x`.`t`")]
    [InlineData("t", QueryTargetMode.Append, QueryEngine.Hive, "INSERT INTO TABLE `t`")]
    public void A_target_has_the_command_of_its_engine(string table, QueryTargetMode mode, QueryEngine engine, string command) =>
        Assert.Equal(command, TdStatement.Command(new QueryTarget(TableName.Parse(table), mode), engine));

    [Theory]
    [InlineData("$1")]
    [InlineData("a\\b")]
    public void A_table_name_is_never_taken_for_a_pattern(string table)
    {
        var command = TdStatement.Command(new QueryTarget(TableName.Parse(table), QueryTargetMode.Append), QueryEngine.Presto);

        Assert.Equal($"INSERT INTO \"{table}\"\nselect 1", TdStatement.Insert(command, "-- DIGDAG_INSERT_LINE\nselect 1"));
    }
}
