using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Scripting;

namespace WfRunner.Operators.Tests.Scripting;

public sealed class RbOperatorTests : IDisposable
{
    private const string Tasks = """
        module A
          class B
            def initialize(base, extra = 1)
              @base = base
              @extra = extra
            end

            def add(x, y = 10, z: 100)
              Digdag.env.store(sum: @base + @extra + x + y + z)
            end

            def self.on_class(x)
              Digdag.env.store({ 'x' => x })
            end
          end
        end

        class Other
          def self.step(n)
          end
        end

        def top(name)
          Digdag.env.export(name: name, who: Digdag.env.params['who'])
        end

        def all(**rest)
          Digdag.env.store(nested: rest[:map][:k], names: rest.keys.include?(:who))
        end

        def more
          Digdag.env.add_subtask(:top, name: 'x')
          Digdag.env.add_subtask(Other, :step, n: 1)
          Digdag.env.add_subtask('echo>' => 'hi')
        end

        def dotted
          Digdag.env.add_subtask('a.b', {})
        end

        def broken
          raise KeyError, 'no such thing'
        end

        def leave
          exit 3
        end
        """;

    private readonly OperatorTestContext _context = new();
    private readonly RbOperator _rb = new();

    public RbOperatorTests() => _context.Write("tasks.rb", Tasks);

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData("A::B.add", "base: 1000\nx: 1", """{"sum":1112}""")]
    [InlineData("A::B.add", "base: 1000\nextra: 2\nx: 1\ny: 3\nz: 4", """{"sum":1010}""")]
    [InlineData("A::B.on_class", "x: ä", """{"x":"ä"}""")]
    [InlineData("all", "who: me\nmap: {k: v}", """{"nested":"v","names":true}""")]
    public async Task Parameters_become_arguments(string method, string options, string stored)
    {
        var result = await ResultAsync(method, options);

        Assert.Equal(stored, ConfigJson.Write(result.StoreParams));
    }

    [Fact]
    public async Task Exports_and_subtasks_come_back()
    {
        Assert.Equal("""{"name":"Ann","who":"me"}""", ConfigJson.Write((await ResultAsync("top", "name: Ann\nwho: me")).ExportParams));
        Assert.Equal(
            """{"+subtask0":{"name":"x","rb>":"top"},"+subtask1":{"n":1,"rb>":"::Other.step"},"+subtask2":{"echo>":"hi"}}""",
            ConfigJson.Write((await ResultAsync("more", "{}")).SubtaskConfig));
    }

    [Theory]
    [InlineData("top", "Ruby command failed with code 1: Method 'top' requires parameter 'name' but not set (ArgumentError)")]
    [InlineData("A::B.add", "Ruby command failed with code 1: Method 'A::B.new' requires parameter 'base' but not set (ArgumentError)")]
    [InlineData("A::B.on_class", "Ruby command failed with code 1: Method 'A::B.on_class' requires parameter 'x' but not set (ArgumentError)")]
    [InlineData("broken", "Ruby command failed with code 1: no such thing (KeyError)")]
    [InlineData("dotted", "Ruby command failed with code 1: Method name can't include '.' (ArgumentError)")]
    [InlineData("leave", "Ruby command failed with code 3")]
    public async Task A_failure_says_why(string method, string message)
    {
        var failure = await Assert.ThrowsAsync<WorkflowException>(() => ResultAsync(method, "{}"));

        Assert.Equal(message, failure.Message.Split('\n')[0]);
        Assert.Equal(FailureKind.Runtime, failure.Kind);
    }

    [Fact]
    public async Task A_missing_class_is_said_to_be_that() => Assert.StartsWith(
        "Ruby command failed with code 1: uninitialized constant Nowhere",
        (await Assert.ThrowsAsync<WorkflowException>(() => ResultAsync("Nowhere.m", "{}"))).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_script_may_stand_in_the_task()
    {
        var outcome = await _context.RunAsync(
            _rb, "rb>:\nscript: |\n  require 'json'\n  puts ENV['GREETING']\n  File.write(ARGV[1], JSON.generate({'store_params' => {'a' => JSON.parse(File.read(ARGV[0]))['params']['b']}}))\nb: 5\n_env: {GREETING: hello}");

        Assert.Equal("""{"a":5}""", ConfigJson.Write(Assert.IsType<OperatorOutcome.Succeeded>(outcome).Result.StoreParams));
        Assert.Equal("hello\n", _context.OutputText);
    }

    [Theory]
    [InlineData("ruby: 5", "Invalid ruby: 5")]
    [InlineData("{}", "Parameter 'script' is required but not set")]
    public async Task Wrong_options_are_refused(string options, string message)
    {
        var task = options == "{}" ? "rb>:" : $"rb>: top\n{options}";

        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => _context.RunAsync(_rb, task))).Message);
    }

    [Fact]
    public async Task Nothing_is_left_behind()
    {
        await ResultAsync("more", "{}");

        Assert.Empty(Directory.GetFiles(_context.PathOf(".digdag/tmp"), "*", SearchOption.AllDirectories));
    }

    private async Task<TaskResult> ResultAsync(string method, string options) => Assert.IsType<OperatorOutcome.Succeeded>(
        await _context.RunAsync(_rb, $"rb>: {method}\nrequire: tasks\n{(options == "{}" ? string.Empty : options)}")).Result;
}
