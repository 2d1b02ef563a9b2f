using System.Globalization;
using System.Text;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>The first record of a CSV file (RFC 4180).</summary>
internal static class CsvHeader
{
    /// <summary>Reads the names of the columns; an empty one is called by its position, <c>column2</c>.</summary>
    /// <exception cref="QueryFailedException">The file is empty.</exception>
    public static List<string> Read(string path)
    {
        using var reader = new StreamReader(path, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        if (reader.Peek() < 0)
        {
            throw new QueryFailedException($"Local SQL error: the fixture {path} is empty");
        }

        var columns = new List<string>();
        do
        {
            var name = reader.Peek() == '"' ? Quoted(reader) : Bare(reader);
            columns.Add(name.Length > 0 ? name : string.Create(CultureInfo.InvariantCulture, $"column{columns.Count + 1}"));
        }
        while (reader.Read() == ',');

        return columns;
    }

    private static string Bare(StreamReader reader)
    {
        var name = new StringBuilder();
        while (reader.Peek() is var c and >= 0 && c is not (',' or '\r' or '\n'))
        {
            name.Append((char)reader.Read());
        }

        return name.ToString();
    }

    private static string Quoted(StreamReader reader)
    {
        var name = new StringBuilder();
        reader.Read();
        while (reader.Read() is var c and >= 0)
        {
            if (c != '"')
            {
                name.Append((char)c);
            }
            else if (reader.Peek() == '"')
            {
                name.Append((char)reader.Read());
            }
            else
            {
                break;
            }
        }

        return name.ToString();
    }
}
