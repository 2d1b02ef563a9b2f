using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace WfRunner.Conformance;

/// <summary>
/// Runs recorded cases against the built program: whole commands, whose output, exit codes and files were recorded from the real
/// Digdag. The driver is <c>Recorded/conform.py</c>, whose first lines explain the form of a case; it can be used by hand too.
/// </summary>
internal static partial class CaseRun
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyDictionary<string, string>>>> Groups = new(StringComparer.Ordinal);

    private static string Repository { get; } = FindRepository();

    private static string Recorded => Path.Combine(Repository, "tests", "WfRunner.Conformance", "Recorded");

    /// <summary>The names of all cases, <c>group/case</c>.</summary>
    public static IEnumerable<string> Names { get; } = [
        .. Directory.EnumerateFiles(Path.Combine(Recorded, "cases"), "case.json", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(Path.Combine(Recorded, "cases"), Path.GetDirectoryName(p)!).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    /// <summary>The differences of a case; null when there are none. The first question about a group runs the whole group.</summary>
    /// <param name="name">Name of the case.</param>
    public static async Task<string?> DifferencesOfAsync(string name)
    {
        var group = name[..(name.IndexOf('/', StringComparison.Ordinal) + 1)];
        var failures = await Groups.GetOrAdd(group, g => new(() => RunAsync(g))).Value;
        return failures.GetValueOrDefault(name);
    }

    private static async Task<IReadOnlyDictionary<string, string>> RunAsync(string group)
    {
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Recorded };
        foreach (var argument in (string[])["-B", "conform.py", "check", group, "--cli", Binary(), "--jobs", "2"])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (!Summary().IsMatch(output))
        {
            throw new InvalidOperationException($"{group} did not run to its end: {output}{await error}");
        }

        return Failure().Matches(output).ToDictionary(m => m.Groups[1].Value, m => m.Value, StringComparer.Ordinal);
    }

    // The published program that WF_BINARY names, else the development build.
    private static string Binary() => Environment.GetEnvironmentVariable("WF_BINARY") is { Length: > 0 } published
        ? published
        : Path.Combine(Repository, "src", "WfRunner.Cli", "bin", Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))!), "net10.0", "wf");

    private static string FindRepository()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "WfRunner.sln")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("not below the repository");
        }

        return directory;
    }

    // A line that names the case, and the indented lines behind it.
    [GeneratedRegex(@"^(?:failed|error): (\S+) - .*(?:\n  .*)*", RegexOptions.Multiline)]
    private static partial Regex Failure();

    [GeneratedRegex(@"^\d+ passed, \d+ failed$", RegexOptions.Multiline)]
    private static partial Regex Summary();
}
