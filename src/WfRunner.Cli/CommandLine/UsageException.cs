namespace WfRunner.Cli.CommandLine;

/// <summary>The command line is wrong in a way that the usage explains.</summary>
public sealed class UsageException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">What is wrong; printed as <c>error: …</c> behind the usage.</param>
    /// <param name="exitCode">Exit code: 1 as Digdag does for an error text, 2 for a wrong number of arguments.</param>
    public UsageException(string message, int exitCode = 1)
        : base(message) => ExitCode = exitCode;

    /// <summary>Exit code of the process.</summary>
    public int ExitCode { get; }
}
