using System.Text;
using WfRunner.Core.Config;

namespace WfRunner.Core.Tests.Config;

public sealed class PropertiesTextTests
{
    [Theory]
    [InlineData("a=1", "a", "1")]
    [InlineData("a: 1", "a", "1")]
    [InlineData("a 1", "a", "1")]
    [InlineData("  a = 1 ", "a", "1 ")]
    [InlineData("a", "a", "")]
    [InlineData("a\\=b=c", "a=b", "c")]
    [InlineData("a=x\\\n   y", "a", "xy")]
    [InlineData("a=\\u65e5\\t\\\\", "a", "日\t\\")]
    [InlineData("# c\n! d\n\na=1", "a", "1")]
    [InlineData("a=1\r\n", "a", "1")]
    public void One_property_is_read(string text, string key, string value) =>
        Assert.Equal(new KeyValuePair<string, string>(key, value), Assert.Single(PropertiesText.Parse(text)));

    [Fact]
    public void Bytes_that_are_no_UTF8_are_read_as_Java_reads_them() =>
        Assert.Equal("a=é", PropertiesText.Decode([.. "a="u8, 0xE9]));

    [Fact]
    public void UTF8_is_read_as_such() => Assert.Equal("a=日本", PropertiesText.Decode(Encoding.UTF8.GetBytes("a=日本")));
}
