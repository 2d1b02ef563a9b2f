using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using Jint.Native;
using WfRunner.Core.Config;
using JavaScriptEngine = Jint.Engine;

namespace WfRunner.Core.Templates;

/// <summary>
/// Parameters as JavaScript sees them: plain JSON values, made anew for every text so that nothing an expression does to them is
/// seen by another. Integers above 2^53 lose precision, infinite numbers are texts. Digdag behaviour: dig-language 10.4.
/// </summary>
internal static class ScopeObject
{
    /// <summary>The parameters of the given names; all of them when there are no names.</summary>
    public static JsObject Of(JavaScriptEngine engine, ConfigMap scope, FrozenSet<string>? names)
    {
        var result = new JsObject(engine);
        if (names is null || names.Count > scope.Count)
        {
            foreach (var (key, value, _) in scope)
            {
                if (names is null || names.Contains(key))
                {
                    Define(result, engine, key, value);
                }
            }

            return result;
        }

        foreach (var name in names)
        {
            if (scope.TryGet(name, out var value))
            {
                Define(result, engine, name, value);
            }
        }

        return result;
    }

    private static void Define(JsObject result, JavaScriptEngine engine, string key, ConfigValue value) =>
        result.FastSetDataProperty(key, ToJs(engine, value));

    private static JsValue ToJs(JavaScriptEngine engine, ConfigValue value) => value switch
    {
        ConfigText text => text.Value,
        ConfigBoolean b => b.Value ? JsBoolean.True : JsBoolean.False,
        ConfigInteger i => Number(i.Value),
        ConfigFloat f when double.IsFinite(f.Value) => JsNumber.Create(f.Value),
        ConfigFloat f => JavaNumberText.Of(f.Value),
        ConfigList list => new JsArray(engine, [.. list.Items.Select(i => ToJs(engine, i))]),
        ConfigMap map => Of(engine, map, null),
        _ => JsValue.Null,
    };

    // BigInteger's own conversion truncates; reading the digits rounds to the nearest double, as JSON.parse does.
    private static JsNumber Number(BigInteger value) => value >= int.MinValue && value <= int.MaxValue
        ? JsNumber.Create((int)value)
        : JsNumber.Create(double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
}
