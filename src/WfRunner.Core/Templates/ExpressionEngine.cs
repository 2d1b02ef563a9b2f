using System.Collections.Concurrent;
using Acornima;
using Acornima.Ast;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Runtime;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling;
using JavaScriptEngine = Jint.Engine;

namespace WfRunner.Core.Templates;

/// <summary>
/// Evaluates JavaScript expressions of one text. Engines are kept per time zone and used by one thread at a time; moment.js is
/// loaded into an engine only when a text mentions it. Expressions see no host objects, and time, memory and recursion are
/// limited. Digdag behaviour: dig-language 10.4 and 10.5.
/// </summary>
internal sealed class ExpressionEngine
{
    private const long MaximumMemory = 256L * 1024 * 1024;
    private const int MaximumRecursion = 400;
    private const int MaximumPreparedTexts = 10_000;

    private static readonly TimeSpan MaximumTime = TimeSpan.FromSeconds(10);
    private static readonly Lazy<Prepared<Script>> Moment = new(() => Prepare(Resource("moment.min.js")));
    private static readonly Lazy<Prepared<Script>> JavaStrings = new(() => Prepare(Resource("java-strings.js")));
    private static readonly ConcurrentDictionary<string, Prepared<Script>> PreparedTexts = new(StringComparer.Ordinal);

    private readonly ConcurrentBag<JavaScriptEngine> _plain = [];
    private readonly ConcurrentBag<JavaScriptEngine> _withMoment = [];
    private readonly DateTimeZone _zone;

    public ExpressionEngine(string zoneId) => _zone = TimeZoneId.TryParse(zoneId, out var zone) ? zone : DateTimeZone.Utc;

    /// <summary>The texts of all expressions of one template text, left to right.</summary>
    /// <exception cref="ExpressionException">An expression failed; the message is the reason in parentheses.</exception>
    public IReadOnlyList<string> Evaluate(IReadOnlyList<string> expressions, ConfigMap scope)
    {
        var source = Source(expressions);
        var needsMoment = source.Contains("moment", StringComparison.Ordinal);
        var pool = needsMoment ? _withMoment : _plain;
        var engine = pool.TryTake(out var used) ? used : Create(needsMoment);
        var values = Run(engine, expressions, source, scope);

        // An expression that could have changed built-in objects must not be seen by the next one.
        if (!source.Contains("proto", StringComparison.Ordinal) && !source.Contains("Object.define", StringComparison.Ordinal)
            && !source.Contains("this", StringComparison.Ordinal) && !Assigns(source))
        {
            pool.Add(engine);
        }

        return values;
    }

    private static string[] Run(JavaScriptEngine engine, IReadOnlyList<string> expressions, string source, ConfigMap scope)
    {
        try
        {
            engine.Constraints.Reset();
            var script = PreparedTexts.TryGetValue(source, out var known) ? known : PrepareChecked(expressions, source);
            var function = engine.Evaluate(script);
            var parameters = new JsonParser(engine).Parse(ConfigJson.Write(scope));
            var results = engine.Invoke(function, parameters, []).AsArray();
            var texts = new string[expressions.Count];
            for (var i = 0; i < texts.Length; i++)
            {
                texts[i] = results[(uint)i].AsString();
            }

            return texts;
        }
        catch (JavaScriptException e)
        {
            throw new ExpressionException(Describe(e), e);
        }
        catch (Exception e) when (e is ParseErrorException or ScriptPreparationException)
        {
            throw new ExpressionException("SyntaxError: " + (e.InnerException ?? e).Message, e);
        }
        catch (Exception e) when (e is TimeoutException or RecursionDepthOverflowException or MemoryLimitExceededException
            or StatementsCountOverflowException or System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            throw new ExpressionException(e is TimeoutException or System.Text.RegularExpressions.RegexMatchTimeoutException ? "timeout" : "RangeError: " + e.Message, e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or InvalidCastException or NotSupportedException)
        {
            throw new ExpressionException(e.Message, e);
        }
    }

    // Each expression must be one by itself: "a;" and "a //" would otherwise pass inside the whole text.
    private static Prepared<Script> PrepareChecked(IReadOnlyList<string> expressions, string source)
    {
        foreach (var expression in expressions)
        {
            Prepare("(function(){return(" + expression + ");})");
        }

        var script = Prepare(source);
        if (PreparedTexts.Count < MaximumPreparedTexts)
        {
            PreparedTexts.TryAdd(source, script);
        }

        return script;
    }

    private static Prepared<Script> Prepare(string source) =>
        JavaScriptEngine.PrepareScript(source, options: new ScriptPreparationOptions { ParsingOptions = new ScriptParsingOptions { Tolerant = false } });

    // All expressions of a text share one function whose names are the parameters; its own names are of no use inside.
    private static string Source(IReadOnlyList<string> expressions) =>
        "(function(){var __wf=function(v){return v===undefined||v===null?'':typeof v==='string'?v:String(JSON.stringify(v));};with(this){return["
        + string.Join(',', expressions.Select(e => "__wf(" + Wrapped(e) + ")")) + "];}})";

    private static string Wrapped(string expression) => "(" + expression + ")";

    private static bool Assigns(string source)
    {
        for (var at = source.IndexOf('=', source.IndexOf("with(this)", StringComparison.Ordinal)); at >= 0 && at + 1 < source.Length; at = source.IndexOf('=', at + 1))
        {
            if (source[at + 1] != '=' && source[at - 1] is not ('=' or '!' or '<' or '>'))
            {
                return true;
            }
        }

        return source.Contains("++", StringComparison.Ordinal) || source.Contains("--", StringComparison.Ordinal);
    }

    private JavaScriptEngine Create(bool withMoment)
    {
        var engine = new JavaScriptEngine(options =>
        {
            options.TimeSystem = new ZoneTimeSystem(_zone);
            options.Culture = System.Globalization.CultureInfo.InvariantCulture;
            options.LimitMemory(MaximumMemory);
            options.LimitRecursion(MaximumRecursion);
            options.TimeoutInterval(MaximumTime);
            options.RegexTimeoutInterval(MaximumTime);
        });
        engine.Execute(JavaStrings.Value);
        engine.SetValue("print", JsValue.Undefined);
        engine.Execute("print = function () {};");
        if (withMoment)
        {
            engine.Execute(Moment.Value);
        }

        return engine;
    }

    private static string Describe(JavaScriptException e)
    {
        var name = e.Error.IsObject() ? e.Error.AsObject().Get("name") : JsValue.Undefined;
        if (!name.IsString())
        {
            return e.Message;
        }

        var message = e.Message;
        const string Properties = "Cannot read properties of ";
        if (message.StartsWith(Properties, StringComparison.Ordinal) && message.IndexOf(" (reading ", StringComparison.Ordinal) is var reading and > 0)
        {
            message = $"Cannot read property {message[(reading + " (reading ".Length)..^1]} of {message[Properties.Length..reading]}";
        }

        return message.Length == 0 ? name.AsString() : $"{name.AsString()}: {message}";
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ExpressionEngine).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
