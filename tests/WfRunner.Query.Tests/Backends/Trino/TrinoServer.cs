using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using WfRunner.Tests.Shared;

namespace WfRunner.Query.Tests.Backends.Trino;

/// <summary>
/// Speaks Trino's documented client protocol in front of a real engine, DuckDB, which knows enough of Trino's SQL: a statement is queued
/// at first, its columns and rows come in pages, deleting the address of the next page ends it. Faults can be planted.
/// </summary>
internal sealed partial class TrinoServer : IDisposable
{
    private const int PageSize = 10_000;

    private readonly HttpListener _listener;
    private readonly DuckDBConnection _engine = new("Data Source=:memory:");
    private readonly ConcurrentDictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly Task _loop;
    private int _last;

    public TrinoServer()
    {
        _engine.Open();
        (_listener, Port) = LoopbackListener.Open();
        _loop = LoopAsync();
    }

    public int Port { get; }

    /// <summary>Statements as they came, with their headers.</summary>
    public ConcurrentQueue<(string Sql, Dictionary<string, string> Headers)> Received { get; } = new();

    /// <summary>How many statements were ended by the client.</summary>
    public int Ended { get; private set; }

    /// <summary>Statuses to answer first, in place of the usual answer; 0 breaks the connection instead.</summary>
    public ConcurrentQueue<int> Faults { get; } = new();

    /// <summary>How many connections were broken.</summary>
    public int Broken { get; private set; }

    /// <summary>A header of the next answer.</summary>
    public (string Name, string Value)? NextHeader { get; set; }

    /// <summary>Where pages are said to continue; null for here.</summary>
    public string? Elsewhere { get; set; }

    public void Dispose()
    {
        _listener.Close();
        _loop.Wait(TimeSpan.FromSeconds(5));
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _engine.Dispose();
    }

    private async Task LoopAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or InvalidOperationException)
            {
                return;
            }

            _ = Task.Run(() => AnswerAsync(context));
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        byte[] answer;
        if (Faults.TryDequeue(out var status))
        {
            if (status == 0)
            {
                Broken++;
                context.Response.ContentLength64 = PageSize;
                await context.Response.OutputStream.WriteAsync("{"u8.ToArray());
                context.Response.Abort();
                return;
            }

            (context.Response.StatusCode, answer) = (status, Encoding.UTF8.GetBytes("planted"));
        }
        else
        {
            if (NextHeader is { } header)
            {
                context.Response.Headers[header.Name] = header.Value;
                NextHeader = null;
            }

            answer = JsonSerializer.SerializeToUtf8Bytes(Handle(context.Request, body));
            context.Response.StatusCode = context.Request.HttpMethod == "DELETE" ? 204 : 200;
            answer = context.Request.HttpMethod == "DELETE" ? [] : answer;
        }

        try
        {
            await context.Response.OutputStream.WriteAsync(answer);
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client has gone.
        }
    }

    private Dictionary<string, object?> Handle(HttpListenerRequest request, string body)
    {
        if (request.HttpMethod == "POST")
        {
            Received.Enqueue((body, request.Headers.AllKeys.ToDictionary(k => k!, k => request.Headers[k]!)));
            var id = (++_last).ToString(CultureInfo.InvariantCulture);
            _statements[id] = new Statement(_engine, body, request.Headers["X-Trino-Schema"]);
            return Page(id, 0);
        }

        var path = request.Url!.AbsolutePath.Split('/');
        var statement = _statements[path[^2]];
        if (request.HttpMethod == "DELETE")
        {
            Ended++;
            statement.Dispose();
            return [];
        }

        return statement.Next() is { } page
            ? Merged(page, page.ContainsKey("error") || page.ContainsKey("last") ? Page(path[^2], null) : Page(path[^2], int.Parse(path[^1], CultureInfo.InvariantCulture) + 1))
            : Page(path[^2], int.Parse(path[^1], CultureInfo.InvariantCulture) + 1);
    }

    private static Dictionary<string, object?> Merged(Dictionary<string, object?> one, Dictionary<string, object?> other)
    {
        one.Remove("last");
        foreach (var (key, value) in other)
        {
            one[key] = value;
        }

        return one;
    }

    private Dictionary<string, object?> Page(string id, int? next)
    {
        var page = new Dictionary<string, object?> { ["id"] = id, ["stats"] = new Dictionary<string, object?> { ["state"] = "RUNNING" } };
        if (next is not null)
        {
            page["nextUri"] = $"{Elsewhere ?? $"http://127.0.0.1:{Port}"}/v1/statement/executing/{id}/{next}";
        }

        return page;
    }

    [GeneratedRegex("RENAME TO \"[^\"]+\"\\.(\"[^\"]+\")")]
    private static partial Regex QualifiedNewName();

    [GeneratedRegex("column \"([^\"]+)\"")]
    private static partial Regex UnknownColumn();

    private sealed class Statement : IDisposable
    {
        private readonly DuckDBConnection _connection;
        private readonly string _sql;
        private readonly Task<DbDataReader> _running;
        private readonly DuckDBCommand _command;
        private bool _isAnnounced;
        private int _isDisposed;

        public Statement(DuckDBConnection engine, string sql, string? schema)
        {
            _connection = engine.Duplicate();
            _connection.Open();
            _sql = sql;
            using (var setup = _connection.CreateCommand())
            {
                setup.CommandText = schema is null ? "SELECT 1" : $"CREATE SCHEMA IF NOT EXISTS \"{schema}\"; SET search_path = '\"{schema}\"'; SET integer_division = true";
                setup.ExecuteNonQuery();
            }

            _command = _connection.CreateCommand();
            _command.CommandText = QualifiedNewName().Replace(sql, "RENAME TO $1");
            _command.UseStreamingMode = true;
            _running = Task.Run(() => (DbDataReader)_command.ExecuteReader());
        }

        /// <summary>The next page; null while the statement has not got so far.</summary>
        public Dictionary<string, object?>? Next()
        {
            if (Task.WaitAny([_running], TimeSpan.FromMilliseconds(50)) < 0)
            {
                return null;
            }

            if (_running.IsFaulted)
            {
                return Failure(_running.Exception!.InnerException!.Message);
            }

            var reader = _running.Result;
            var isQuery = Regex.IsMatch(_sql, @"^\s*(select|with|values|show)", RegexOptions.IgnoreCase);
            if (!isQuery)
            {
                return new() { ["updateType"] = "CREATE TABLE", ["last"] = true };
            }

            var page = new Dictionary<string, object?>
            {
                ["columns"] = Enumerable.Range(0, reader.FieldCount).Select(i => Column(reader, i)).ToList(),
            };
            if (!_isAnnounced)
            {
                // Columns may come before any row.
                _isAnnounced = true;
                return page;
            }

            var rows = new List<object?[]>();
            while (rows.Count < PageSize && reader.Read())
            {
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Value(reader.GetValue(i)))]);
            }

            page["data"] = rows;
            if (rows.Count < PageSize)
            {
                page["last"] = true;
            }

            return page;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            {
                return;
            }

            // An interruption counts for what runs at that moment only.
            while (Task.WaitAny([_running], TimeSpan.FromMilliseconds(20)) < 0)
            {
                _command.Cancel();
            }

            _ = _running.Exception;

            if (_running.IsCompletedSuccessfully)
            {
                _running.Result.Dispose();
            }

            _command.Dispose();
            _connection.Dispose();
        }

        private static Dictionary<string, object?> Column(DbDataReader reader, int index)
        {
            var type = reader.GetDataTypeName(index).ToLowerInvariant() switch
            {
                "hugeint" or "bigint" or "ubigint" => "bigint",
                "integer" => "integer",
                "double" => "double",
                "boolean" => "boolean",
                _ => "varchar",
            };
            return new()
            {
                ["name"] = reader.GetName(index),
                ["type"] = type,
                ["typeSignature"] = new Dictionary<string, object?> { ["rawType"] = type, ["arguments"] = Array.Empty<object>() },
            };
        }

        private static object? Value(object value) => value switch
        {
            DBNull => null,
            System.Numerics.BigInteger number => (long)number,
            double number when !double.IsFinite(number) => number.ToString(CultureInfo.InvariantCulture),
            _ => value,
        };

        private Dictionary<string, object?> Failure(string message)
        {
            var error = new Dictionary<string, object?> { ["message"] = message.Split('\n')[0], ["errorName"] = "SYNTAX_ERROR", ["errorCode"] = 1, ["errorType"] = "USER_ERROR" };
            if (UnknownColumn().Match(message) is { Success: true } match && _sql.IndexOf(match.Groups[1].Value, StringComparison.Ordinal) is var at and >= 0)
            {
                var before = _sql[..at];
                error["errorLocation"] = new Dictionary<string, object?> { ["lineNumber"] = before.Count(c => c == '\n') + 1, ["columnNumber"] = at - before.LastIndexOf('\n') };
            }

            return new() { ["error"] = error };
        }
    }
}
