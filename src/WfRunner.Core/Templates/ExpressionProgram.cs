using Acornima;
using Acornima.Ast;
using Jint;
using JavaScriptEngine = Jint.Engine;

namespace WfRunner.Core.Templates;

/// <summary>
/// All expressions of one template text, parsed once and used for every evaluation. Its script gives a function that takes the
/// parameters as <c>this</c> and answers with one function for each expression, so that each result becomes text before the next
/// expression runs, and assignments are seen by later expressions of the same text only. Digdag behaviour: dig-language 10.4.
/// </summary>
internal sealed class ExpressionProgram
{
    private static readonly ScriptPreparationOptions Options = new()
    {
        ParsingOptions = new ScriptParsingOptions { Tolerant = false, RegexTimeout = ExpressionLimits.Time },
    };

    private ExpressionProgram(Prepared<Script> script, int count, ExpressionTraits traits)
    {
        Script = script;
        Count = count;
        Traits = traits;
    }

    /// <summary>The script.</summary>
    public Prepared<Script> Script { get; }

    /// <summary>The number of expressions.</summary>
    public int Count { get; }

    /// <summary>What the expressions need and whether they can leave anything behind in an engine.</summary>
    public ExpressionTraits Traits { get; }

    /// <summary>Parses expressions.</summary>
    /// <exception cref="ExpressionFailure">One of them is no JavaScript expression.</exception>
    public static ExpressionProgram Parse(IReadOnlyList<string> expressions)
    {
        try
        {
            // Each must be an expression by itself: "a;" and "a //" would otherwise pass inside the whole.
            var trees = expressions.Select(e => Prepare("(" + e + ")").Program!).ToList();
            return new ExpressionProgram(Prepare(Source(expressions)), expressions.Count, ExpressionTraits.Of(trees));
        }
        catch (Exception e) when (e is ParseErrorException or ScriptPreparationException)
        {
            throw new ExpressionFailure("SyntaxError: " + (e.InnerException ?? e).Message, e);
        }
    }

    /// <summary>Parses a script of this program's own.</summary>
    public static Prepared<Script> Prepare(string source) => JavaScriptEngine.PrepareScript(source, options: Options);

    // Digdag defines a function "print" inside, which hides a parameter of that name and does nothing that shows.
    private static string Source(IReadOnlyList<string> expressions) =>
        "(function(){with(this){return(function(print){return["
        + string.Join(',', expressions.Select(e => "function(){return(" + e + ")}"))
        + "]}).call(this,function(){})}})";
}
