using System.Text.RegularExpressions;
using Jint;
using Jint.Native;
using Jint.Runtime;

namespace WfRunner.Core.Templates;

/// <summary>
/// An expression failed; the message is the reason as it stands in parentheses behind the text. Errors of JavaScript are worded as
/// Digdag's engine words them where users may look for the words. Digdag behaviour: dig-language 10.5 and recorded results.
/// </summary>
internal sealed class ExpressionFailure(string message, Exception inner) : Exception(message, inner)
{
    private const string Properties = "Cannot read properties of ";
    private const string Reading = " (reading ";
    private const string PropertyOf = "Property '";
    private const string NoFunction = "' of object is not a function";

    // The wording of the engine in use, and Digdag's.
    private static readonly Dictionary<string, string> Wording = new(StringComparer.Ordinal)
    {
        ["toString() radix argument must be between 2 and 36"] = "toString() expects radix in range 2-36",
        ["toFixed() digits argument must be between 0 and 100"] = "toFixed() fraction digits need to be in range 0-100",
        ["URI malformed"] = "illegal escape sequence",
        ["Cyclic reference detected."] = "Converting circular structure to JSON",
        ["Right-hand side of 'instanceof' is not an object"] = "Right-hand-side of instanceof is not an object",
    };

    /// <summary>The failure for an exception that came out of an engine; null for one that has nothing to do with the expression.</summary>
    public static ExpressionFailure? For(Exception e) => e switch
    {
        ExpressionFailure failure => failure,
        JavaScriptException thrown => new ExpressionFailure(Describe(thrown), e),
        TimeoutException or RegexMatchTimeoutException => new ExpressionFailure("timeout", e),
        MemoryLimitExceededException => new ExpressionFailure("out of memory", e),
        RecursionDepthOverflowException or InsufficientExecutionStackException => new ExpressionFailure("RangeError: Maximum call stack size exceeded", e),
        JintException or InvalidOperationException or ArgumentException or InvalidCastException or NotSupportedException
            or FormatException or OverflowException => new ExpressionFailure(e.Message, e),
        _ => null,
    };

    private static string Describe(JavaScriptException thrown)
    {
        // A value that is no Error is shown as text.
        if (!thrown.Error.IsObject() || thrown.Error.AsObject().Get("name") is not JsString name)
        {
            return thrown.Error.IsString() ? thrown.Error.AsString() : thrown.Message;
        }

        var message = Worded(thrown.Message);
        return message.Length == 0 ? name.ToString() : $"{name}: {message}";
    }

    private static string Worded(string message)
    {
        if (message.StartsWith(Properties, StringComparison.Ordinal) && message.IndexOf(Reading, StringComparison.Ordinal) is var reading and > 0)
        {
            return $"Cannot read property {message[(reading + Reading.Length)..^1]} of {message[Properties.Length..reading]}";
        }

        return message.StartsWith(PropertyOf, StringComparison.Ordinal) && message.EndsWith(NoFunction, StringComparison.Ordinal)
            ? message[PropertyOf.Length..^NoFunction.Length] + " is not a function"
            : Wording.GetValueOrDefault(message, message);
    }
}
