using WfRunner.Core.Config;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>Reads CSV, Parquet and JSON files as tables.</summary>
internal sealed class DataFileReader(DuckDbSession session)
{
    /// <summary>Endings of files that can be read.</summary>
    public static readonly string[] Endings = [".csv", ".parquet", ".json"];

    /// <summary>The query that gives the rows of a file.</summary>
    /// <param name="path">A file that the engine may read; its ending tells what it is.</param>
    public string QueryOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" => CsvReader(path),
        ".parquet" => $"SELECT * FROM read_parquet({SqlNames.Literal(path)})",
        _ => $"SELECT * FROM read_json_auto({SqlNames.Literal(path)}, maximum_object_size = 104857600)",
    };

    /// <summary>
    /// A column is BIGINT or DOUBLE when every value of the whole file is such a number as it would be printed, else VARCHAR: so
    /// addresses, dates and codes with leading zeros stay text, as in the tables of Treasure Data. An empty field is NULL,
    /// <c>""</c> is the empty text.
    /// </summary>
    private string CsvReader(string path)
    {
        // Nothing but the line end is guessed: a guess would rather drop lines than fail, and so does a wrong line end.
        var names = CsvHeader.Read(path);
        var columns = names.ConvertAll(SqlNames.Quote);
        var source = $"read_csv({SqlNames.Literal(path)}, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
            + $"nullstr = '', allow_quoted_nulls = false, columns = {{{string.Join(", ", names.Select(c => $"{SqlNames.Literal(c)}: 'VARCHAR'"))}}})";
        var tests = columns.SelectMany(c => (string[])
        [
            $"count({c}) > 0 AND bool_and(regexp_full_match({c}, '-?(0|[1-9][0-9]*)') AND try_cast({c} AS BIGINT) IS NOT NULL)",
            $"count({c}) > 0 AND bool_and(regexp_full_match({c}, '-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?'))",
        ]);
        var isNumber = session.Rows($"SELECT {string.Join(", ", tests)} FROM {source}")[0];
        var typed = columns.Select((c, i) => Is(isNumber[i * 2]) ? $"CAST({c} AS BIGINT) AS {c}"
            : Is(isNumber[(i * 2) + 1]) ? $"CAST({c} AS DOUBLE) AS {c}"
            : c);
        return $"SELECT {string.Join(", ", typed)} FROM {source}";

        static bool Is(ConfigValue value) => value is ConfigBoolean { Value: true };
    }
}
