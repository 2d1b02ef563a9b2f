using System.Net;
using System.Text.Json;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests.Security;

/// <summary>Attacks: names that lead out of the folder they belong to.</summary>
public sealed class PathTests
{
    private readonly ProbeOperator _probe = new();

    [Theory]
    [InlineData("/api/logs/1/files/..%2F..%2Fsecret.txt")]
    [InlineData("/api/logs/1/files/..%2f..%2fsecret.txt")]
    [InlineData("/api/logs/1/files/%2e%2e%2Fsecret.txt")]
    [InlineData("/api/logs/1/files/..%5C..%5Csecret.txt")]
    [InlineData("/api/logs/1/files/%2Fetc%2Fpasswd")]
    [InlineData("/api/logs/1/files/..")]
    [InlineData("/api/logs/1/files/%2e%2e")]
    [InlineData("/api/logs/1/files/a%00.log.gz")]
    [InlineData("/api/logs/1/files/..%252F..%252Fsecret.txt")]
    [InlineData("/api/logs/1/files/....//....//secret.txt")]
    [InlineData("/api/logs/..%2F1/files/secret.txt")]
    [InlineData("/api/logs/../../secret.txt")]
    [InlineData("/api/projects/..%2F1")]
    [InlineData("/api/projects/1%2F..%2F1/archive")]
    [InlineData("/api/projects/1/workflows/..%2F..%2Fsecret")]
    [InlineData("/api/projects/1/archive?revision=..%2F..%2Fsecret.txt")]
    [InlineData("/api/attempts/-1")]
    [InlineData("/api/attempts/1e0")]
    [InlineData("/api/attempts/%2B1")]
    [InlineData("/api/attempts/99999999999999999999999")]
    public async Task No_name_leads_to_a_file_outside(string path)
    {
        var directory = Directory.CreateTempSubdirectory("wf-out-").FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "secret.txt"), "TOP-SECRET", TestContext.Current.CancellationToken);
        await using (var server = await RunningServer.StartAsync(_probe, database: Directory.CreateDirectory(Path.Combine(directory, "db")).FullName))
        {
            await server.PushAsync("demo", "r1", ("wf.dig", "+a:\n  probe>: a\n"));
            await server.StartAttemptAsync();
            await server.EndOfFirstAsync();

            var answer = await RawConnection.AskAsync(server, $"GET {path} HTTP/1.1");

            // What is no path of the API shows the web UI's page.
            Assert.True(
                answer.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal)
                || answer.StartsWith("HTTP/1.1 404 ", StringComparison.Ordinal)
                || answer.Contains("\r\nContent-Type: text/html", StringComparison.Ordinal),
                answer);
            Assert.DoesNotContain("TOP-SECRET", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
            Assert.DoesNotContain(directory, answer, StringComparison.Ordinal);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("/etc/x")]
    [InlineData("a\\..\\x")]
    public async Task Names_of_tasks_that_are_paths_are_refused(string name)
    {
        await using var server = await RunningServer.StartAsync(_probe);

        var (pushed, answer) = await server.PushAsync("demo", "r1", ("wf.dig", $"+{name}:\n  probe>: a\n"));

        Assert.Equal(HttpStatusCode.BadRequest, pushed);
        Assert.Contains("task name must not contain character", answer.GetString("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("/../../../../x")]
    [InlineData("..")]
    [InlineData("a\\..\\x")]
    [InlineData("x\u0000y")]
    public async Task A_name_of_a_retry_leads_no_log_out_of_the_folder_of_logs(string name)
    {
        var directory = Directory.CreateTempSubdirectory("wf-log-").FullName;
        var logs = Path.Combine(directory, "logs", "deep", "down");
        await using (var server = await RunningServer.StartAsync(_probe, config: [("log-server.local.path", logs)]))
        {
            await server.PushAsync("demo", "r1", ("wf.dig", "+a:\n  probe>: a\n"));
            var (status, _) = await server.StartAttemptAsync(retry: JsonEncodedText.Encode(name).ToString());
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal("success", (await server.EndOfFirstAsync()).GetString("status"));
            Assert.NotEmpty(((ConfigList)(await server.GetAsync("api/logs/1/files"))["files"]!).Items);
        }

        Assert.All(
            Directory.GetFiles(directory, "*", SearchOption.AllDirectories), f => Assert.StartsWith(logs, f, StringComparison.Ordinal));
        Directory.Delete(directory, recursive: true);
    }
}
