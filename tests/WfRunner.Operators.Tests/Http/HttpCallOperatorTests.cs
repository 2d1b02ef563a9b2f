using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Http;

namespace WfRunner.Operators.Tests.Http;

public sealed class HttpCallOperatorTests : IDisposable
{
    private const string Json = """{"_export": {"a": 1}, "+t": {"echo>": "${a}"}}""";
    private const string Yaml = "_export: {a: 1}\n+t:\n  echo>: ${a}\n";

    private readonly OperatorTestContext _context = new();
    private readonly HttpCallOperator _call = new();

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData("Content-Type: application/json; charset=utf-8", Json, "")]
    [InlineData("Content-Type: application/x-yaml", Yaml, "")]
    [InlineData("Content-Type: text/plain", Yaml, "content_type_override: application/x-yaml")]
    [InlineData("", Json, "content_type_override: application/json")]
    public async Task The_answer_becomes_the_tasks_below(string header, string body, string options)
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(200, body, header));

        var outcome = Assert.IsType<OperatorOutcome.Succeeded>(await _context.RunAsync(_call, $"http_call>: {server.Address}\n{options}"));

        Assert.Equal("""{"_export":{"a":1},"+t":{"echo>":"${a}"}}""", ConfigJson.Write(outcome.Result.SubtaskConfig));
        Assert.False(File.Exists(_context.PathOf("http_call.dig")));
    }

    [Theory]
    [InlineData("Content-Type: text/plain", "x", "Unsupported Content-Type (expected application/json or application/x-yaml): text/plain")]
    [InlineData("", "x", "Content-Type must be set in the HTTP response but not set")]
    public async Task Other_answers_are_refused(string header, string body, string message)
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(200, body, header));

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => _context.RunAsync(_call, $"http_call>: {server.Address}"));

        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public async Task Broken_json_is_said_to_be_that()
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(200, "{", "Content-Type: application/json"));

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => _context.RunAsync(_call, $"http_call>: {server.Address}"));

        Assert.StartsWith("Failed to parse response as JSON: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_keys_are_refused_as_in_a_file()
    {
        using var server = new RawHttpServer(RawHttpServer.Answer(200, "wrong: 1\n", "Content-Type: application/x-yaml"));

        var failure = await Assert.ThrowsAnyAsync<WorkflowException>(() => _context.RunAsync(_call, $"http_call>: {server.Address}"));

        Assert.Contains("includes unknown keys: [wrong]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_address_is_not_for_calls()
    {
        _context.SecretValues["http.uri"] = "http://127.0.0.1:1/";
        using var server = new RawHttpServer(RawHttpServer.Answer(200, "+t: {echo>: x}", "Content-Type: application/x-yaml"));

        await _context.RunAsync(_call, $"http_call>: {server.Address}");

        Assert.Single(server.Requests);
    }
}
