namespace WfRunner.Cli.CommandLine;

/// <summary>A deliberate end with a message: printed as <c>error: …</c> without a kind, exit code 1 (cli-local 1.8).</summary>
public sealed class CommandLineException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public CommandLineException(string message)
        : base(message)
    {
    }
}
