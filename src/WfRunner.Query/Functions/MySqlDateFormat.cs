using System.Globalization;
using System.Text;
using NodaTime;

namespace WfRunner.Query.Functions;

/// <summary>Presto's <c>date_format</c> and <c>date_parse</c> with MySQL's specifiers (operators-td 22.6).</summary>
internal static class MySqlDateFormat
{
    private const string Unsupported = "DUuVwX";

    /// <summary>Prints a local time.</summary>
    public static string Format(LocalDateTime at, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] == '%' && i + 1 < format.Length)
            {
                text.Append(Field(at, format[++i]));
            }
            else
            {
                text.Append(format[i]);
            }
        }

        return text.ToString();
    }

    /// <summary>Reads a local time; parts the format does not name are those of 1970-01-01 00:00:00.</summary>
    /// <exception cref="SqlFunctionException">The text does not follow the format.</exception>
    public static LocalDateTime Parse(string text, string format)
    {
        var parts = new Parts(text);
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] == '%' && i + 1 < format.Length)
            {
                parts.Read(format[++i]);
            }
            else
            {
                parts.Expect(format[i]);
            }
        }

        return parts.ToDateTime();
    }

    private static string Field(LocalDateTime at, char specifier)
    {
        var invariant = CultureInfo.InvariantCulture;
        return specifier switch
        {
            'Y' => at.Year.ToString("0000", invariant),
            'y' => (at.Year % 100).ToString("00", invariant),
            'm' => at.Month.ToString("00", invariant),
            'c' => at.Month.ToString(invariant),
            'M' => invariant.DateTimeFormat.GetMonthName(at.Month),
            'b' => invariant.DateTimeFormat.GetAbbreviatedMonthName(at.Month),
            'd' => at.Day.ToString("00", invariant),
            'e' => at.Day.ToString(invariant),
            'j' => at.DayOfYear.ToString("000", invariant),
            'H' => at.Hour.ToString("00", invariant),
            'k' => at.Hour.ToString(invariant),
            'h' or 'I' => at.ClockHourOfHalfDay.ToString("00", invariant),
            'l' => at.ClockHourOfHalfDay.ToString(invariant),
            'i' => at.Minute.ToString("00", invariant),
            's' or 'S' => at.Second.ToString("00", invariant),
            'f' => (at.NanosecondOfSecond / 1000).ToString("000000", invariant),
            'p' => at.Hour < 12 ? "AM" : "PM",
            'T' => Format(at, "%H:%i:%s"),
            'r' => Format(at, "%I:%i:%s %p"),
            'W' => at.DayOfWeek.ToString(),
            'a' => at.DayOfWeek.ToString()[..3],
            'v' => NodaTime.Calendars.WeekYearRules.Iso.GetWeekOfWeekYear(at.Date).ToString("00", invariant),
            'x' => NodaTime.Calendars.WeekYearRules.Iso.GetWeekYear(at.Date).ToString("0000", invariant),
            _ when Unsupported.Contains(specifier, StringComparison.Ordinal) => throw NotSupported(specifier),
            _ => specifier.ToString(),
        };
    }

    private static SqlFunctionException NotSupported(char specifier) =>
        new($"%{specifier} not supported in date format string");

    private sealed class Parts(string text)
    {
        private int _at;
        private int _year = 1970;
        private int _month = 1;
        private int _day = 1;
        private int? _dayOfYear;
        private int _hour;
        private int _minute;
        private int _second;
        private int _microsecond;
        private bool? _afternoon;

        public void Expect(char c)
        {
            if (_at >= text.Length || text[_at] != c)
            {
                throw Malformed();
            }

            _at++;
        }

        public void Read(char specifier)
        {
            switch (specifier)
            {
                case 'Y' or 'x':
                    _year = Number(4);
                    break;
                case 'y':
                    var two = Number(2);
                    _year = two + (two < 70 ? 2000 : 1900);
                    break;
                case 'm' or 'c':
                    _month = Number(2);
                    break;
                case 'M':
                    _month = Name(CultureInfo.InvariantCulture.DateTimeFormat.MonthNames) + 1;
                    break;
                case 'b':
                    _month = Name(CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames) + 1;
                    break;
                case 'd' or 'e':
                    _day = Number(2);
                    break;
                case 'j':
                    _dayOfYear = Number(3);
                    break;
                case 'W':
                    Name(CultureInfo.InvariantCulture.DateTimeFormat.DayNames);
                    break;
                case 'a':
                    Name(CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedDayNames);
                    break;
                case 'T':
                    All("%H:%i:%s");
                    break;
                case 'r':
                    All("%I:%i:%s %p");
                    break;
                case '%':
                    Expect('%');
                    break;
                default:
                    ReadTime(specifier);
                    break;
            }
        }

        public LocalDateTime ToDateTime()
        {
            if (_at != text.Length)
            {
                throw Malformed();
            }

            var hour = _afternoon is { } pm ? (_hour % 12) + (pm ? 12 : 0) : _hour;
            try
            {
                var date = _dayOfYear is { } day ? new LocalDate(_year, 1, 1).PlusDays(day - 1) : new LocalDate(_year, _month, _day);
                return date + new LocalTime(hour, _minute, _second).PlusNanoseconds(_microsecond * 1000L);
            }
            catch (ArgumentOutOfRangeException)
            {
                throw Malformed();
            }
        }

        private void ReadTime(char specifier)
        {
            switch (specifier)
            {
                case 'H' or 'k' or 'h' or 'I' or 'l':
                    _hour = Number(2);
                    break;
                case 'i':
                    _minute = Number(2);
                    break;
                case 's' or 'S':
                    _second = Number(2);
                    break;
                case 'f':
                    var start = _at;
                    var digits = Number(9);
                    for (var n = _at - start; n < 9; n++)
                    {
                        digits *= 10;
                    }

                    _microsecond = digits / 1000;
                    break;
                case 'p':
                    _afternoon = Name(["AM", "PM"]) == 1;
                    break;
                default:
                    throw NotSupported(specifier);
            }
        }

        private void All(string format)
        {
            for (var i = 0; i < format.Length; i++)
            {
                if (format[i] == '%')
                {
                    Read(format[++i]);
                }
                else
                {
                    Expect(format[i]);
                }
            }
        }

        private int Number(int mostDigits)
        {
            var start = _at;
            var number = 0;
            while (_at < text.Length && _at - start < mostDigits && char.IsAsciiDigit(text[_at]))
            {
                number = (number * 10) + text[_at++] - '0';
            }

            return _at > start ? number : throw Malformed();
        }

        private int Name(string[] names)
        {
            for (var i = 0; i < names.Length; i++)
            {
                if (names[i].Length > 0 && string.Compare(text, _at, names[i], 0, names[i].Length, StringComparison.OrdinalIgnoreCase) == 0)
                {
                    _at += names[i].Length;
                    return i;
                }
            }

            throw Malformed();
        }

        private SqlFunctionException Malformed() => new(_at < text.Length && _at > 0
            ? $"Invalid format: \"{text}\" is malformed at \"{text[_at..]}\""
            : _at >= text.Length ? $"Invalid format: \"{text}\" is too short" : $"Invalid format: \"{text}\"");
    }
}
