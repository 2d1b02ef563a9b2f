using WfRunner.Core.Config;
using WfRunner.Core.Dig;

namespace WfRunner.Core.Tests.Dig;

/// <summary>
/// What a .dig file means, and how its mistakes are told (dig-language 2). The recorded table of the conformance tests has
/// thousands of further rows.
/// </summary>
public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("x: [a\nb]", """{"x":["a b"]}""")]
    [InlineData("x: {\na: 1}", """{"x":{"a":1}}""")]
    [InlineData("x: {a: &a 1, b: *a}", """{"x":{"a":1,"b":1}}""")]
    [InlineData("x: [a:]", """{"x":[{"a":null}]}""")]
    [InlineData("x: [a: 1, b]", """{"x":[{"a":1},"b"]}""")]
    [InlineData("x: {a, b: 1}", """{"x":{"a":null,"b":1}}""")]
    [InlineData("a: \"x\"# c", """{"a":"x"}""")]
    [InlineData("a: \"p\\\ns\"", """{"a":"ps"}""")]
    [InlineData("a: \"x\n\n y\"", """{"a":"x\ny"}""")]
    [InlineData("a: 'it''s'", """{"a":"it's"}""")]
    [InlineData("a: |\n  x\n   y\n\n  z\nb: 1", """{"a":"x\n y\n\nz\n","b":1}""")]
    [InlineData("a: >-\n  x\n  y\n\n  z\n", """{"a":"x y\nz"}""")]
    [InlineData("a: |+\n  x\n\n", """{"a":"x\n\n"}""")]
    [InlineData("a: |2\n    x\n", """{"a":"  x\n"}""")]
    [InlineData("a: |\n  \n", """{"a":""}""")]
    [InlineData("a:\n- b\n- c", """{"a":["b","c"]}""")]
    [InlineData("a:\n- b: 1\n  c: 2\n- - d", """{"a":[{"b":1,"c":2},["d"]]}""")]
    [InlineData("? a\n: 1", """{"a":1}""")]
    [InlineData("? [a, b]\n: 1", """{"[a, b]":1}""")]
    [InlineData("a: x y\n  z", """{"a":"x y z"}""")]
    [InlineData("a: http://x/y?z#w", """{"a":"http://x/y?z#w"}""")]
    [InlineData("%YAML 1.2\n---\na: 010\n...\n", """{"a":8}""")]
    [InlineData("%TAG !e! tag:yaml.org,2002:\n---\na: !e!str 1", """{"a":"1"}""")]
    [InlineData("a: !!set {x, x, y}", """{"a":["x","y"]}""")]
    [InlineData("a: !!timestamp 2016-12-08T09:00:00.5+09:00", """{"a":1481155200500}""")]
    [InlineData("x: &x {a: 1, b: 2}\ny: {b: 3, <<: *x}", """{"x":{"a":1,"b":2},"y":{"b":3,"a":1}}""")]
    [InlineData("a: 07:00:00\nb: 0.5\nc: yes\nd: 1_000", """{"a":"07:00:00","b":"0.5","c":"yes","d":1000}""")]
    [InlineData("\uFEFFa: 1", """{"a":1}""")]
    public void A_file_is_read(string text, string json) => Assert.Equal(json, Read(text).ToString());

    [Theory]
    [InlineData("a: b: c", 1, 5, "mapping values are not allowed here")]
    [InlineData("a:\n\tb: 1", 2, 1, "found character '\\t(TAB)' that cannot start any token")]
    [InlineData("a: {x: ${y}}", 1, 9, "expected ',' or '}', but got {")]
    [InlineData("a: [${x}]", 1, 6, "expected ',' or ']', but got {")]
    [InlineData("a: \"b", 1, 6, "found unexpected end of stream")]
    [InlineData("a: \"\\q\"", 1, 6, "found unknown escape character q(113)")]
    [InlineData("a: \"\\U00110000\"", 1, 7, "Not a valid Unicode code point: 0x110000")]
    [InlineData("a: @b", 1, 4, "found character '@' that cannot start any token")]
    [InlineData("a: *b", 1, 4, "found undefined alias b")]
    [InlineData("a: &x [*x]", 1, 8, "found undefined alias x")]
    [InlineData("a: 1\nb", 2, 2, "could not find expected ':'")]
    [InlineData("a: 1\n- b", 2, 1, "expected <block end>, but found '-'")]
    [InlineData("a: [1,,2]", 1, 7, "expected the node content, but found ','")]
    [InlineData("a: |x\n  y", 1, 5, "expected chomping or indentation indicators, but found x(120)")]
    [InlineData("a: !foo x", 1, 4, "could not determine a constructor for the tag !foo")]
    [InlineData("a: [<<]", 1, 5, "could not determine a constructor for the tag tag:yaml.org,2002:merge")]
    [InlineData("a: 1\na: 2", 2, 1, "Duplicated keys: [a]")]
    [InlineData("1: x\n'1': y", 2, 1, "Duplicated keys: [1]")]
    [InlineData("~: x", 1, 1, "Null key for a Map not allowed in JSON")]
    [InlineData("a: 1\n---\nb: 2", 2, 1, "expected a single document in the stream")]
    [InlineData("%YAML 2.0\n---\na: 1", 1, 1, "found incompatible YAML document (version 1.* is required)")]
    [InlineData("a: x\u0007y", 1, 5, "special characters are not allowed")]
    [InlineData("a: {<<: 1}", 1, 9, "expected a mapping or list of mappings for merging, but found scalar")]
    public void A_mistake_is_told_with_its_place(string text, int line, int column, string message)
    {
        var failure = Assert.ThrowsAny<WorkflowException>(() => Read(text));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (failure.Span!.Line, failure.Span.Column));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("hello")]
    [InlineData("[a]")]
    public void A_file_that_is_no_mapping_is_refused(string text) =>
        Assert.StartsWith("Expected object to load Config but got ", Assert.ThrowsAny<WorkflowException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Nesting_and_aliases_have_limits()
    {
        Assert.Contains("nested deeper", Assert.ThrowsAny<WorkflowException>(() => Read("a: " + new string('[', 10_000))).Message, StringComparison.Ordinal);
        Assert.Contains("nested deeper", Assert.ThrowsAny<WorkflowException>(() => Read(string.Concat(Enumerable.Repeat("- ", 10_000)))).Message, StringComparison.Ordinal);
        var bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 12).Select(i => $"{(char)('a' + i)}: &{(char)('a' + i)} [{string.Join(", ", Enumerable.Repeat("*" + (char)('a' + i - 1), 9))}]\n"));
        Assert.Contains("more than", Assert.ThrowsAny<WorkflowException>(() => Read(bomb)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_and_value_knows_its_place()
    {
        var config = Read("a: 1\nbb:\n  - x\n  - {c: 'd'}\n");

        Assert.Equal("wf.dig:2:1", config.KeySpan("bb")!.ToString());
        var item = ((ConfigList)config["bb"]!).Items[1];
        Assert.Equal(new SourceSpan("wf.dig", 4, 5, 4, 13), item.Span);
        Assert.Equal(new SourceSpan("wf.dig", 4, 9, 4, 12), ((ConfigMap)item)["c"]!.Span);
    }

    private static ConfigMap Read(string text) => DigFile.ReadConfig(new MemoryFiles(("wf.dig", text)), MemoryFiles.Root + "/wf.dig");
}
