using CsCheck;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Tests.Sql;

public sealed class SqlTokenizerTests
{
    [Theory]
    [InlineData("select", "Word select")]
    [InlineData("a.b", "Word a|Symbol .|Word b")]
    [InlineData("'it''s'", "Text 'it''s'")]
    [InlineData("'a\nb'", "Text 'a\nb'")]
    [InlineData("'open", "Text 'open")]
    [InlineData("\"a \"\"b\"\"\"", "QuotedName \"a \"\"b\"\"\"")]
    [InlineData("`a`", "QuotedName `a`")]
    [InlineData("-- c\nx", "Comment -- c|WhiteSpace \n|Word x")]
    [InlineData("-- c\r\nx", "Comment -- c|WhiteSpace \r\n|Word x")]
    [InlineData("/* ' */x", "Comment /* ' */|Word x")]
    [InlineData("/* open", "Comment /* open")]
    [InlineData("1.5e-3", "Number 1.5e-3")]
    [InlineData(".5", "Number .5")]
    [InlineData("1e", "Number 1|Word e")]
    [InlineData("a->b", "Word a|Symbol ->|Word b")]
    [InlineData("a- -1", "Word a|Symbol -|WhiteSpace  |Symbol -|Number 1")]
    [InlineData("a<=b||c::d", "Word a|Symbol <=|Word b|Symbol |||Word c|Symbol ::|Word d")]
    [InlineData("利用者=1", "Word 利用者|Symbol =|Number 1")]
    public void Text_falls_apart_into_tokens(string sql, string expected) =>
        Assert.Equal(expected, string.Join('|', SqlTokenizer.Tokenize(sql).Select(t => t.ToString())));

    [Theory]
    [InlineData("\"it\\\"s\"", "Text \"it\\\"s\"")]
    [InlineData("'it\\'s'", "Text 'it\\'s'")]
    public void In_Hive_double_quotes_enclose_text_and_backslashes_escape(string sql, string expected) =>
        Assert.Equal(expected, string.Join('|', SqlTokenizer.Tokenize(sql, QueryEngine.Hive).Select(t => t.ToString())));

    [Fact]
    public void Any_text_is_the_sum_of_its_tokens()
    {
        var piece = Gen.OneOf(
            Gen.String,
            OneOf("'", "\"", "`", "--", "/*", "*/", "\n", "\r\n", "->", "||", "1.", "e5", "select", "(", "利", "\ud83d\ude00", "\ud800"));
        piece.Array[0, 12].Select(string.Concat).Sample(
            sql =>
            {
                foreach (var engine in Enum.GetValues<QueryEngine>())
                {
                    var tokens = SqlTokenizer.Tokenize(sql, engine);
                    Assert.Equal(sql, string.Concat(tokens.Select(t => t.Text)));
                    Assert.All(tokens, t => Assert.Equal(t.Text, sql.Substring(t.Offset, t.Text.Length)));
                    Assert.DoesNotContain(tokens, t => t.Text.Length == 0);
                }
            },
            iter: 5_000);
    }

    [Fact]
    public void Any_text_is_the_same_after_it_was_a_tree()
    {
        OneOf("(", ")", "[", "]", "{", "}", "a", " ", ",", "'x'").Array[0, 20].Select(string.Concat).Sample(
            sql => Assert.Equal(sql, new SqlOutput().Add(SqlTree.Parse(SqlTokenizer.Tokenize(sql))).Text),
            iter: 5_000);
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
