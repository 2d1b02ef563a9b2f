using System.Diagnostics;

namespace WfRunner.EndToEnd.Support;

/// <summary>
/// Starts the real program: the published binary that <c>WF_BINARY</c> names, else the development build beside the tests.
/// </summary>
internal static class Wf
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(2);

    public static string Binary { get; } = Environment.GetEnvironmentVariable("WF_BINARY") is { Length: > 0 } published
        ? published
        : Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "wf.exe" : "wf");

    public static async Task<WfResult> RunAsync(TestFolder folder, params IEnumerable<string> arguments)
    {
        using var process = Start(folder, arguments);
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(LongestRun);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new WfResult(process.ExitCode, await output, await error);
    }

    /// <summary>Starts the program and leaves it running.</summary>
    public static Process Start(TestFolder folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo
        {
            FileName = Binary,
            WorkingDirectory = folder.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (folder.Now is { } now)
        {
            start.FileName = "faketime";
            start.ArgumentList.Add("-f");
            start.ArgumentList.Add("@" + now);
            start.ArgumentList.Add(Binary);
            start.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOME"] = folder.Home;
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(folder.Home, ".config");
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(Path.GetTempPath(), "wf-tests-cache");
        start.Environment["TZ"] = "Asia/Tokyo";
        start.Environment["NO_COLOR"] = "1";
        foreach (var name in (string[])["DIGDAG_CONFIG", "DIGDAG_CONFIG_HOME", "TD_API_KEY"])
        {
            start.Environment.Remove(name);
        }

        return Process.Start(start)!;
    }
}
