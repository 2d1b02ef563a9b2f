using Npgsql;
using NpgsqlTypes;

namespace WfRunner.Storage.Sql;

/// <summary>A value of a statement, with the type that PostgreSQL is told, which also a null needs.</summary>
internal readonly struct Argument
{
    private readonly NpgsqlDbType _type;
    private readonly object? _value;

    private Argument(NpgsqlDbType type, object? value) => (_type, _value) = (type, value);

    public static implicit operator Argument(long value) => new(NpgsqlDbType.Bigint, value);

    public static implicit operator Argument(long? value) => new(NpgsqlDbType.Bigint, value);

    public static implicit operator Argument(int value) => new(NpgsqlDbType.Integer, value);

    public static implicit operator Argument(bool value) => new(NpgsqlDbType.Boolean, value);

    public static implicit operator Argument(string? value) => new(NpgsqlDbType.Text, value);

    public static implicit operator Argument(byte[] value) => new(NpgsqlDbType.Bytea, value);

    public static implicit operator Argument(ReadOnlyMemory<byte> value) => new(NpgsqlDbType.Bytea, value);

    public static implicit operator Argument(long[] value) => new(NpgsqlDbType.Array | NpgsqlDbType.Bigint, value);

    public static implicit operator Argument(long?[] value) => new(NpgsqlDbType.Array | NpgsqlDbType.Bigint, value);

    public static implicit operator Argument(int[] value) => new(NpgsqlDbType.Array | NpgsqlDbType.Integer, value);

    public static implicit operator Argument(bool[] value) => new(NpgsqlDbType.Array | NpgsqlDbType.Boolean, value);

    public static implicit operator Argument(string[] value) => new(NpgsqlDbType.Array | NpgsqlDbType.Text, value);

    /// <summary>The bare value; SQLite needs no type.</summary>
    public object? Value => _value;

    public NpgsqlParameter ToParameter() => new() { NpgsqlDbType = _type, Value = _value ?? DBNull.Value };
}
