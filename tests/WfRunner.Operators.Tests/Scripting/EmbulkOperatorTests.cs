using WfRunner.Core;
using WfRunner.Operators.Scripting;

namespace WfRunner.Operators.Tests.Scripting;

/// <summary>A program named embulk stands in: what counts is how it is called and what it is given.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class EmbulkOperatorTests : IDisposable
{
    private readonly OperatorTestContext _context = new();
    private readonly EmbulkOperator _embulk = new();

    public EmbulkOperatorTests()
    {
        var program = _context.Write("bin/embulk", "#!/bin/sh\necho \"$1\"\ncat \"$2\"\nexit ${CODE:-0}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _context.SecretValues["db.password"] = "hidden";
    }

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task A_file_is_evaluated_and_given_its_secrets()
    {
        _context.Write("load.yml", "in: {type: file, path: '${name}'}\nout:\n  password: ${secret:db.password}\n");

        await RunAsync("embulk>: load.yml\nname: data.csv");

        Assert.Equal("""
            run
            {"in":{"type":"file","path":"data.csv"},"out":{"password":"hidden"}}
            """, _context.OutputText);
    }

    [Fact]
    public async Task A_load_may_stand_in_the_task()
    {
        await RunAsync("embulk>:\nconfig: {in: {type: stdin}, out: {password: '${secret:db.password}'}}");

        Assert.EndsWith("""{"in":{"type":"stdin"},"out":{"password":"hidden"}}""", _context.OutputText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("embulk>: bad.yml", "Failed to parse yaml file")]
    [InlineData("embulk>:", "Parameter 'config' is required but not set")]
    [InlineData("embulk>:\nconfig: {}\ncode: 4", "Command failed with code 4")]
    public async Task Failures_say_why(string task, string message)
    {
        _context.Write("bad.yml", "- a\n- b\n");

        var failure = await Assert.ThrowsAnyAsync<WorkflowException>(() => RunAsync(task.Replace("code: 4", string.Empty, StringComparison.Ordinal), task.Contains("code: 4", StringComparison.Ordinal) ? "4" : "0"));

        Assert.Equal(message, failure.Message);
    }

    private Task RunAsync(string task, string code = "0") => _context.RunAsync(
        _embulk, $"{task}\n_env: {{PATH: '{_context.PathOf("bin")}:/usr/bin:/bin', CODE: '{code}'}}");
}
