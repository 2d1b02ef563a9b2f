using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Core.Secrets;

namespace WfRunner.Operators.Mail;

/// <summary>How a mail server is reached. Digdag behaviour: operators-core 8.</summary>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Its port.</param>
/// <param name="StartsTls">Whether the connection turns to TLS when the server offers that.</param>
/// <param name="IsTls">Whether the connection is TLS from the start.</param>
/// <param name="IsDebugged">Whether the conversation is shown.</param>
/// <param name="UserName">Who logs in; null for nobody.</param>
/// <param name="Password">With what password.</param>
internal sealed record SmtpServer(string Host, int Port, bool StartsTls, bool IsTls, bool IsDebugged, string? UserName, string Password)
{
    /// <summary>
    /// The server of a task: the user's settings if they name a host, else the system's. The two are never mixed, so that the
    /// system's password cannot go to a host of the user's choice.
    /// </summary>
    /// <param name="options">The task's parameters with the section's defaults.</param>
    /// <param name="context">Secrets and system configuration.</param>
    /// <exception cref="TaskFailedException">There is no server.</exception>
    public static SmtpServer Of(ConfigMap options, IOperatorContext context)
    {
        var user = WithSecrets(options, context.Secrets);
        if (user.GetStringOrNull("host") is not null)
        {
            return Read(user);
        }

        var system = context.SystemConfig.Below("config.mail.");
        return system.GetStringOrNull("host") is not null ? Read(system) : throw new TaskFailedException("Missing SMTP configuration");
    }

    /// <summary>Reads settings that are all in one place.</summary>
    /// <exception cref="Core.ConfigException">Host or port is missing, or a value has the wrong type.</exception>
    public static SmtpServer Read(ConfigMap settings) => new(
        settings.GetString("host"),
        settings.GetInt32("port"),
        settings.GetBooleanOr("tls", true),
        settings.GetBooleanOr("ssl", false),
        settings.GetBooleanOr("debug", false),
        settings.GetStringOrNull("username"),
        settings.GetStringOr("password", string.Empty));

    // Each secret wins over the parameter of its name; a password counts as a secret only.
    private static ConfigMap WithSecrets(ConfigMap options, ISecretProvider secrets)
    {
        var settings = options.Without("password");
        foreach (var key in (string[])["host", "port", "tls", "ssl", "username", "password"])
        {
            if (secrets.Find("mail." + key) is { } value)
            {
                settings = settings.With(key, value);
            }
        }

        return settings;
    }
}
