using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Mail;

/// <summary>Hands a message to a mail server. Digdag behaviour: operators-core 8, failures in the words of its mail library.</summary>
internal static class MailSender
{
    private const int ConnectMilliseconds = 10_000;
    private const int ReadMilliseconds = 60_000;

    /// <summary>Sends a message.</summary>
    /// <param name="server">The server.</param>
    /// <param name="message">The message.</param>
    /// <param name="debug">Where the conversation is shown if the server is debugged; passwords are hidden.</param>
    /// <param name="cancellationToken">Ends the sending.</param>
    /// <exception cref="TaskFailedException">The server cannot be reached or refuses.</exception>
    public static async Task SendAsync(SmtpServer server, MimeMessage message, Stream debug, CancellationToken cancellationToken)
    {
        if (!message.To.Concat(message.Cc).Concat(message.Bcc).Any())
        {
            throw new TaskFailedException("No recipient addresses (send failed)");
        }

        using var client = new SmtpClient(server.IsDebugged ? new ProtocolLogger(debug, leaveOpen: true) : new NullProtocolLogger())
        {
            Timeout = ReadMilliseconds,
            CheckCertificateRevocation = false,
        };
        await ConnectAsync(client, server, cancellationToken).ConfigureAwait(false);
        try
        {
            if (server.UserName is { } user && (client.Capabilities & SmtpCapabilities.Authentication) != 0)
            {
                await client.AuthenticateAsync(user, server.Password, cancellationToken).ConfigureAwait(false);
            }

            await client.SendAsync(message, cancellationToken).ConfigureAwait(false);
            await client.DisconnectAsync(quit: true, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationException e)
        {
            throw Failure($"{e.Message.TrimEnd()} (authentication failed)", e);
        }
        catch (ServiceNotAuthenticatedException e)
        {
            throw Failure($"530 {e.Message.Trim()} (send failed)", e);
        }
        catch (SmtpCommandException e) when (e.ErrorCode == SmtpErrorCode.RecipientNotAccepted)
        {
            throw Failure("Invalid Addresses (send failed)", new TaskFailedException($"{e.Mailbox?.Address}: {Reply(e)}", null, e));
        }
        catch (SmtpCommandException e)
        {
            throw Failure($"{Reply(e)} (send failed)", e);
        }
        catch (Exception e) when (e is ProtocolException or IOException or TimeoutException or ServiceNotConnectedException or NotSupportedException)
        {
            throw Failure($"{e.Message} (messaging)", e);
        }
    }

    private static async Task ConnectAsync(SmtpClient client, SmtpServer server, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectMilliseconds);
        var security = server.IsTls ? SecureSocketOptions.SslOnConnect
            : server.StartsTls ? SecureSocketOptions.StartTlsWhenAvailable
            : SecureSocketOptions.None;
        try
        {
            await client.ConnectAsync(server.Host, server.Port, security, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Failure(Text($"Couldn't connect to host, port: {server.Host}, {server.Port}; timeout {ConnectMilliseconds} (mail connect)"), e);
        }
        catch (SmtpCommandException e)
        {
            throw Failure(Text($"Could not connect to SMTP host: {server.Host}, port: {server.Port}, response: {(int)e.StatusCode} (messaging)"), e);
        }
        catch (Exception e) when (e is ProtocolException or IOException or SslHandshakeException or AuthenticationException)
        {
            throw Failure(Text($"Could not connect to SMTP host: {server.Host}, port: {server.Port} (messaging)"), e);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Reply(SmtpCommandException e) => Text($"{(int)e.StatusCode} {e.Message.Trim()}");

    private static TaskFailedException Failure(string message, Exception cause) => new(message, null, cause);
}
