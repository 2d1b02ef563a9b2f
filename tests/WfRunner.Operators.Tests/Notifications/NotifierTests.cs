using System.Text.Json;
using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Operators.Control;
using WfRunner.Operators.Notifications;
using WfRunner.Operators.Tests.Http;
using WfRunner.Operators.Tests.Mail;

namespace WfRunner.Operators.Tests.Notifications;

public sealed class NotifierTests : IDisposable
{
    private readonly OperatorTestContext _context = new();
    private readonly NotifyOperator _notify = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task Without_a_configuration_nothing_happens() =>
        Assert.Same(OperatorOutcome.Done, await _context.RunAsync(_notify, "notify>: hello"));

    [Fact]
    public async Task A_shell_command_gets_the_notification_as_json()
    {
        Configure(("type", "shell"), ("shell.command", $"cat > '{_context.PathOf("note.json")}'; echo dropped"));

        await _context.RunAsync(_notify, "notify>: hello");

        var note = JsonDocument.Parse(File.ReadAllText(_context.PathOf("note.json"))).RootElement;
        Assert.Equal("hello", note.GetProperty("message").GetString());
        Assert.Equal("2024-03-12T19:05:06Z", note.GetProperty("timestamp").GetString());
        Assert.Equal("2024-03-12T19:05:06+00:00", note.GetProperty("session_time").GetString());
        Assert.Equal("+wf+task", note.GetProperty("task_name").GetString());
        Assert.Equal(3, note.GetProperty("attempt_id").GetInt64());
        Assert.Equal(JsonValueKind.Null, note.GetProperty("revision").ValueKind);
        Assert.Equal(14, note.EnumerateObject().Count());
        Assert.Empty(_context.OutputText);
    }

    [Fact]
    public async Task An_address_gets_the_notification_posted()
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(200));
        Configure(("type", "http"), ("http.url", server.Address + "/hook"), ("http.headers.X-Token", "t"));

        await _context.RunAsync(_notify, "notify>: hello");

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /hook HTTP/1.1\n", request, StringComparison.Ordinal);
        Assert.Contains("\nX-Token: t\n", request, StringComparison.Ordinal);
        Assert.Contains("\nContent-Type: application/json\n", request, StringComparison.Ordinal);
        Assert.Contains("\"message\":\"hello\"", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_repeated_and_logged()
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(500), RawHttpServer.Answer(500), RawHttpServer.Answer(200));
        Configure(("type", "http"), ("http.url", server.Address), ("min_retry_wait", "1"));

        await _context.RunAsync(_notify, "notify>: hello");

        Assert.Equal(3, server.Requests.Count);
        Assert.StartsWith("WARN Sending notification failed: retry 1 of 10\n", _context.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("WARN Sending notification failed: retry 2 of 10\n", _context.Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 3", "Notification shell command failed: exit 3, exit code = 3")]
    [InlineData("sleep 60", "Notification shell command timed out: sleep 60")]
    public async Task In_the_end_the_task_fails(string command, string reason)
    {
        Configure(("type", "shell"), ("shell.command", command), ("shell.timeout", "500"), ("retries", "1"), ("min_retry_wait", "1"));

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => _context.RunAsync(_notify, "notify>: hello"));

        Assert.Equal("Sending notification failed (notification)", failure.Message);
        Assert.Contains(reason, FailureText.Describe(failure), StringComparison.Ordinal);
        Assert.Single(_context.Lines);
    }

    [Fact]
    public async Task A_mail_lists_what_is_known()
    {
        using var server = new SmtpTestServer();
        Configure(("type", "mail"), ("mail.host", "127.0.0.1"), ("mail.port", $"{server.Port}"), ("mail.from", "f@x"), ("mail.to", "[\"a@x\", \"b@x\"]"));

        await _context.RunAsync(_notify, "notify>: hello");

        var (envelope, message) = Assert.Single(server.Messages);
        Assert.Equal(["f@x", "a@x", "b@x"], envelope);
        Assert.Equal("Digdag Notification", message.Subject);
        var text = message.TextBody!.ReplaceLineEndings("\n");
        Assert.StartsWith("Digdag Notification\n\nMessage: hello\nDate: 2024-03-12T19:05:06Z\n\nSite Id: 0\nProject Name: default\n", text, StringComparison.Ordinal);
        Assert.Contains("\nTask Name: +wf+task\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_may_have_a_template_of_its_own()
    {
        using var server = new SmtpTestServer();
        var template = _context.Write("body.html", "<b>${message}</b>");
        Configure(
            ("type", "mail"), ("mail.host", "127.0.0.1"), ("mail.port", $"{server.Port}"), ("mail.from", "f@x"), ("mail.to", "a@x"),
            ("mail.body_template_file", template), ("mail.html", "true"), ("mail.subject", "s"));

        await _context.RunAsync(_notify, "notify>: hello");

        var (_, message) = Assert.Single(server.Messages);
        Assert.Equal("<b>hello</b>", message.HtmlBody?.TrimEnd());
        Assert.Equal("s", message.Subject);
    }

    [Theory]
    [InlineData("type=pigeon", "Unknown notification.type: pigeon (http, shell or mail)")]
    [InlineData("type=http", "Parameter 'http.url' is required but not set")]
    [InlineData("type=http http.url=nowhere", "notification.http.url must start with http:// or https://: nowhere")]
    [InlineData("type=shell", "Parameter 'shell.command' is required but not set")]
    [InlineData("type=mail mail.host=h mail.port=1 mail.from=f@x mail.to=nobody", "Invalid address")]
    [InlineData("type=mail mail.host=h mail.port=1 mail.from=f@x", "Parameter 'to' is required but not set")]
    public void A_wrong_configuration_shows_at_once(string settings, string message)
    {
        Configure([.. settings.Split(' ').Select(s => s.Split('=')).Select(p => (p[0], p[1]))]);

        Assert.Equal(message, Assert.Throws<ConfigException>(() => Notifier.Create(_context.Config)).Message);
    }

    private void Configure(params (string Key, string Value)[] settings)
    {
        foreach (var (key, value) in settings)
        {
            _context.Config["notification." + key] = value;
        }
    }
}
