namespace WfRunner.EndToEnd.Support;

/// <summary>What a process left behind.</summary>
internal sealed record WfResult(int ExitCode, string Out, string Error)
{
    public IReadOnlyList<string> Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Fails with everything the process said when the exit code is another one.</summary>
    public WfResult Exits(int code)
    {
        Assert.True(ExitCode == code, $"exit {ExitCode} instead of {code}\n--- stdout\n{Out}\n--- stderr\n{Error}");
        return this;
    }

    /// <summary>No failure may show the inside of the program.</summary>
    public WfResult ShowsNoTrace()
    {
        Assert.DoesNotContain("   at WfRunner.", Out + Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", Out + Error, StringComparison.Ordinal);
        return this;
    }
}
