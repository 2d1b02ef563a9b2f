using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Configuration;
using WfRunner.Client;

namespace WfRunner.Cli.Commands.Client;

/// <summary>The options of every command that talks to a server. Digdag behaviour: cli-client 1.3.</summary>
internal static class ClientOptions
{
    public static readonly OptionSyntax Endpoint = OptionSyntax.Value(
        "URL", $"server endpoint (default: {ServerEndpoint.Default})", "-e", "--endpoint");

    public static readonly OptionSyntax Header = OptionSyntax.KeyValues("add an HTTP header", "-H", "--header");

    public static readonly OptionSyntax BasicAuth = OptionSyntax.Value("USER:PASS", "authenticate with user name and password", "--basic-auth");

    public static readonly OptionSyntax Site = OptionSyntax.Value("SITE", "site of Treasure Data's hosted service: us01, jp01, eu01, ap02 or ap03", "--site") with
    {
        Words = ["us01", "jp01", "eu01", "ap02", "ap03"],
    };

    public static readonly OptionSyntax NoCertificateCheck = OptionSyntax.Flag("accept any TLS certificate", "--disable-cert-validation");

    private static readonly OptionSyntax ProfileName = OptionSyntax.Value("NAME", "use the settings under profile.NAME of the configuration", "--profile");

    private static readonly OptionSyntax NoVersionCheck = OptionSyntax.Flag("do not ask the server about this version", "--disable-version-check");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OptionSyntax> All { get; } =
        [Endpoint, Site, ProfileName, TargetOption.Target, Header, BasicAuth, NoVersionCheck, NoCertificateCheck];

    /// <summary>Whether the version check is left out.</summary>
    public static bool SkipsVersionCheck(ParsedArguments arguments) => arguments.Has(NoVersionCheck);

    /// <summary>The process's context with the settings of the chosen profile.</summary>
    /// <exception cref="CommandLineException">There is no such profile.</exception>
    public static CommandContext WithProfile(ParsedArguments arguments, CommandContext context)
    {
        var name = arguments.Value(ProfileName) ?? Environment.GetEnvironmentVariable("WF_PROFILE");
        return string.IsNullOrEmpty(name) ? context : context with { SystemConfig = Profile.Apply(context.SystemConfig, name) };
    }
}
