using WfRunner.Core.Templates;

namespace WfRunner.Core.Tests.Templates;

public sealed class TemplateTextTests
{
    [Theory]
    [InlineData("${a}${n}", "[a][n]")]
    [InlineData("a$b { ${a} }", "a$b { [a] }")]
    [InlineData("${a}}", "[a]}")]
    [InlineData("$$ $$$ $$$$ p$$s", "$ $$ $$ p$s")]
    [InlineData("$${a}", "$[a]")]
    [InlineData("${'$'}{HOME}", "['$']{HOME}")]
    [InlineData("p${v and ${a}", "p${v and ${a}")]
    [InlineData("x${}y", "xy")]
    [InlineData("${ }", "[ ]")]
    [InlineData("${{\"x\":1}.x}", "[{\"x\":1}.x]")]
    [InlineData("${\"{\"}", "${\"{\"}")]
    [InlineData("${secret:foo.bar} ${a:b}", "${secret:foo.bar} ${a:b}")]
    [InlineData("${ secret:x}${Secret:x}${s3:x}${a_b:c}", "[ secret:x][Secret:x][s3:x][a_b:c]")]
    [InlineData("", "")]
    public void A_text_is_taken_apart(string text, string expected)
    {
        var template = TemplateText.Parse(text);

        Assert.Equal(expected, template.Fill([.. template.Expressions.Select(e => $"[{e}]")]));
    }
}
