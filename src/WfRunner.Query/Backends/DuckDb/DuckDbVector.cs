using System.Globalization;
using System.Numerics;
using System.Text;
using DuckDB.NET.Native;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// The values of one column in one chunk, read where DuckDB keeps them. Valid as long as its chunk. The values are those of
/// operators-td 24: decimals, dates and times are texts in Presto's spelling.
/// </summary>
internal readonly unsafe struct DuckDbVector
{
    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly DuckDbType _type;
    private readonly void* _data;
    private readonly ulong* _validity;
    private readonly DuckDbVector[] _children;

    public DuckDbVector(nint vector, DuckDbType type)
    {
        _type = type;
        _data = NativeMethods.Vectors.DuckDBVectorGetData(vector);
        _validity = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);
        _children = ChildrenOf(vector, type);
    }

    /// <summary>The type of the values.</summary>
    public DuckDbType Type => _type;

    /// <summary>Whether a value is NULL.</summary>
    public bool IsNull(long row) =>
        _type.Id == DuckDBType.SqlNull || (_validity != null && (_validity[row / 64] & (1UL << (int)(row % 64))) == 0);

    /// <summary>A value.</summary>
    public ConfigValue Read(long row)
    {
        if (IsNull(row))
        {
            return ConfigNull.Instance;
        }

        return _type.Id switch
        {
            DuckDBType.Boolean => ConfigBoolean.Of(((byte*)_data)[row] != 0),
            DuckDBType.Float => new ConfigFloat(((float*)_data)[row]),
            DuckDBType.Double => new ConfigFloat(((double*)_data)[row]),
            DuckDBType.List or DuckDBType.Array => new ConfigList(Elements(row)),
            DuckDBType.Map => ReadMap(row),
            DuckDBType.Struct => ReadStruct(row),
            _ => Integer(row) is { } integer ? FitInteger(integer) : new ConfigText(Text(row)),
        };
    }

    /// <summary>The text of a value that is not NULL.</summary>
    public string Text(long row) => _type.Id switch
    {
        DuckDBType.Varchar or DuckDBType.Blob => Encoding.UTF8.GetString(Bytes(row)),
        DuckDBType.Decimal => DecimalText(row),
        DuckDBType.Date => DateText(((int*)_data)[row]),
        DuckDBType.Time => TimeText(((long*)_data)[row]),
        DuckDBType.TimeTz => TimeTzText(((ulong*)_data)[row]),
        DuckDBType.Timestamp or DuckDBType.TimestampS or DuckDBType.TimestampMs or DuckDBType.TimestampNs => TimestampText(Microseconds(row)),
        DuckDBType.TimestampTz => TimestampText(Microseconds(row)) + " UTC",
        DuckDBType.Interval => IntervalText(((DuckDBInterval*)_data)[row]),
        DuckDBType.Uuid => UuidText(((UInt128*)_data)[row]),
        DuckDBType.Enum => _type.Names[(int)EnumIndex(row)],
        DuckDBType.Boolean => ((byte*)_data)[row] != 0 ? "true" : "false",
        DuckDBType.Float or DuckDBType.Double or DuckDBType.List or DuckDBType.Array or DuckDBType.Map or DuckDBType.Struct => ConfigJson.Write(Read(row)),
        _ => Integer(row) is { } integer
            ? integer.ToString(CultureInfo.InvariantCulture)
            : throw new QueryFailedException($"Local SQL error: a column of the type {_type.Id} cannot be read; cast it to varchar"),
    };

    /// <summary>
    /// A value that is not NULL as unix seconds, rounded down: numbers as they are, dates and times as UTC; null when the type is
    /// none of these.
    /// </summary>
    public long? UnixSeconds(long row) => _type.Id switch
    {
        DuckDBType.Float => (long)Math.Floor(((float*)_data)[row]),
        DuckDBType.Double => (long)Math.Floor(((double*)_data)[row]),
        DuckDBType.Decimal => (long)FloorDivide(DecimalUnscaled(row), BigInteger.Pow(10, _type.Scale)),
        DuckDBType.Date => ((int*)_data)[row] * 86_400L,
        DuckDBType.Timestamp or DuckDBType.TimestampS or DuckDBType.TimestampMs or DuckDBType.TimestampNs or DuckDBType.TimestampTz =>
            (long)FloorDivide(Microseconds(row), MicrosecondsPerSecond),
        _ => Integer(row) is { } integer ? (long)integer : null,
    };

    /// <summary>A number that is not NULL as a double; null for other types.</summary>
    public double? Number(long row) => _type.Id switch
    {
        DuckDBType.Float => ((float*)_data)[row],
        DuckDBType.Double => ((double*)_data)[row],
        DuckDBType.Decimal => (double)DecimalUnscaled(row) / Math.Pow(10, _type.Scale),
        _ => Integer(row) is { } integer ? (double)integer : null,
    };

    /// <summary>A date or time that is not NULL in microseconds since 1970 on its own clock; null for other types.</summary>
    public long? LocalMicroseconds(long row) => _type.Id switch
    {
        DuckDBType.Date => ((int*)_data)[row] * 86_400L * MicrosecondsPerSecond,
        DuckDBType.Timestamp or DuckDBType.TimestampS or DuckDBType.TimestampMs or DuckDBType.TimestampNs or DuckDBType.TimestampTz => Microseconds(row),
        _ => null,
    };

    /// <summary>Elements of a list that is not NULL, as seconds; NULL elements are left out.</summary>
    public List<long> ListOfSeconds(long row)
    {
        var (start, length) = Range(row);
        var seconds = new List<long>();
        for (var i = start; i < start + length; i++)
        {
            if (!_children[0].IsNull(i) && _children[0].UnixSeconds(i) is { } second)
            {
                seconds.Add(second);
            }
        }

        return seconds;
    }

    /// <summary>Elements of a list that is not NULL, as doubles; NULL elements are left out.</summary>
    public List<double> ListOfNumbers(long row)
    {
        var (start, length) = Range(row);
        var numbers = new List<double>();
        for (var i = start; i < start + length; i++)
        {
            if (!_children[0].IsNull(i) && _children[0].Number(i) is { } number)
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    private static DuckDbVector[] ChildrenOf(nint vector, DuckDbType type)
    {
        switch (type.Id)
        {
            case DuckDBType.List:
                return [new DuckDbVector(NativeMethods.Vectors.DuckDBListVectorGetChild(vector), type.Children[0])];
            case DuckDBType.Array:
                return [new DuckDbVector(NativeMethods.Vectors.DuckDBArrayVectorGetChild(vector), type.Children[0])];
            case DuckDBType.Map:
                // A map is a list of structs with a key and a value.
                var entries = NativeMethods.Vectors.DuckDBListVectorGetChild(vector);
                return
                [
                    new DuckDbVector(NativeMethods.Vectors.DuckDBStructVectorGetChild(entries, 0), type.Children[0]),
                    new DuckDbVector(NativeMethods.Vectors.DuckDBStructVectorGetChild(entries, 1), type.Children[1]),
                ];
            case DuckDBType.Struct:
                return [.. type.Children.Select((child, i) => new DuckDbVector(NativeMethods.Vectors.DuckDBStructVectorGetChild(vector, i), child))];
            default:
                return [];
        }
    }

    private static ConfigValue FitInteger(BigInteger integer) => integer >= long.MinValue && integer <= long.MaxValue
        ? new ConfigInteger(integer)
        : new ConfigText(integer.ToString(CultureInfo.InvariantCulture));

    private BigInteger? Integer(long row) => _type.Id switch
    {
        DuckDBType.TinyInt => ((sbyte*)_data)[row],
        DuckDBType.SmallInt => ((short*)_data)[row],
        DuckDBType.Integer => ((int*)_data)[row],
        DuckDBType.BigInt => ((long*)_data)[row],
        DuckDBType.UnsignedTinyInt => ((byte*)_data)[row],
        DuckDBType.UnsignedSmallInt => ((ushort*)_data)[row],
        DuckDBType.UnsignedInteger => ((uint*)_data)[row],
        DuckDBType.UnsignedBigInt => ((ulong*)_data)[row],
        DuckDBType.HugeInt => ((Int128*)_data)[row],
        DuckDBType.UnsignedHugeInt => ((UInt128*)_data)[row],
        _ => null,
    };

    private ReadOnlySpan<byte> Bytes(long row)
    {
        var text = (DuckDBString*)_data + row;
        return new ReadOnlySpan<byte>(text->Data, text->Length);
    }

    private (long Start, long Length) Range(long row)
    {
        if (_type.Id == DuckDBType.Array)
        {
            return (row * _type.Scale, _type.Scale);
        }

        var entry = ((DuckDBListEntry*)_data)[row];
        return ((long)entry.Offset, (long)entry.Length);
    }

    private List<ConfigValue> Elements(long row)
    {
        var (start, length) = Range(row);
        var items = new List<ConfigValue>();
        for (var i = start; i < start + length; i++)
        {
            items.Add(_children[0].Read(i));
        }

        return items;
    }

    private ConfigMap ReadMap(long row)
    {
        var (start, length) = Range(row);
        var map = new ConfigMapBuilder();
        for (var i = start; i < start + length; i++)
        {
            map.Set(_children[0].Text(i), _children[1].Read(i));
        }

        return map.Build();
    }

    // A row without names has no keys that JSON could show.
    private ConfigValue ReadStruct(long row)
    {
        if (_type.Names.All(n => n.Length == 0))
        {
            var items = new List<ConfigValue>();
            foreach (var child in _children)
            {
                items.Add(child.Read(row));
            }

            return new ConfigList(items);
        }

        var map = new ConfigMapBuilder();
        for (var i = 0; i < _children.Length; i++)
        {
            map.Set(_type.Names[i], _children[i].Read(row));
        }

        return map.Build();
    }

    private long Microseconds(long row)
    {
        var value = ((long*)_data)[row];
        return _type.Id switch
        {
            DuckDBType.TimestampS => value * MicrosecondsPerSecond,
            DuckDBType.TimestampMs => value * 1000,
            DuckDBType.TimestampNs => (long)FloorDivide(value, 1000),
            _ => value,
        };
    }

    private ulong EnumIndex(long row) => _type.Storage switch
    {
        DuckDBType.UnsignedTinyInt => ((byte*)_data)[row],
        DuckDBType.UnsignedSmallInt => ((ushort*)_data)[row],
        _ => ((uint*)_data)[row],
    };

    private BigInteger DecimalUnscaled(long row) => _type.Storage switch
    {
        DuckDBType.SmallInt => ((short*)_data)[row],
        DuckDBType.Integer => ((int*)_data)[row],
        DuckDBType.BigInt => ((long*)_data)[row],
        _ => ((Int128*)_data)[row],
    };

    private string DecimalText(long row)
    {
        var unscaled = DecimalUnscaled(row);
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(_type.Scale + 1, '0');
        var sign = unscaled.Sign < 0 ? "-" : string.Empty;
        return _type.Scale == 0 ? sign + digits : $"{sign}{digits[..^_type.Scale]}.{digits[^_type.Scale..]}";
    }

    private static BigInteger FloorDivide(BigInteger value, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(value, divisor, out var rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    private static string DateText(int days) => days is int.MaxValue or -int.MaxValue
        ? (days > 0 ? "infinity" : "-infinity")
        : NodaTime.Text.LocalDatePattern.Iso.Format(new NodaTime.LocalDate(1970, 1, 1).PlusDays(days));

    private static string TimeText(long microseconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{microseconds / 3_600_000_000:00}:{microseconds / 60_000_000 % 60:00}:{microseconds / MicrosecondsPerSecond % 60:00}.{microseconds / 1000 % 1000:000}");

    private static string TimestampText(long microseconds)
    {
        if (microseconds is long.MaxValue or -long.MaxValue)
        {
            return microseconds > 0 ? "infinity" : "-infinity";
        }

        var days = (int)FloorDivide(microseconds, 86_400 * MicrosecondsPerSecond);
        return $"{DateText(days)} {TimeText(microseconds - (days * 86_400L * MicrosecondsPerSecond))}";
    }

    // Presto has intervals of months and intervals of seconds: 1-2, 3 04:05:06.000.
    private static string IntervalText(DuckDBInterval interval)
    {
        var invariant = CultureInfo.InvariantCulture;
        var months = Math.Abs(interval.Months);
        var years = interval.Months == 0 ? string.Empty : string.Create(invariant, $"{(interval.Months < 0 ? "-" : string.Empty)}{months / 12}-{months % 12}");
        var microseconds = (interval.Days * 86_400L * MicrosecondsPerSecond) + (long)interval.Micros;
        if (microseconds == 0 && years.Length > 0)
        {
            return years;
        }

        var size = Math.Abs(microseconds);
        var days = size / (86_400 * MicrosecondsPerSecond);
        var rest = string.Create(invariant, $"{(microseconds < 0 ? "-" : string.Empty)}{days} {TimeText(size - (days * 86_400 * MicrosecondsPerSecond))}");
        return years.Length == 0 ? rest : $"{years} {rest}";
    }

    // The offset from UTC stands in the lowest 24 bits, turned round so that it sorts.
    private static string TimeTzText(ulong stored)
    {
        var offset = 57_599 - (int)(stored & 0xFF_FFFF);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeText((long)(stored >> 24))} {(offset < 0 ? '-' : '+')}{Math.Abs(offset) / 3600:00}:{Math.Abs(offset) / 60 % 60:00}");
    }

    // Stored with the highest bit turned so that it sorts as a signed number.
    private static string UuidText(UInt128 stored)
    {
        var value = stored ^ (UInt128.One << 127);
        var hex = value.ToString("x32", CultureInfo.InvariantCulture);
        return $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}";
    }
}
