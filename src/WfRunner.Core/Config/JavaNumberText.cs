using System.Globalization;

namespace WfRunner.Core.Config;

/// <summary>
/// Prints doubles as Java's <c>Double.toString</c> does: always a decimal point, scientific form from 10^7 up and below
/// 10^-3. Digdag behaviour: dig-language 3.3. (Shortest digits that read back to the same double.)
/// </summary>
public static class JavaNumberText
{
    /// <summary>The text of a double.</summary>
    /// <param name="value">The number.</param>
    /// <returns>For example <c>1.0</c>, <c>1.0E10</c>, <c>1.23456789E7</c>, <c>NaN</c>, <c>-Infinity</c>.</returns>
    public static string Of(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "Infinity" : "-Infinity";
        }

        if (value == 0)
        {
            return double.IsNegative(value) ? "-0.0" : "0.0";
        }

        // "E16" would give too many digits; "R" in scientific notation gives the shortest ones.
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var sign = string.Empty;
        if (text[0] == '-')
        {
            sign = "-";
            text = text[1..];
        }

        var (digits, exponent) = Decompose(text);
        var magnitude = Math.Abs(value);
        return sign + (magnitude >= 1e-3 && magnitude < 1e7 ? Plain(digits, exponent) : Scientific(digits, exponent));
    }

    // digits d1d2d3… without leading or trailing zeros, value = d1.d2d3… × 10^exponent
    private static (string Digits, int Exponent) Decompose(string text)
    {
        var exponent = 0;
        var e = text.IndexOf('E', StringComparison.Ordinal);
        if (e >= 0)
        {
            exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }

        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? string.Empty : text[(point + 1)..];
        var all = whole + fraction;
        var leading = all.Length - all.TrimStart('0').Length;
        exponent += whole.Length - 1 - leading;
        var digits = all[leading..].TrimEnd('0');
        return (digits.Length == 0 ? "0" : digits, exponent);
    }

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
        {
            return "0." + new string('0', -exponent - 1) + digits;
        }

        if (digits.Length <= exponent + 1)
        {
            return digits + new string('0', exponent + 1 - digits.Length) + ".0";
        }

        return digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }

    private static string Scientific(string digits, int exponent) =>
        digits[..1] + "." + (digits.Length > 1 ? digits[1..] : "0") + "E" + exponent.ToString(CultureInfo.InvariantCulture);
}
