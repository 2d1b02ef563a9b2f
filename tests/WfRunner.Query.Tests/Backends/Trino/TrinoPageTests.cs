using System.Text;
using WfRunner.Core.Config;
using WfRunner.Query.Backends.Trino;

namespace WfRunner.Query.Tests.Backends.Trino;

/// <summary>Values as the protocol writes them.</summary>
public sealed class TrinoPageTests
{
    [Theory]
    [InlineData("bigint", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("double", "1.5", "1.5")]
    [InlineData("boolean", "true", "true")]
    [InlineData("varchar", "\"x\"", "\"x\"")]
    [InlineData("decimal(20,2)", "\"1.50\"", "\"1.50\"")]
    [InlineData("timestamp(3) with time zone", "\"2024-03-13 04:05:06.000 UTC\"", "\"2024-03-13 04:05:06.000 UTC\"")]
    [InlineData("json", "\"{\\\"a\\\":1}\"", "{\"a\":1}")]
    [InlineData("bigint", "null", "null")]
    public void Simple_values_are_themselves(string type, string json, string expected)
    {
        var page = Read($$"""{"columns":[{"name":"a","type":"{{type}}"}],"data":[[{{json}}]]}""");

        Assert.Equal(type, page.Columns![0].Type);
        Assert.Equal(expected, page.Rows[0][0].ToString());
    }

    [Theory]
    [InlineData("\"NaN\"", double.NaN)]
    [InlineData("\"Infinity\"", double.PositiveInfinity)]
    [InlineData("\"-Infinity\"", double.NegativeInfinity)]
    public void Doubles_may_be_words(string json, double expected) =>
        Assert.Equal(expected, ((ConfigFloat)Read($$"""{"columns":[{"name":"a","type":"double"}],"data":[[{{json}}]]}""").Rows[0][0]).Value);

    [Fact]
    public void Rows_become_objects_at_any_depth()
    {
        var page = Read("""
            {"columns":[{"name":"a","type":"array(row(k varchar, row(bigint)))","typeSignature":{"rawType":"array","arguments":[{"kind":"TYPE","value":
              {"rawType":"row","arguments":[
                {"kind":"NAMED_TYPE","value":{"fieldName":{"name":"k"},"typeSignature":{"rawType":"varchar","arguments":[{"kind":"LONG","value":9}]}}},
                {"kind":"NAMED_TYPE","value":{"typeSignature":{"rawType":"map","arguments":[{"kind":"TYPE","value":{"rawType":"varchar"}},{"kind":"TYPE","value":{"rawType":"bigint"}}]}}}]}}]}}],
             "data":[[[["x",{"m":1}],null]]]}
            """);

        Assert.Equal("""[{"k":"x","field1":{"m":1}},null]""", page.Rows[0][0].ToString());
    }

    [Fact]
    public void An_update_gives_no_rows_of_a_result() => Assert.True(Read("""{"columns":[{"name":"rows","type":"bigint"}],"data":[[1]],"updateType":"INSERT"}""").IsUpdate);

    private static TrinoPage Read(string json) => TrinoPage.Read(Encoding.UTF8.GetBytes(json), "select 1");
}
