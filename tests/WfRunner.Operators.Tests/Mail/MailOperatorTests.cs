using MimeKit;
using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Operators.Mail;

namespace WfRunner.Operators.Tests.Mail;

public sealed class MailOperatorTests : IDisposable
{
    private readonly OperatorTestContext _context = new();
    private readonly MailOperator _mail = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task A_template_file_is_sent_as_text()
    {
        using var server = new SmtpTestServer();
        _context.Write("hello.txt", "Dear ${who},\n.\nça va?");

        await RunAsync(server, "mail>: hello.txt\nwho: Ann\nsubject: Grüße\nto: Ann <ann@example.com>\nfrom: flow@example.com");

        var (envelope, message) = Assert.Single(server.Messages);
        Assert.Equal(["flow@example.com", "ann@example.com"], envelope);
        Assert.Equal("Grüße", message.Subject);
        Assert.Equal("Ann", message.To.Mailboxes.Single().Name);
        Assert.Equal("flow@example.com", message.Sender?.Address);
        var text = Assert.IsType<TextPart>(message.Body);
        Assert.Equal("utf-8", text.ContentType.Charset);
        Assert.Equal("Dear Ann,\n.\nça va?", text.Text.ReplaceLineEndings("\n").TrimEnd('\n'));
    }

    [Fact]
    public async Task Copies_reach_everyone_and_blind_ones_are_not_written()
    {
        using var server = new SmtpTestServer();

        await RunAsync(server, "mail>: {data: x}\nsubject: s\nfrom: f@x\nto: [a@x, b@x]\ncc: c@x\nbcc: [d@x]");

        var (envelope, message) = Assert.Single(server.Messages);
        Assert.Equal(["f@x", "a@x", "b@x", "c@x", "d@x"], envelope);
        Assert.Equal("c@x", message.Cc.Mailboxes.Single().Address);
        Assert.Empty(message.Bcc);
    }

    [Fact]
    public async Task Html_and_files_become_parts()
    {
        using var server = new SmtpTestServer();
        _context.Write("data/t.csv", "a,b\n");
        _context.Write("img/a.png", "png");

        await RunAsync(
            server,
            "mail>:\nbody: <p>x</p>\nhtml: true\nsubject: s\nfrom: f@x\nto: a@x\nattach_files:\n- {path: data/t.csv, content_type: text/csv, filename: r.csv}\n- {path: img/a.png}");

        var parts = Assert.IsType<Multipart>(Assert.Single(server.Messages).Message.Body);
        Assert.True(Assert.IsType<TextPart>(parts[0]).IsHtml);
        Assert.Equal(["text/csv r.csv", "application/octet-stream a.png"], parts.Skip(1).Cast<MimePart>().Select(p => $"{p.ContentType.MimeType} {p.FileName}"));
    }

    [Fact]
    public async Task The_system_server_is_used_when_the_user_names_none()
    {
        using var server = new SmtpTestServer { Login = "sys:pw" };
        foreach (var (key, value) in ((string, string)[])[("host", "127.0.0.1"), ("port", $"{server.Port}"), ("username", "sys"), ("password", "pw"), ("from", "sys@x"), ("subject", "sub")])
        {
            _context.Config["config.mail." + key] = value;
        }

        await _context.RunAsync(_mail, "mail>: {data: x}\nto: a@x");

        var (envelope, message) = Assert.Single(server.Messages);
        Assert.Equal(["sys@x", "a@x"], envelope);
        Assert.Equal("sub", message.Subject);
    }

    [Fact]
    public async Task The_system_password_never_goes_to_a_host_of_the_user()
    {
        using var server = new SmtpTestServer { Login = "sys:pw" };
        _context.Config["config.mail.host"] = "elsewhere.invalid";
        _context.Config["config.mail.port"] = "25";
        _context.Config["config.mail.username"] = "sys";
        _context.Config["config.mail.password"] = "pw";

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(server, "mail>: {data: x}\nsubject: s\nfrom: f@x\nto: a@x"));

        Assert.Equal("530 5.7.0 Authentication required (send failed)", failure.Message);
    }

    [Fact]
    public async Task Secrets_win_over_parameters_and_a_password_parameter_is_ignored()
    {
        using var server = new SmtpTestServer { Login = "ann:right" };
        _context.SecretValues["mail.port"] = $"{server.Port}";
        _context.SecretValues["mail.username"] = "ann";
        _context.SecretValues["mail.password"] = "right";

        await _context.RunAsync(_mail, "mail>: {data: x}\nsubject: s\nfrom: f@x\nto: a@x\nhost: 127.0.0.1\nport: 1\nusername: bob\npassword: wrong");

        Assert.Single(server.Messages);
        Assert.Contains("WARN Unsecure 'password' parameter is deprecated.", _context.Lines);
    }

    [Theory]
    [InlineData("mail>: {data: x}\nsubject: s\nfrom: f@x\nto: a@x", "Missing SMTP configuration")]
    [InlineData("mail>: {data: x}\nsubject: s\nfrom: f@x\nto: a@x\nhost: h", "Parameter 'port' is required but not set")]
    [InlineData("mail>: {data: x}\nsubject: s\nfrom: f@x", "Parameter 'to' is required but not set")]
    [InlineData("mail>: {data: x}\nfrom: f@x\nto: a@x", "Parameter 'subject' is required but not set")]
    [InlineData("mail>: {data: x}\nsubject: s\nto: a@x", "Parameter 'from' is required but not set")]
    [InlineData("mail>:\nsubject: s\nfrom: f@x\nto: a@x", "Parameter 'body' is required but not set")]
    [InlineData("mail>: {data: x}\nsubject: s\nfrom: f@x\nto: 'no address'", "Invalid address")]
    [InlineData("mail>: {data: x}\nsubject: s\nfrom: f@x\nto: []\nhost: 127.0.0.1\nport: 1", "No recipient addresses (send failed)")]
    public async Task What_is_missing_is_named(string task, string message)
    {
        var failure = await Assert.ThrowsAnyAsync<WorkflowException>(() => _context.RunAsync(_mail, task));

        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public async Task A_missing_attachment_is_named()
    {
        var failure = await Assert.ThrowsAsync<ConfigException>(
            () => _context.RunAsync(_mail, "mail>: {data: x}\nsubject: s\nfrom: f@x\nto: a@x\nattach_files: [{path: no.txt}]"));

        Assert.Equal($"File not found: {_context.PathOf("no.txt")}", failure.Message);
    }

    [Fact]
    public async Task Refusals_say_what_the_server_said()
    {
        using var unwilling = new SmtpTestServer { Greeting = "554 no service" };
        using var strict = new SmtpTestServer { Login = "a:b" };
        using var picky = new SmtpTestServer { Refused = "a@x" };
        const string task = "mail>: {data: x}\nsubject: s\nfrom: f@x\nto: a@x";
        _context.SecretValues["mail.password"] = "wrong";

        var greeting = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(unwilling, task));
        var login = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(strict, task + "\nusername: a"));
        var recipient = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(picky, task));

        Assert.Equal($"Could not connect to SMTP host: 127.0.0.1, port: {unwilling.Port}, response: 554 (messaging)", greeting.Message);
        Assert.Contains("bad credentials", login.Message, StringComparison.Ordinal);
        Assert.EndsWith("(authentication failed)", login.Message, StringComparison.Ordinal);
        Assert.Equal("Invalid Addresses (send failed)", recipient.Message);
        Assert.Contains("a@x: 550 5.1.1 mailbox unavailable", FailureText.Describe(recipient), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_server_is_named()
    {
        int port;
        using (var gone = new SmtpTestServer())
        {
            port = gone.Port;
        }

        var failure = await Assert.ThrowsAsync<TaskFailedException>(
            () => _context.RunAsync(_mail, $"mail>: {{data: x}}\nsubject: s\nfrom: f@x\nto: a@x\nhost: 127.0.0.1\nport: {port}"));

        Assert.Equal($"Couldn't connect to host, port: 127.0.0.1, {port}; timeout 10000 (mail connect)", failure.Message);
    }

    [Fact]
    public async Task Debugging_shows_the_conversation_but_no_password()
    {
        using var server = new SmtpTestServer { Login = "ann:hidden" };
        _context.SecretValues["mail.password"] = "hidden";

        await RunAsync(server, "mail>: {data: x}\nsubject: s\nfrom: f@x\nto: a@x\nusername: ann\ndebug: true");

        Assert.Contains("MAIL FROM:<f@x>", _context.OutputText, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("\0ann\0hidden"u8), _context.OutputText, StringComparison.Ordinal);
    }

    private Task<OperatorOutcome> RunAsync(SmtpTestServer server, string task) =>
        _context.RunAsync(_mail, task, $"{{mail: {{host: 127.0.0.1, port: {server.Port}}}}}");
}
