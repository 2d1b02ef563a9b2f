using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DuckDB.NET.Native;
using WfRunner.Query.Functions;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// A scalar function written in C#. Registered through DuckDB's C interface with a plain function pointer, so that nothing is
/// generated at run time.
/// </summary>
internal sealed unsafe class DuckDbFunction
{
    private readonly string _name;
    private readonly DuckDBType _result;
    private readonly bool _isListOfResults;
    private readonly DuckDBType[] _parameters;
    private readonly Func<Arguments, object?> _body;

    /// <summary>Describes a function.</summary>
    /// <param name="name">The name in SQL.</param>
    /// <param name="result">The type of the result, or of its elements.</param>
    /// <param name="body">Computes one row; null is NULL. A text, <c>long</c>, <c>double</c>, <c>bool</c>, or a list of texts or <c>long</c>s.</param>
    /// <param name="parameters">The parameters; <see cref="DuckDBType.Any"/> takes whatever comes.</param>
    public DuckDbFunction(string name, DuckDBType result, Func<Arguments, object?> body, params DuckDBType[] parameters)
        : this(name, result, isListOfResults: false, body, parameters)
    {
    }

    private DuckDbFunction(string name, DuckDBType result, bool isListOfResults, Func<Arguments, object?> body, DuckDBType[] parameters)
    {
        _name = name;
        _result = result;
        _isListOfResults = isListOfResults;
        _body = body;
        _parameters = parameters;
    }

    /// <summary>Describes a function whose result is a list.</summary>
    public static DuckDbFunction OfList(string name, DuckDBType element, Func<Arguments, object?> body, params DuckDBType[] parameters) =>
        new(name, element, isListOfResults: true, body, parameters);

    /// <summary>The name in SQL, in lower case.</summary>
    public string Name => _name;

    /// <summary>Makes the function known to the whole engine that a connection belongs to.</summary>
    public void Register(DuckDBNativeConnection connection)
    {
        var function = NativeMethods.ScalarFunction.DuckDBCreateScalarFunction();
        try
        {
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetName(function, _name);
            foreach (var parameter in _parameters)
            {
                using var type = NativeMethods.LogicalType.DuckDBCreateLogicalType(parameter);
                NativeMethods.ScalarFunction.DuckDBScalarFunctionAddParameter(function, type);
            }

            using var result = NativeMethods.LogicalType.DuckDBCreateLogicalType(_result);
            using var list = _isListOfResults ? NativeMethods.LogicalType.DuckDBCreateListType(result) : null;
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetReturnType(function, list ?? result);

            // The body decides about NULLs itself.
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetSpecialHandling(function);
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetExtraInfo(function, GCHandle.ToIntPtr(GCHandle.Alloc(this)), &FreeHandle);
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetFunction(function, &Invoke);
            if (!NativeMethods.ScalarFunction.DuckDBRegisterScalarFunction(connection, function).IsSuccess())
            {
                throw new InvalidOperationException($"the function {_name} cannot be registered with DuckDB");
            }
        }
        finally
        {
            NativeMethods.ScalarFunction.DuckDBDestroyScalarFunction(ref function);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void FreeHandle(nint handle) => GCHandle.FromIntPtr(handle).Free();

    // No exception may cross into native code, whatever it is: it becomes the error of the query.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Invoke(nint info, nint input, nint output)
    {
        try
        {
            var handle = NativeMethods.ScalarFunction.DuckDBScalarFunctionGetExtraInfo(info);
            ((DuckDbFunction)GCHandle.FromIntPtr(handle).Target!).Run(input, output);
        }
        catch (SqlFunctionException e)
        {
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetError(info, e.Message);
        }
        catch (Exception e)
        {
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetError(info, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private void Run(nint input, nint output)
    {
        // This form of the handle does not own the chunk, which stays DuckDB's.
        using var chunk = new DuckDBDataChunk(input);
        var count = (long)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk);
        var vectors = new DuckDbVector[_parameters.Length];
        for (var i = 0; i < vectors.Length; i++)
        {
            var vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, i);
            using var type = NativeMethods.Vectors.DuckDBVectorGetColumnType(vector);
            vectors[i] = new DuckDbVector(vector, DuckDbType.Of(type));
        }

        var writer = new ResultWriter(output, _isListOfResults);
        for (var row = 0L; row < count; row++)
        {
            writer.Write(row, _body(new Arguments(vectors, row)));
        }

        writer.Finish();
    }

    /// <summary>The arguments of one row.</summary>
    internal readonly struct Arguments(DuckDbVector[] vectors, long row)
    {
        /// <summary>Whether an argument is NULL.</summary>
        public bool IsNull(int index) => vectors[index].IsNull(row);

        /// <summary>An argument as text; null for NULL.</summary>
        public string? Text(int index) => IsNull(index) ? null : vectors[index].Text(row);

        /// <summary>Whether an argument is a text by its type.</summary>
        public bool IsText(int index) => vectors[index].Type.Id == DuckDBType.Varchar;

        /// <summary>An argument as an integer or a time in unix seconds; null for NULL.</summary>
        public long? Seconds(int index) => IsNull(index) ? null
            : vectors[index].UnixSeconds(row) ?? (long.TryParse(Text(index), System.Globalization.CultureInfo.InvariantCulture, out var n) ? n : throw NotATime(index));

        /// <summary>An argument as a number; null for NULL.</summary>
        public double? Number(int index) => IsNull(index) ? null : vectors[index].Number(row) ?? throw NotATime(index);

        /// <summary>A time in microseconds on its own clock; null for NULL.</summary>
        public long? LocalMicroseconds(int index) => IsNull(index) ? null : vectors[index].LocalMicroseconds(row) ?? throw NotATime(index);

        /// <summary>A list of times in unix seconds.</summary>
        public List<long> ListOfSeconds(int index) => vectors[index].ListOfSeconds(row);

        /// <summary>A list of numbers; NULL elements are left out.</summary>
        public List<double> ListOfNumbers(int index) => vectors[index].ListOfNumbers(row);

        /// <summary>The type of an argument in Presto's spelling.</summary>
        public string TypeName(int index) => vectors[index].Type.PrestoName;

        private SqlFunctionException NotATime(int index) => new($"Unexpected parameter of type {vectors[index].Type.PrestoName}");
    }

    private struct ResultWriter(nint vector, bool isList)
    {
        private readonly nint _target = isList ? NativeMethods.Vectors.DuckDBListVectorGetChild(vector) : vector;
        private ulong _elements;

        public void Write(long row, object? value)
        {
            if (value is null)
            {
                SetNull(vector, row);
            }
            else if (isList)
            {
                WriteList(row, value);
            }
            else
            {
                WriteScalar(_target, (ulong)row, value);
            }
        }

        public readonly void Finish()
        {
            if (isList)
            {
                NativeMethods.Vectors.DuckDBListVectorSetSize(vector, _elements);
            }
        }

        private void WriteList(long row, object value)
        {
            var items = value switch
            {
                List<string?> texts => texts.ConvertAll(t => (object?)t),
                List<long> integers => integers.ConvertAll(i => (object?)i),
                _ => throw new ArgumentException("not a list", nameof(value)),
            };
            NativeMethods.Vectors.DuckDBListVectorReserve(vector, _elements + (ulong)items.Count);
            ((ulong*)NativeMethods.Vectors.DuckDBVectorGetData(vector))[row * 2] = _elements;
            ((ulong*)NativeMethods.Vectors.DuckDBVectorGetData(vector))[(row * 2) + 1] = (ulong)items.Count;

            // Reserving may move the child's data, but not the child.
            foreach (var item in items)
            {
                if (item is null)
                {
                    SetNull(_target, (long)_elements);
                }
                else
                {
                    WriteScalar(_target, _elements, item);
                }

                _elements++;
            }
        }

        private static void WriteScalar(nint target, ulong row, object value)
        {
            var data = NativeMethods.Vectors.DuckDBVectorGetData(target);
            switch (value)
            {
                case string text:
                    var bytes = Encoding.UTF8.GetBytes(text);
                    fixed (byte* start = bytes)
                    {
                        NativeMethods.Vectors.DuckDBVectorAssignStringElementLength(target, row, start, bytes.Length);
                    }

                    break;
                case long integer:
                    ((long*)data)[row] = integer;
                    break;
                case double number:
                    ((double*)data)[row] = number;
                    break;
                case bool truth:
                    ((byte*)data)[row] = truth ? (byte)1 : (byte)0;
                    break;
                default:
                    throw new ArgumentException($"no SQL value for {value.GetType().Name}", nameof(value));
            }
        }

        private static void SetNull(nint target, long row)
        {
            NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(target);
            NativeMethods.ValidityMask.DuckDBValiditySetRowValidity(NativeMethods.Vectors.DuckDBVectorGetValidity(target), (ulong)row, false);
        }
    }
}
