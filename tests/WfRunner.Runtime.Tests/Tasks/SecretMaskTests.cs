using System.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Tasks;

namespace WfRunner.Runtime.Tests.Tasks;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("db.password", "s3cret", "a s3cret and s3cret", "a *** and ***")]
    [InlineData("db.password", "p w&x", "?q=p%20w%26x&r=p+w%26x", "?q=***&r=***")]
    [InlineData("db.password", "a\"b\\c", """{"v":"a\"b\\c"}""", """{"v":"***"}""")]
    [InlineData("db.password", "schön€", "schön€!", "***!")]
    [InlineData("ssh.key", "-----BEGIN\nabcdef\n-----END\n", "line abcdef line", "line *** line")]
    [InlineData("db.password", "with newline\n", "with newline", "***")]
    [InlineData("pg.host", "db.example.com", "db.example.com", "db.example.com")]
    [InlineData("db.password", "abc", "abc", "abc")]
    [InlineData("db.password", "12345", "12345 rows", "12345 rows")]
    [InlineData("db.password", "123456", "123456 rows", "*** rows")]
    [InlineData("db.flag", "false", "false", "false")]
    public void Values_are_replaced_where_they_can_be_told_from_other_text(string key, string value, string text, string expected)
    {
        var mask = new SecretMask();

        mask.Add(key, value);

        Assert.Equal(expected, mask.Apply(text));
    }

    [Fact]
    public void Of_two_secrets_at_one_place_none_is_left_in_part()
    {
        var mask = new SecretMask();

        mask.Add("a", "secret");
        mask.Add("b", "secret-and-more");

        Assert.Equal("*** ***", mask.Apply("secret-and-more secret"));
    }

    [Fact]
    public void Texts_deep_in_a_value_are_replaced()
    {
        var mask = new SecretMask();
        mask.Add("a", "secret");

        var masked = mask.Apply(ConfigMap.Of(("a", new ConfigList([new ConfigText("x secret"), new ConfigInteger(1)]))));

        Assert.Equal("""{"a":["x ***",1]}""", ConfigJson.Write(masked));
    }

    [Fact]
    public async Task A_secret_is_found_however_its_bytes_come()
    {
        var mask = new SecretMask();
        mask.Add("a", "schön");
        mask.Add("b", "secret");
        var text = Encoding.UTF8.GetBytes("<schön> secsecret sec");

        for (var piece = 1; piece <= text.Length; piece++)
        {
            using var inner = new MemoryStream();
            await using (var output = new SpokenOutput(new Plain(inner), mask))
            {
                foreach (var chunk in text.Chunk(piece))
                {
                    output.Output.Write(chunk);
                    output.Output.Flush();
                }
            }

            Assert.Equal("<***> sec*** sec", Encoding.UTF8.GetString(inner.ToArray()));
        }
    }

    [Fact]
    public async Task The_last_lines_are_kept_short()
    {
        using var inner = new MemoryStream();
        await using var output = new SpokenOutput(new Plain(inner), new SecretMask());

        for (var i = 0; i < 2000; i++)
        {
            output.Output.Write(Encoding.UTF8.GetBytes($"line {i}\n"));
        }

        output.Output.Write(Encoding.UTF8.GetBytes(new string('x', 600) + "\n\n"));

        Assert.Equal(10, output.LastLines.Count);
        Assert.Equal("line 1991", output.LastLines[0]);
        Assert.Equal(new string('x', 500) + "...", output.LastLines[9]);
    }

    private sealed class Plain(Stream output) : ITaskOutput
    {
        public ITaskLog Log { get; } = WfRunner.Runtime.Logging.LogOutput.None.ForThread("test");

        public Stream Output => output;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
