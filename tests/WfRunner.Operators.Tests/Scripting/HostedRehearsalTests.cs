using WfRunner.Operators.Scripting;

namespace WfRunner.Operators.Tests.Scripting;

/// <summary>Scripts of the hosted service in a local run.</summary>
public sealed class HostedRehearsalTests : IDisposable
{
    private const string Task = "py>: m.f\ns3_get: x\ndocker: {image: published, docker: no-such-engine, resource_level: '4'}";

    private readonly OperatorTestContext _context = new();

    public HostedRehearsalTests() => _context.Write("m.py", "def f(): print('ran')\n");

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task A_script_runs_here_when_there_is_no_engine_and_the_log_says_what_is_missing()
    {
        _context.Config[HostedRehearsal.TargetKey] = "td";

        await _context.RunAsync(new PyOperator(), Task + "\npython: python3");

        Assert.Equal("ran\n", _context.OutputText);
        Assert.Contains("WARN There is no no-such-engine here: the script runs on this machine and not in the image published", _context.Lines);
        Assert.Contains("WARN Not emulated here, the hosted service alone reads it: s3_get, docker.resource_level", _context.Lines);
    }

    [Fact]
    public async Task Other_targets_never_leave_out_a_container()
    {
        _context.Config[HostedRehearsal.TargetKey] = "wf";

        await Assert.ThrowsAnyAsync<Core.WorkflowException>(() => _context.RunAsync(new PyOperator(), Task));
        Assert.DoesNotContain(_context.Lines, l => l.StartsWith("WARN", StringComparison.Ordinal));
    }
}
