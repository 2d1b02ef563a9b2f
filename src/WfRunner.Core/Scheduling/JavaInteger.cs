using System.Globalization;

namespace WfRunner.Core.Scheduling;

/// <summary>
/// Integers as Java's <c>Integer.parseInt</c> reads them: an optional sign and decimal digits of any script (Japanese users do
/// write full-width ones), no blanks, 32 bits.
/// </summary>
internal static class JavaInteger
{
    public static bool TryParse(string text, out int value)
    {
        value = 0;
        var start = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        if (text.Length == start)
        {
            return false;
        }

        long magnitude = 0;
        foreach (var c in text.AsSpan(start))
        {
            var digit = CharUnicodeInfo.GetDecimalDigitValue(c);
            magnitude = (magnitude * 10) + digit;
            if (digit < 0 || magnitude > int.MaxValue + 1L)
            {
                return false;
            }
        }

        var signed = text[0] == '-' ? -magnitude : magnitude;
        if (signed > int.MaxValue)
        {
            return false;
        }

        value = (int)signed;
        return true;
    }
}
