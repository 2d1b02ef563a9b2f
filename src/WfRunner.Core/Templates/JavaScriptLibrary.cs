using Acornima.Ast;
using Jint;

namespace WfRunner.Core.Templates;

/// <summary>Scripts that come with the program, parsed when an expression first needs them and never before.</summary>
internal static class JavaScriptLibrary
{
    private static readonly Lazy<Prepared<Script>> MomentScript = new(() => ExpressionProgram.Prepare(Resource("moment.min.js")));
    private static readonly Lazy<Prepared<Script>> DigdagScript = new(() => ExpressionProgram.Prepare(Resource("digdag.js")));

    /// <summary>moment.js.</summary>
    public static Prepared<Script> Moment => MomentScript.Value;

    /// <summary>What Digdag's engine has beyond or unlike the standard: methods of Java strings, texts of dates.</summary>
    public static Prepared<Script> Digdag => DigdagScript.Value;

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(JavaScriptLibrary).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
