using DuckDB.NET.Native;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>A type of DuckDB, read once per column so that rows need not ask for it.</summary>
internal sealed record DuckDbType(DuckDBType Id)
{
    /// <summary>Types of the elements: one of a list, key and value of a map, the members of a struct.</summary>
    public IReadOnlyList<DuckDbType> Children { get; init; } = [];

    /// <summary>Names of a struct's members; the values of an enumeration.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>How a decimal or an enumeration is stored.</summary>
    public DuckDBType Storage { get; init; }

    /// <summary>Digits of a decimal.</summary>
    public int Width { get; init; }

    /// <summary>Digits behind the point of a decimal; length of a fixed array.</summary>
    public int Scale { get; init; }

    /// <summary>The type in Presto's spelling (operators-td 24).</summary>
    public string PrestoName => Id switch
    {
        DuckDBType.Boolean => "boolean",
        DuckDBType.TinyInt => "tinyint",
        DuckDBType.SmallInt or DuckDBType.UnsignedTinyInt => "smallint",
        DuckDBType.Integer or DuckDBType.UnsignedSmallInt => "integer",
        DuckDBType.BigInt or DuckDBType.UnsignedInteger or DuckDBType.UnsignedBigInt or DuckDBType.HugeInt or DuckDBType.UnsignedHugeInt => "bigint",
        DuckDBType.Float => "real",
        DuckDBType.Double => "double",
        DuckDBType.Decimal => System.FormattableString.Invariant($"decimal({Width},{Scale})"),
        DuckDBType.Date => "date",
        DuckDBType.Time => "time",
        DuckDBType.TimeTz => "time with time zone",
        DuckDBType.Timestamp or DuckDBType.TimestampS or DuckDBType.TimestampMs or DuckDBType.TimestampNs => "timestamp",
        DuckDBType.TimestampTz => "timestamp with time zone",
        DuckDBType.Interval => "interval day to second",
        DuckDBType.Blob => "varbinary",
        DuckDBType.List or DuckDBType.Array => $"array({Children[0].PrestoName})",
        DuckDBType.Map => $"map({Children[0].PrestoName},{Children[1].PrestoName})",
        DuckDBType.Struct => "row(" + string.Join(", ", Children.Select((c, i) => Names[i].Length == 0 ? c.PrestoName : $"{Names[i]} {c.PrestoName}")) + ")",
        DuckDBType.SqlNull => "unknown",
        _ => "varchar",
    };

    /// <summary>Reads a type.</summary>
    public static DuckDbType Of(DuckDBLogicalType type)
    {
        var id = NativeMethods.LogicalType.DuckDBGetTypeId(type);
        return id switch
        {
            DuckDBType.Decimal => new DuckDbType(id)
            {
                Width = NativeMethods.LogicalType.DuckDBDecimalWidth(type),
                Scale = NativeMethods.LogicalType.DuckDBDecimalScale(type),
                Storage = NativeMethods.LogicalType.DuckDBDecimalInternalType(type),
            },
            DuckDBType.Enum => new DuckDbType(id) { Storage = NativeMethods.LogicalType.DuckDBEnumInternalType(type), Names = EnumValues(type) },
            DuckDBType.List => new DuckDbType(id) { Children = [Child(NativeMethods.LogicalType.DuckDBListTypeChildType(type))] },
            DuckDBType.Array => new DuckDbType(id)
            {
                Children = [Child(NativeMethods.LogicalType.DuckDBArrayTypeChildType(type))],
                Scale = (int)NativeMethods.LogicalType.DuckDBArrayVectorGetSize(type),
            },
            DuckDBType.Map => new DuckDbType(id)
            {
                Children = [Child(NativeMethods.LogicalType.DuckDBMapTypeKeyType(type)), Child(NativeMethods.LogicalType.DuckDBMapTypeValueType(type))],
            },
            DuckDBType.Struct => OfStruct(type),
            _ => new DuckDbType(id),
        };
    }

    private static DuckDbType OfStruct(DuckDBLogicalType type)
    {
        var count = NativeMethods.LogicalType.DuckDBStructTypeChildCount(type);
        var children = new List<DuckDbType>();
        var names = new List<string>();
        for (var i = 0L; i < count; i++)
        {
            children.Add(Child(NativeMethods.LogicalType.DuckDBStructTypeChildType(type, i)));
            names.Add(NativeMethods.LogicalType.DuckDBStructTypeChildName(type, i));
        }

        return new DuckDbType(DuckDBType.Struct) { Children = children, Names = names };
    }

    private static DuckDbType Child(DuckDBLogicalType type)
    {
        using (type)
        {
            return Of(type);
        }
    }

    private static List<string> EnumValues(DuckDBLogicalType type)
    {
        var names = new List<string>();
        var count = NativeMethods.LogicalType.DuckDBEnumDictionarySize(type);
        for (var i = 0L; i < count; i++)
        {
            names.Add(NativeMethods.LogicalType.DuckDBEnumDictionaryValue(type, i));
        }

        return names;
    }
}
