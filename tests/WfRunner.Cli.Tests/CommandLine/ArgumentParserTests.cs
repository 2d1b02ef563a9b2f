using CsCheck;
using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Tests.CommandLine;

public sealed class ArgumentParserTests
{
    private static readonly OptionSyntax Flag = OptionSyntax.Flag("f", "-d", "--dry-run");
    private static readonly OptionSyntax Value = OptionSyntax.Value("V", "v", "-s", "--start");
    private static readonly OptionSyntax Pairs = OptionSyntax.KeyValues("p", "-p", "--param");
    private static readonly OptionSyntax Property = new(["-X"], OptionKind.Dynamic, "K=V", "x");
    private static readonly IReadOnlyList<OptionSyntax> All = [Flag, Value, Pairs, Property];

    [Fact]
    public void Options_and_arguments_may_be_mixed()
    {
        var parsed = ArgumentParser.Parse(["a", "-d", "b", "--start", "+x"], All);

        Assert.Equal(["a", "b"], parsed.Positional);
        Assert.True(parsed.Has(Flag));
        Assert.Equal("+x", parsed.Value(Value));
    }

    [Fact]
    public void A_value_may_look_like_an_option() => Assert.Equal("-d", ArgumentParser.Parse(["-s", "-d"], All).Value(Value));

    [Fact]
    public void Everything_behind_two_dashes_is_positional() =>
        Assert.Equal(["-d", "x"], ArgumentParser.Parse(["--", "-d", "x"], All).Positional);

    [Theory]
    [InlineData("Unknown option: --start=+x", "--start=+x")]
    [InlineData("Unknown option: -", "-")]
    [InlineData("Unknown option: -pa=1", "-pa=1")]
    [InlineData("Unknown option: --dry", "--dry")]
    [InlineData("Can only specify option -d once.", "-d", "--dry-run")]
    [InlineData("Can only specify option -s once.", "-s", "a", "-s", "b")]
    [InlineData("Expected a value after parameter -s", "-s")]
    [InlineData("Parameter -p expected a value of the form a=b but got:x", "-p", "x")]
    [InlineData("Dynamic parameter expected a value of the form a=b but got:x", "-Xx")]
    public void Mistakes_are_told_in_Digdags_words(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<CommandLineException>(() => ArgumentParser.Parse(arguments, All)).Message);

    [Theory]
    [InlineData("a=1,2", "a=1,2")]
    [InlineData("a=1,b=2", "a=1;b=2")]
    [InlineData("a=x,", "a=x")]
    [InlineData("a=b=c", "a=b=c")]
    [InlineData("a=", "a=")]
    public void Pairs_are_split_at_commas_and_joined_again(string given, string expected)
    {
        var pairs = ArgumentParser.Parse(["-p", given], All).KeyValues(Pairs);

        Assert.Equal(expected, string.Join(';', pairs.Select(p => $"{p.Key}={p.Value}")));
    }

    [Fact]
    public void A_leading_piece_without_an_equals_sign_is_refused() =>
        Assert.Throws<CommandLineException>(() => ArgumentParser.Parse(["-p", "1,a=2"], All).KeyValues(Pairs));

    [Fact]
    public void A_property_may_be_glued_to_its_option() =>
        Assert.Equal(["k=v"], ArgumentParser.Parse(["-Xk=v"], All).Values(Property));

    [Theory]
    [InlineData("  a  ", "a")]
    [InlineData("\"quoted\"", "quoted")]
    public void White_space_and_quotation_marks_around_an_argument_are_removed(string given, string expected) =>
        Assert.Equal([expected], ArgumentParser.Parse([given], All).Positional);

    [Fact]
    public void Any_arguments_parse_or_are_refused_in_words() =>
        Gen.OneOf(Gen.String[Gen.Char["-dspX=+, \"a"], 0, 6]).Array[0, 6].Sample(arguments =>
        {
            try
            {
                ArgumentParser.Parse(arguments, All).KeyValues(Pairs);
            }
            catch (CommandLineException e)
            {
                Assert.NotEmpty(e.Message);
            }
        });
}
