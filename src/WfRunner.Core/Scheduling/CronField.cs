using System.Globalization;

namespace WfRunner.Core.Scheduling;

/// <summary>The values that one field of a cron pattern matches. Digdag behaviour: schedules 6.1 to 6.3.</summary>
internal sealed class CronField
{
    // Bit n: value n. No value exceeds 59.
    private readonly ulong _values;

    private CronField(ulong values) => _values = values;

    public bool Has(int value) => (_values >> value & 1) != 0;

    /// <summary>Reads a field.</summary>
    /// <param name="kind">Which field.</param>
    /// <param name="text">The field as written.</param>
    /// <param name="group">The whole alternative, for messages.</param>
    /// <exception cref="WorkflowException">It is malformed.</exception>
    public static CronField Parse(CronFieldKind kind, string text, string group)
    {
        if (text == "*")
        {
            return new CronField(ulong.MaxValue);
        }

        var elements = text.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (elements.Length == 0)
        {
            throw Malformed(kind, group, $"invalid field \"{text}\"");
        }

        ulong values = 0;
        foreach (var element in elements)
        {
            try
            {
                foreach (var value in Element(kind, element))
                {
                    values |= 1UL << value;
                }
            }
            catch (FormatException e)
            {
                throw Malformed(kind, group, $"invalid field \"{text}\", invalid element \"{element}\", {e.Message}");
            }
        }

        return new CronField(values);
    }

    // range [ "/" step ]: every n-th element of the range as listed, so that "5/10" is just 5
    private static IEnumerable<int> Element(CronFieldKind kind, string element)
    {
        var parts = element.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > 2)
        {
            throw new FormatException("syntax error");
        }

        var range = Range(kind, parts[0]);
        if (parts.Length == 1)
        {
            return range;
        }

        if (!JavaInteger.TryParse(parts[1], out var step))
        {
            throw new FormatException($"invalid divisor \"{parts[1]}\"");
        }

        return step > 0
            ? range.Where((_, i) => i % step == 0)
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"non positive divisor \"{step}\""));
    }

    // "*", a value, or two values; a range whose end lies before its start wraps around
    private static IEnumerable<int> Range(CronFieldKind kind, string range)
    {
        try
        {
            if (range == "*")
            {
                return Values(kind.Least, kind.Greatest);
            }

            var ends = range.Split('-', StringSplitOptions.RemoveEmptyEntries);
            if (ends.Length is 0 or > 2)
            {
                throw new FormatException("syntax error");
            }

            var first = kind.Parse(ends[0]);
            var last = ends.Length == 1 ? first : kind.Parse(ends[1]);
            return first <= last ? Values(first, last) : [.. Values(first, kind.Greatest), .. Values(kind.Least, last)];
        }
        catch (FormatException e)
        {
            throw new FormatException("invalid range, " + e.Message, e);
        }
    }

    private static IEnumerable<int> Values(int first, int last) => Enumerable.Range(first, Math.Max(0, last - first + 1));

    private static WorkflowException Malformed(CronFieldKind kind, string group, string reason) =>
        new(FailureKind.InvalidPattern, $"invalid pattern \"{group}\". Error parsing {kind.Name} field: {reason}.");
}
