using DuckDB.NET.Native;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// Gives an engine the functions and macros that queries name, when they first name them: making all of them costs more than most
/// queries. Not for use by two threads at once.
/// </summary>
internal sealed class DuckDbLibrary(DuckDbSession session, Func<DuckDBNativeConnection> connect)
{
    private readonly HashSet<string> _provided = new(StringComparer.Ordinal);

    /// <summary>Provides what a text may call.</summary>
    /// <param name="sql">The text as the engine gets it.</param>
    public void ProvideFor(string sql) => Provide(WordsOf(sql));

    /// <summary>Provides everything, for views, whose text is the engine's.</summary>
    public void ProvideAll() => Provide([.. DuckDbFunctions.ByName.Keys, .. DuckDbMacros.ByName.Keys]);

    // A macro's own text may name further ones; a function must exist before the macro that calls it.
    private void Provide(IEnumerable<string> names)
    {
        var functions = new List<DuckDbFunction>();
        var macros = new List<string>();
        foreach (var name in names)
        {
            Collect(name, functions, macros);
        }

        if (functions.Count > 0)
        {
            using var connection = connect();
            foreach (var function in functions)
            {
                function.Register(connection);
            }
        }

        if (macros.Count > 0)
        {
            session.Execute(string.Concat(macros));
        }
    }

    private void Collect(string name, List<DuckDbFunction> functions, List<string> macros)
    {
        var isMacro = DuckDbMacros.ByName.TryGetValue(name, out var definition);
        var isFunction = DuckDbFunctions.ByName.TryGetValue(name, out var function);
        if ((!isMacro && !isFunction) || !_provided.Add(name))
        {
            return;
        }

        if (isFunction)
        {
            functions.Add(function!);
        }

        if (isMacro)
        {
            foreach (var word in WordsOf(definition!))
            {
                Collect(word, functions, macros);
            }

            macros.Add($"CREATE MACRO memory.main.{definition};\n");
        }
    }

    private static HashSet<string> WordsOf(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < text.Length; at++)
        {
            var start = at;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            {
                at++;
            }

            if (at > start)
            {
                words.Add(text[start..at].ToLowerInvariant());
            }
        }

        return words;
    }
}
