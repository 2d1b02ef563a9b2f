using System.Text;
using WfRunner.Cli.CommandLine;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;

namespace WfRunner.Cli.Commands.Client;

/// <summary>
/// Reads the items of <c>secrets --set</c> before anything is sent. Digdag behaviour: cli-client 8.20; better than there, commas
/// do not split, values may be empty, and <c>-</c> alone means <c>@-</c>.
/// </summary>
internal sealed class SecretItems(CommandContext context)
{
    private const int MaximumKeyLength = 255;
    private const int MaximumValueBytes = 16 * 1024;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private bool _inputRead;

    /// <summary>Checks the keys of <c>--delete</c>.</summary>
    public static IReadOnlyList<string> CheckDeletes(IReadOnlyList<string> keys)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (!seen.Add(key))
            {
                throw new UsageException($"Duplicate --delete secret key: '{key}'");
            }

            CheckKey(key);
        }

        return keys;
    }

    /// <summary>Reads all items.</summary>
    /// <returns>Keys and values in order.</returns>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> ReadAsync(IReadOnlyList<string> items, CancellationToken cancellationToken)
    {
        foreach (var item in items)
        {
            await ReadAsync(item, cancellationToken).ConfigureAwait(false);
        }

        foreach (var key in _order)
        {
            CheckKey(key);
            if (Encoding.UTF8.GetByteCount(_values[key]) > MaximumValueBytes)
            {
                throw new UsageException($"Invalid secret value for key: {key}");
            }
        }

        return [.. _order.Select(k => new KeyValuePair<string, string>(k, _values[k]))];
    }

    private async Task ReadAsync(string item, CancellationToken cancellationToken)
    {
        var equals = item.IndexOf('=', StringComparison.Ordinal);
        if (item is "-" or "@-")
        {
            AddAll(await ReadInputAsync(cancellationToken).ConfigureAwait(false), "stdin");
        }
        else if (item.StartsWith('@'))
        {
            var path = item[1..];
            AddAll(await ReadFileAsync(path, cancellationToken).ConfigureAwait(false), "file: " + path);
        }
        else if (equals < 0)
        {
            Add(item, Prompt(item));
        }
        else
        {
            var (key, value) = (item[..equals], item[(equals + 1)..]);
            Add(key, value switch
            {
                "-" => await ReadInputAsync(cancellationToken).ConfigureAwait(false),
                ['@', .. var path] => await ReadFileAsync(path, cancellationToken).ConfigureAwait(false),
                _ => value,
            });
        }
    }

    private void Add(string key, string value)
    {
        if (!_values.TryAdd(key, value))
        {
            throw new UsageException($"Duplicate --set secret key: '{key}'");
        }

        _order.Add(key);
    }

    private void AddAll(string text, string source)
    {
        ConfigMap map;
        try
        {
            map = DigFile.ReadConfig(new OneText(text, source), OneText.Path);
        }
        catch (WorkflowException)
        {
            throw new UsageException($"Invalid key/value in {source}");
        }

        foreach (var entry in map)
        {
            if (entry.Value is ConfigMap or ConfigList or ConfigNull)
            {
                throw new UsageException($"Invalid key/value in {source}");
            }

            if (!_values.TryAdd(entry.Key, ConfigAccess.AsString(entry.Key, entry.Value)))
            {
                throw new UsageException($"Duplicate secret key: '{entry.Key}' in {source}");
            }

            _order.Add(entry.Key);
        }
    }

    private async Task<string> ReadInputAsync(CancellationToken cancellationToken)
    {
        if (_inputRead)
        {
            throw new UsageException("Can only read once from stdin");
        }

        _inputRead = true;
        using var reader = new StreamReader(context.In, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path, context.CurrentDirectory);
        return File.Exists(full)
            ? await File.ReadAllTextAsync(full, Encoding.UTF8, cancellationToken).ConfigureAwait(false)
            : throw new WorkflowException(FailureKind.NoSuchFile, path);
    }

    private string Prompt(string key)
    {
        CheckKey(key);
        if (Console.IsInputRedirected)
        {
            throw new CommandLineException($"cannot prompt for secret '{key}': no terminal");
        }

        context.Error.Write($"{key}:");
        var value = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } typed)
        {
            if (typed.Key == ConsoleKey.Backspace)
            {
                value.Length = Math.Max(0, value.Length - 1);
            }
            else if (!char.IsControl(typed.KeyChar))
            {
                value.Append(typed.KeyChar);
            }
        }

        context.Error.WriteLine();
        return value.ToString();
    }

    private static void CheckKey(string key)
    {
        if (key.Length > MaximumKeyLength || !key.Split('.').All(IsSegment))
        {
            throw new UsageException($"Invalid secret key: {key}");
        }
    }

    /// <summary>A text that is read like a file; it can include no other.</summary>
    private sealed class OneText(string text, string name) : IDigFiles
    {
        public static readonly string Path = System.IO.Path.GetFullPath("/secrets");

        public byte[]? Read(string path) => path == Path ? Encoding.UTF8.GetBytes(text) : null;

        public string DisplayName(string path) => name;
    }

    private static bool IsSegment(string segment) =>
        segment.Length > 0
        && char.IsAsciiLetter(segment[0])
        && char.IsAsciiLetterOrDigit(segment[^1])
        && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
