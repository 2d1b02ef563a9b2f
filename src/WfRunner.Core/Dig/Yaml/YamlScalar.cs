using System.Globalization;
using System.Numerics;
using System.Text;
using WfRunner.Core.Config;

namespace WfRunner.Core.Dig.Yaml;

/// <summary>
/// Types plain scalars exactly as Digdag does, which is neither YAML 1.1 nor 1.2: <c>07:00:00</c>, <c>0.5</c>, <c>yes</c> and
/// dates are texts, <c>010</c> is 8. Digdag behaviour: the table of dig-language 2.2. Written out by hand instead of with
/// regular expressions because every scalar of every file passes here.
/// </summary>
internal static class YamlScalar
{
    /// <summary>The value of a plain scalar without a tag.</summary>
    public static ConfigValue Resolve(string text, SourceSpan? span)
    {
        if (text.Length == 0)
        {
            return new ConfigNull(span);
        }

        switch (text[0])
        {
            case 't' or 'T' when text is "true" or "True":
                return new ConfigBoolean(true, span);
            case 'f' or 'F' when text is "false" or "False":
                return new ConfigBoolean(false, span);
            case '~' when text.Length == 1:
            case 'n' or 'N' when text is "null" or "Null" or "NULL":
                return new ConfigNull(span);
            case '-' or '+' or '.' or (>= '0' and <= '9'):
                return ParseInteger(text) is { } integer ? new ConfigInteger(integer, span)
                    : ParseFloat(text) is { } number ? FromDouble(number, span)
                    : new ConfigText(text, span);
            default:
                return new ConfigText(text, span);
        }
    }

    /// <summary>A double as a value: infinities and NaN become texts.</summary>
    public static ConfigValue FromDouble(double number, SourceSpan? span) =>
        double.IsFinite(number) ? new ConfigFloat(number, span) : new ConfigText(JavaNumberText.Of(number), span);

    /// <summary>An integer in one of the plain forms, or null.</summary>
    public static BigInteger? ParseInteger(string text)
    {
        var negative = text[0] == '-';
        var digits = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        if (digits.IsEmpty)
        {
            return null;
        }

        BigInteger? magnitude = digits switch
        {
            ['0'] => BigInteger.Zero,
            ['0', 'b', .. var binary] => Digits(binary, 2),
            ['0', 'x', .. var hex] => Digits(hex, 16),
            ['0', .. var octal] => octal.ContainsAnyExcept('_') ? Digits(octal, 8) : BigInteger.Zero,
            [>= '1' and <= '9', ..] => Digits(digits, 10),
            _ => null,
        };
        return negative ? -magnitude : magnitude;
    }

    /// <summary>A floating number in one of the plain forms, or null.</summary>
    public static double? ParseFloat(string text)
    {
        var sign = text[0] == '-' ? -1.0 : 1.0;
        var signed = text[0] is '-' or '+';
        var body = text.AsSpan(signed ? 1 : 0);
        if (body is ".inf" or ".Inf" or ".INF")
        {
            return sign * double.PositiveInfinity;
        }

        if (!signed && body is ".nan" or ".NaN" or ".NAN")
        {
            return double.NaN;
        }

        return (Decimal(body) ?? Sexagesimal(body)) is { } magnitude ? sign * magnitude : null;
    }

    // Digits and underscores; at least one character. A number without any digit ("0x_") stays a text.
    private static BigInteger? Digits(ReadOnlySpan<char> digits, int radix)
    {
        var seen = false;
        foreach (var c in digits)
        {
            if (c == '_')
            {
                continue;
            }

            if (!char.IsAsciiHexDigit(c) || Convert.ToInt32(c.ToString(), 16) >= radix)
            {
                return null;
            }

            seen = true;
        }

        if (!seen)
        {
            return null;
        }

        var plain = digits.ToString().Replace("_", string.Empty, StringComparison.Ordinal);
        if (radix == 10)
        {
            return BigInteger.Parse(plain, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        var value = BigInteger.Zero;
        foreach (var c in plain)
        {
            value = (value * radix) + Convert.ToInt32(c.ToString(), 16);
        }

        return value;
    }

    // '.' digits, or [1-9][0-9_]* with an optional fraction; then an optional exponent. A leading zero makes it a text.
    private static double? Decimal(ReadOnlySpan<char> body)
    {
        var at = 0;
        if (body is ['.', .. var fraction])
        {
            at = 1 + CountDigits(fraction, underscores: false);
            if (at == 1)
            {
                return null;
            }
        }
        else if (body is [>= '1' and <= '9', ..])
        {
            at = CountDigits(body, underscores: true);
            if (at < body.Length && body[at] == '.')
            {
                at++;
                at += CountDigits(body[at..], underscores: true);
            }
        }
        else
        {
            return null;
        }

        if (at < body.Length && body[at] is 'e' or 'E')
        {
            at++;
            if (at < body.Length && body[at] is '+' or '-')
            {
                at++;
            }

            var exponent = CountDigits(body[at..], underscores: false);
            if (exponent == 0)
            {
                return null;
            }

            at += exponent;
        }

        return at == body.Length ? Parse(body) : null;
    }

    // digits (':' NN)+ '.' digits: base 60
    private static double? Sexagesimal(ReadOnlySpan<char> body)
    {
        var text = body.ToString();
        var point = text.LastIndexOf('.');
        var groups = (point < 0 ? text : text[..point]).Split(':');
        if (point < 0 || groups.Length < 2 || groups[0].Length == 0 || !char.IsAsciiDigit(groups[0][0])
            || CountDigits(groups[0], underscores: true) != groups[0].Length
            || CountDigits(text.AsSpan(point + 1), underscores: true) != text.Length - point - 1)
        {
            return null;
        }

        var value = Parse(groups[0])!.Value;
        for (var i = 1; i < groups.Length; i++)
        {
            if (!(groups[i] is [>= '0' and <= '9'] or [>= '0' and <= '5', >= '0' and <= '9']))
            {
                return null;
            }

            var part = i == groups.Length - 1 ? groups[i] + text[point..] : groups[i];
            value = (value * 60) + Parse(part)!.Value;
        }

        return value;
    }

    private static int CountDigits(ReadOnlySpan<char> text, bool underscores)
    {
        var count = 0;
        while (count < text.Length && (char.IsAsciiDigit(text[count]) || (underscores && text[count] == '_')))
        {
            count++;
        }

        return count;
    }

    private static double? Parse(ReadOnlySpan<char> text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c != '_')
            {
                plain.Append(c);
            }
        }

        return double.TryParse(
            plain.ToString(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }
}
