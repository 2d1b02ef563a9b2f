using CsCheck;
using WfRunner.Core.Config;
using WfRunner.Core.Templates;

namespace WfRunner.Core.Tests.Templates;

/// <summary>What must hold for every text and every scope.</summary>
public sealed class TemplateProperties
{
    private static readonly TemplateEvaluator Templates = new();

    private static readonly string[] Names = ["a", "b", "o", "_x", "$", "length", "toString", "constructor", "__proto__", "null", "print", "let"];

    private static readonly Gen<string> Name = Gen.Int[0, Names.Length - 1].Select(i => Names[i]);

    private static readonly Gen<ConfigValue> Scalar = Gen.OneOf(
        Gen.String[0, 5].Select(s => (ConfigValue)s),
        Gen.Long.Select(l => (ConfigValue)l),
        Gen.Double.Select(d => (ConfigValue)new ConfigFloat(d)),
        Gen.Bool.Select(b => (ConfigValue)b),
        Gen.Const((ConfigValue)ConfigNull.Instance));

    private static readonly Gen<ConfigMap> Scope = Gen.Select(Name, Name, Scalar, Scalar, (x, y, v, w) => ConfigMap.Empty.With(x, ConfigMap.Empty.With(y, v)).With(y, w));

    [Fact]
    public void A_plain_variable_has_the_value_that_JavaScript_gives_it() => Gen.Select(Scope, Name, Name, Gen.Bool).Sample(
        (scope, first, second, dotted) =>
        {
            var path = dotted ? $"{first}.{second}" : first;

            // In parentheses it is an expression for the engine.
            Assert.Equal(Answer($"${{({path})}}", scope), Answer($"${{{path}}}", scope));
        },
        iter: 2000);

    [Fact]
    public void Any_text_is_evaluated_or_refused() => Gen.String[Gen.Char["ab01 ${}()[]+-*/.,:;'\"\\=<>&|!?\n"], 0, 30].Sample(
        text => Answer("${" + text + "}", ConfigMap.Of(("a", "A"), ("b", 1))), iter: 3000);

    [Fact]
    public void A_text_without_an_expression_is_kept_but_for_doubled_dollars() => Gen.String[Gen.Char["ab$ }\n"], 0, 30].Sample(
        text => Assert.Equal(text.Replace("$$", "$", StringComparison.Ordinal), Answer(text, ConfigMap.Empty)));

    private static string Answer(string text, ConfigMap scope)
    {
        try
        {
            return Templates.EvaluateText(text, scope);
        }
        catch (ConfigException e)
        {
            // The failing text and the reason; parentheses belong to this test.
            return e.Message.Replace("(", string.Empty, StringComparison.Ordinal).Replace(")", string.Empty, StringComparison.Ordinal);
        }
    }
}
