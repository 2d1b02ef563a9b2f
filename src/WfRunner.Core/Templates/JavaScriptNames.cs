using System.Collections.Frozen;

namespace WfRunner.Core.Templates;

/// <summary>The names that every expression knows without any parameter.</summary>
internal static class JavaScriptNames
{
    private static readonly FrozenSet<string> Globals = FrozenSet.Create(
        StringComparer.Ordinal,
        "undefined", "NaN", "Infinity", "globalThis", "arguments", "eval", "moment", "template", "print",
        "Object", "Function", "Array", "String", "Boolean", "Number", "Date", "RegExp", "Math", "JSON", "BigInt", "Symbol",
        "Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "AggregateError",
        "parseInt", "parseFloat", "isNaN", "isFinite", "encodeURI", "encodeURIComponent", "decodeURI", "decodeURIComponent",
        "escape", "unescape", "Map", "Set", "WeakMap", "WeakSet", "WeakRef", "Promise", "Proxy", "Reflect", "Iterator", "Intl",
        "ArrayBuffer", "SharedArrayBuffer", "DataView", "Atomics", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array",
        "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array");

    /// <summary>Whether a name needs no parameter.</summary>
    /// <param name="name">The name.</param>
    public static bool IsGlobal(string name) => Globals.Contains(name);
}
