namespace WfRunner.Cli.CommandLine;

/// <summary>The options that every command takes (cli-local 3).</summary>
public static class CommonOptions
{
    /// <summary>Properties file with system configuration; replaces the default file.</summary>
    public static OptionSyntax Config { get; } = OptionSyntax.Value("PATH.properties", "configuration file", "-c", "--config");

    /// <summary>Where log lines go; <c>-</c> is standard output.</summary>
    public static OptionSyntax Log { get; } = OptionSyntax.Value("PATH", "output log messages to a file (default: -)", "-L", "--log");

    /// <summary>The least serious level that is written.</summary>
    public static OptionSyntax LogLevel { get; } =
        OptionSyntax.Value("LEVEL", "log level (error, warn, info, debug or trace; default: info)", "-l", "--log-level") with
        {
            Words = ["error", "warn", "info", "debug", "trace"],
        };

    /// <summary>A system property; takes part in system configuration.</summary>
    public static OptionSyntax Property { get; } = new(["-X"], OptionKind.Dynamic, "KEY=VALUE", "add a system configuration");

    /// <summary>Accepted for the sake of old scripts.</summary>
    public static OptionSyntax LogbackConfig { get; } = OptionSyntax.Value("PATH", null, "--logback-config");

    /// <summary>Shows the usage.</summary>
    public static OptionSyntax Help { get; } = OptionSyntax.Flag("show this help", "-help", "--help");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OptionSyntax> All { get; } = [Config, Log, LogLevel, Property, LogbackConfig, Help];
}
