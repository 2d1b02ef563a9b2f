using System.Text;
using CsCheck;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;

namespace WfRunner.Core.Tests.Engine;

/// <summary>Walks random workflows with random outcomes in random order and checks what must hold for every one of them.</summary>
public sealed class AttemptMachineProperties
{
    private static readonly Gen<string> Workflow = Gen.Int[0, 1_000_000].Select(seed => RandomWorkflow(new Random(seed), isLate: false));

    private static readonly Gen<string> WatchedWorkflow = Gen.Int[0, 1_000_000].Select(seed => RandomWorkflow(new Random(seed), isLate: seed % 3 == 0));

    [Fact]
    public void Every_attempt_ends_and_no_rule_of_order_is_broken() =>
        Gen.Select(WatchedWorkflow, Gen.Int[0, 1_000_000]).Sample((dig, seed) => Walk(dig, seed), iter: 3000);

    /// <summary>
    /// What a task does depends on the task alone here; then how an attempt ends, and what its tasks see, must not depend on which of
    /// the tasks that run at once ends first.
    /// </summary>
    [Fact]
    public void The_end_does_not_depend_on_the_order_in_which_tasks_end() =>
        Gen.Select(Workflow, Gen.Int[0, 1_000_000]).Sample(
            (dig, seed) => Assert.Equal(EndOf(dig, seed, static _ => 0), EndOf(dig, seed, new Random(seed).Next)), iter: 2000);

    private static string EndOf(string dig, int seed, Func<int, int> choose)
    {
        var tries = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var run = new AttemptSimulation(dig, maximumTasks: 100_000).Play(
            (task, s) =>
            {
                var tried = tries[task.FullName] = tries.GetValueOrDefault(task.FullName) + 1;
                var name = $"{task.FullName}#{tried}";
                seen[name] = s.Machine.ParametersOf(task.Id).ToString();
                AttemptEvent? outcome = ((StableHash(name) ^ seed) % 7) switch
                {
                    0 => new AttemptEvent.TaskFailed(s.Now, task.Id, ConfigMap.Of(("message", name))),
                    1 when task.RetryCount < 2 => new AttemptEvent.TaskToRetry(s.Now, task.Id, Duration.FromSeconds(1), ConfigMap.Empty),
                    2 when !task.FullName.Contains('^', StringComparison.Ordinal) => new AttemptEvent.TaskSucceeded(s.Now, task.Id, new TaskResult
                    {
                        SubtaskConfig = ConfigMap.Of(("_parallel", true), ("+s0", ConfigMap.Of(("echo>", "0"))), ("+s1", ConfigMap.Of(("echo>", "1")))),
                    }),
                    3 => new AttemptEvent.TaskSucceeded(s.Now, task.Id, new TaskResult { StoreParams = ConfigMap.Of((task.FullName, name)) }),
                    _ => null,
                };
                return outcome;
            },
            choose);
        var states = run.Machine.Tasks.Select(t => $"{t.FullName}={t.State}").Order(StringComparer.Ordinal);
        return string.Join('\n', states.Concat(seen.Select(p => $"{p.Key} saw {p.Value}")));
    }

    // string.GetHashCode differs from run to run.
    private static int StableHash(string text) => text.Aggregate(17, (hash, c) => unchecked((hash * 31) + c)) & int.MaxValue;

    private static void Walk(string dig, int seed)
    {
        var random = new Random(seed);
        var run = new AttemptSimulation(dig, maximumTasks: 100_000);
        run.Play(
            (task, s) =>
            {
                Assert.DoesNotContain(task.Id, s.Succeeded);
                Assert.All(task.Upstreams, u => Assert.Equal(TaskState.Success, s.Machine.Get(u).State));
                Assert.True(s.Machine.Get(task.ParentId!.Value).State.MayRunChildren());
                switch (random.Next(20))
                {
                    case 0:
                        return new AttemptEvent.TaskFailed(s.Now, task.Id, ConfigMap.Of(("message", "random")));
                    case 1 when task.RetryCount < 3:
                        return new AttemptEvent.TaskToRetry(s.Now, task.Id, Duration.FromSeconds(random.Next(3)), ConfigMap.Empty);
                    case 2 when random.Next(10) == 0:
                        s.Apply(new AttemptEvent.CancelRequested(s.Now));
                        return new AttemptEvent.TaskFailed(s.Now, task.Id, ConfigMap.Empty);
                    case 3:
                        s.Crash();
                        return new AttemptEvent.TimePassed(s.Now);
                    case 5:
                        s.Pass(Duration.FromSeconds(1));
                        return null;
                    case 4 when !task.FullName.Contains('^', StringComparison.Ordinal):
                        return new AttemptEvent.TaskSucceeded(s.Now, task.Id, new TaskResult
                        {
                            SubtaskConfig = ConfigMap.Of(("+s0", ConfigMap.Of(("echo>", "0"))), ("+s1", ConfigMap.Of(("echo>", "1")))),
                        });
                    default:
                        return null;
                }
            },
            random.Next);

        Assert.True(run.Machine.IsFinished);
        Assert.All(run.Machine.Tasks, t => Assert.True(t.State.IsDone() || t.State == TaskState.Blocked, $"{t.FullName} ended as {t.State}"));
    }

    private static string RandomWorkflow(Random random, bool isLate)
    {
        var text = new StringBuilder();
        if (isLate)
        {
            text.Append("sla: {duration: '00:00:0").Append(random.Next(3)).Append("', fail: ").Append(random.Next(2) == 0 ? "true" : "false").Append(", +late: {echo>: l}}\n");
        }

        AddTasks(text, random, depth: 0, indent: string.Empty);
        return text.ToString();
    }

    private static void AddTasks(StringBuilder text, Random random, int depth, string indent)
    {
        var parallel = random.Next(3) == 0;
        if (parallel)
        {
            text.Append(indent).Append("_parallel: ").Append(random.Next(2) == 0 ? "true" : "{limit: 2}").Append('\n');
        }

        if (random.Next(5) == 0)
        {
            text.Append(indent).Append("_retry: {limit: 2, interval: 1}\n");
        }

        if (random.Next(6) == 0)
        {
            text.Append(indent).Append("_error: {echo>: e}\n");
        }

        var count = 1 + random.Next(4);
        for (var i = 0; i < count; i++)
        {
            text.Append(indent).Append("+t").Append(i).Append(":\n");
            var inner = indent + "  ";
            if (!parallel && random.Next(6) == 0)
            {
                text.Append(inner).Append("_background: true\n");
            }

            if (parallel && i > 0 && random.Next(3) == 0)
            {
                text.Append(inner).Append("_after: [+t").Append(random.Next(i)).Append("]\n");
            }

            if (depth < 3 && random.Next(3) == 0)
            {
                AddTasks(text, random, depth + 1, inner);
                continue;
            }

            text.Append(inner).Append(random.Next(8) == 0 ? "fail>: f\n" : "echo>: e\n");
            if (random.Next(8) == 0)
            {
                text.Append(inner).Append("_check: {echo>: c}\n");
            }

            if (random.Next(8) == 0)
            {
                text.Append(inner).Append("_error: {echo>: h}\n");
            }

            if (random.Next(8) == 0)
            {
                text.Append(inner).Append("_retry: 1\n");
            }
        }
    }
}
