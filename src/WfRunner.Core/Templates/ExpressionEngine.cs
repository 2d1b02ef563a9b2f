using System.Collections.Concurrent;
using System.Globalization;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;
using NodaTime;
using WfRunner.Core.Config;
using JavaScriptEngine = Jint.Engine;

namespace WfRunner.Core.Templates;

/// <summary>
/// Runs the expressions of texts whose local time is that of one zone. Harmless expressions share engines, one thread at a time;
/// all others get a new engine that is thrown away, so that no text ever sees what another did. Expressions see no host objects;
/// time, memory and recursion are limited. Digdag behaviour: dig-language 10.4.
/// </summary>
internal sealed class ExpressionEngine(DateTimeZone zone, LocalTimeRule localTime)
{
    private const string MomentName = "moment";

    private readonly ConcurrentBag<JavaScriptEngine> _shared = [];
    private readonly ZoneTimeSystem _timeSystem = new(zone, localTime);

    /// <summary>The texts of all expressions, left to right.</summary>
    /// <exception cref="ExpressionFailure">An expression failed.</exception>
    public string[] Evaluate(ExpressionProgram program, ConfigMap scope)
    {
        if (!program.Traits.IsHarmless)
        {
            return Run(Create(), program, scope);
        }

        var engine = _shared.TryTake(out var used) ? used : Create();
        var texts = Run(engine, program, scope);

        // Only now: an engine whose expressions failed is not used again.
        _shared.Add(engine);
        return texts;
    }

    private static string[] Run(JavaScriptEngine engine, ExpressionProgram program, ConfigMap scope)
    {
        try
        {
            engine.Constraints.Reset();
            return Evaluate(engine, program, ScopeObject.Of(engine, scope, program.Traits.Names));
        }
        catch (Exception e) when (ExpressionFailure.For(e) is { } failure)
        {
            throw failure;
        }
    }

    private static string[] Evaluate(JavaScriptEngine engine, ExpressionProgram program, JsValue parameters)
    {
        var functions = engine.Invoke(engine.Evaluate(program.Script), parameters, []).AsArray();
        var texts = new string[program.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Text(engine, engine.Invoke(functions[(uint)i], parameters, []));
        }

        return texts;
    }

    // null and undefined are empty, texts are themselves, all else is JSON; a function has none and becomes "undefined".
    private static string Text(JavaScriptEngine engine, JsValue value) => value switch
    {
        _ when value.IsNull() || value.IsUndefined() => string.Empty,
        _ when value.IsString() => value.AsString(),
        _ => new JsonSerializer(engine).Serialize(value).ToString(),
    };

    private JavaScriptEngine Create()
    {
        var engine = new JavaScriptEngine(options =>
        {
            options.TimeSystem = _timeSystem;
            options.Culture = CultureInfo.InvariantCulture;
            options.LimitMemory(ExpressionLimits.Memory);
            options.LimitRecursion(ExpressionLimits.Recursion);
            options.MaxArraySize(ExpressionLimits.ArrayLength);
            options.TimeoutInterval(ExpressionLimits.Time);
            options.RegexTimeoutInterval(ExpressionLimits.Time);
        });
        engine.SetValue("zoneAbbreviation", new ClrFunction(engine, "zoneAbbreviation", (_, arguments) => _timeSystem.Abbreviation(arguments.At(0).AsNumber())));
        engine.Execute(JavaScriptLibrary.Digdag);
        engine.SetValue("template", new ClrFunction(engine, "template", (_, arguments) => Template(engine, arguments)));
        engine.Global.FastSetProperty(MomentName, new GetSetPropertyDescriptor(MomentOnFirstUse(engine), JsValue.Undefined, enumerable: false, configurable: true));
        return engine;
    }

    // The library defines its global itself when it runs, and few expressions need it.
    private static ClrFunction MomentOnFirstUse(JavaScriptEngine engine) => new(engine, MomentName, (_, _) =>
    {
        engine.Global.Delete(MomentName);
        engine.Execute(JavaScriptLibrary.Moment);
        return engine.Global.Get(MomentName);
    });

    // template(text, parameters): the function that Digdag evaluates texts with, callable by expressions.
    private static JsValue Template(JavaScriptEngine engine, JsValue[] arguments)
    {
        var template = TemplateText.Parse(TypeConverter.ToString(arguments.At(0)));
        var given = arguments.At(1);
        var parameters = given.IsString() ? new JsonParser(engine).Parse(given.AsString()) : given.IsObject() ? given : new JsObject(engine);
        return template.Fill(Evaluate(engine, ExpressionProgram.Parse(template.Expressions), parameters));
    }
}
