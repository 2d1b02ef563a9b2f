using System.Text.Json;
using WfRunner.Core.Config;
using WfRunner.Query.Backends.Sessions;

namespace WfRunner.Query.Backends.Trino;

/// <summary>One answer of the server.</summary>
/// <param name="NextAddress">Where the next one is; null for the last.</param>
/// <param name="Columns">The columns, once they are known.</param>
/// <param name="Rows">The rows of this page.</param>
/// <param name="IsUpdate">Whether the statement changes something, so that its row is only a count.</param>
internal sealed record TrinoPage(Uri? NextAddress, IReadOnlyList<QueryColumn>? Columns, IReadOnlyList<IReadOnlyList<ConfigValue>> Rows, bool IsUpdate)
{
    /// <summary>Reads an answer.</summary>
    /// <exception cref="SqlSessionException">The statement failed.</exception>
    public static TrinoPage Read(byte[] body, string sql)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            throw Failure(error, sql);
        }

        var types = new List<TrinoType>();
        List<QueryColumn>? columns = null;
        if (root.TryGetProperty("columns", out var given) && given.ValueKind == JsonValueKind.Array)
        {
            columns = [];
            foreach (var column in given.EnumerateArray())
            {
                types.Add(TrinoType.Read(column));
                columns.Add(new QueryColumn(column.GetProperty("name").GetString()!, types[^1].Name));
            }
        }

        var rows = new List<IReadOnlyList<ConfigValue>>();
        if (root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array)
        {
            foreach (var row in data.EnumerateArray())
            {
                rows.Add([.. row.EnumerateArray().Select((value, i) => types[i].Value(value))]);
            }
        }

        var next = root.TryGetProperty("nextUri", out var address) && address.GetString() is { } text ? new Uri(text, UriKind.Absolute) : null;
        return new TrinoPage(next, columns, rows, root.TryGetProperty("updateType", out var update) && update.ValueKind == JsonValueKind.String);
    }

    private static SqlSessionException Failure(JsonElement error, string sql)
    {
        var message = error.TryGetProperty("message", out var text) ? text.GetString() : "unknown";
        var name = error.TryGetProperty("errorName", out var word) ? word.GetString() : null;
        int? position = null;
        if (error.TryGetProperty("errorLocation", out var place) && place.ValueKind == JsonValueKind.Object)
        {
            position = OffsetOf(sql, place.GetProperty("lineNumber").GetInt32(), place.GetProperty("columnNumber").GetInt32());
        }

        return new SqlSessionException($"Trino error: {message}{(name is null ? string.Empty : $" ({name})")}".ReplaceLineEndings(" "), position);
    }

    private static int OffsetOf(string sql, int line, int column)
    {
        var at = 0;
        for (var i = 1; i < line && at >= 0; i++)
        {
            at = sql.IndexOf('\n', at) + 1;
        }

        return Math.Clamp(at + column - 1, 0, sql.Length);
    }
}
