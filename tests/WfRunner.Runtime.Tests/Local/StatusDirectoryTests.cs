using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Local;

namespace WfRunner.Runtime.Tests.Local;

public sealed class StatusDirectoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wf-status-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_is_written_in_Digdags_form()
    {
        new StatusDirectory(_folder).WriteSucceeded(Task("+etl+extract", ConfigMap.Of(("rows", 42))));

        Assert.Equal(
            "fullName: \"+etl+extract\"\nstate: \"success\"\nresult:\n  subtaskConfig: {}\n  exportParams: {}\n  resetStoreParams: []\n"
            + "  storeParams:\n    rows: 42\n  report:\n    inputs: []\n    outputs: []\n",
            File.ReadAllText(Path.Combine(_folder, "+etl+extract.yml")));
    }

    [Fact]
    public void What_was_written_is_read_back()
    {
        var stores = ConfigMap.Of(
            ("text", "multi\nline \"quoted\" 日本語 ${x}"), ("list", new ConfigList([1L, "07:00:00", ConfigNull.Instance])), ("map", ConfigMap.Of(("+a", true))));
        new StatusDirectory(_folder).WriteSucceeded(Task("+wf+t^sub+loop-0", stores));

        var read = new StatusDirectory(_folder).ReadSucceeded(Assert.Fail);

        Assert.True(stores.DeepEquals(read["+wf+t^sub+loop-0"].StoreParams));
    }

    [Theory]
    [InlineData("{ not yaml")]
    [InlineData("state: \"success\"\n")]
    [InlineData("")]
    public void A_file_that_cannot_be_read_counts_as_absent_with_a_warning(string content)
    {
        File.WriteAllText(Path.Combine(_folder, "+wf+a.yml"), content);
        var warnings = new List<string>();

        var read = new StatusDirectory(_folder).ReadSucceeded(warnings.Add);

        Assert.Empty(read);
        Assert.Contains("+wf+a.yml", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_state_is_not_used()
    {
        File.WriteAllText(Path.Combine(_folder, "+wf+a.yml"), "fullName: \"+wf+a\"\nstate: \"error\"\nresult: {}\n");

        Assert.Empty(new StatusDirectory(_folder).ReadSucceeded(Assert.Fail));
    }

    [Fact]
    public void A_name_too_long_for_the_file_system_is_kept_all_the_same()
    {
        var name = "+wf" + string.Concat(Enumerable.Repeat("+" + new string('x', 60), 8));
        new StatusDirectory(_folder).WriteSucceeded(Task(name, ConfigMap.Empty));

        Assert.Contains(name, new StatusDirectory(_folder).ReadSucceeded(Assert.Fail).Keys);
    }

    [Fact]
    public void Nothing_but_whole_files_is_ever_left_behind()
    {
        var directory = new StatusDirectory(_folder);
        Parallel.For(0, 200, i => directory.WriteSucceeded(Task($"+wf+t{i % 10}", ConfigMap.Of(("i", (long)i)))));

        Assert.Equal(10, Directory.GetFiles(_folder).Length);
        Assert.Equal(10, new StatusDirectory(_folder).ReadSucceeded(Assert.Fail).Count);
    }

    [Fact]
    public async System.Threading.Tasks.Task A_file_that_was_prepared_holds_the_next_success_and_is_gone_when_there_is_none()
    {
        var directory = new StatusDirectory(_folder);
        directory.Prepare();
        directory.Prepare();
        directory.WriteSucceeded(Task("+wf+a", ConfigMap.Empty));
        directory.Prepare();

        await directory.CloseAsync();

        Assert.Equal([Path.Combine(_folder, "+wf+a.yml")], Directory.GetFiles(_folder));
        Assert.Equal(["+wf+a"], new StatusDirectory(_folder).ReadSucceeded(Assert.Fail).Keys);
    }

    [Fact]
    public async System.Threading.Tasks.Task A_prepared_file_that_a_script_has_removed_is_made_anew()
    {
        var directory = new StatusDirectory(_folder);
        directory.Prepare();
        while (Directory.GetFiles(_folder).Length == 0)
        {
            await System.Threading.Tasks.Task.Yield();
        }

        Directory.Delete(_folder, recursive: true);
        directory.WriteSucceeded(Task("+wf+a", ConfigMap.Empty));
        await directory.CloseAsync();

        Assert.Equal([Path.Combine(_folder, "+wf+a.yml")], Directory.GetFiles(_folder));
    }

    [Fact]
    public async System.Threading.Tasks.Task Nothing_is_made_before_the_first_success()
    {
        var path = Path.Combine(_folder, "session");
        var directory = new StatusDirectory(path);

        directory.Prepare();
        await directory.CloseAsync();

        Assert.False(Directory.Exists(path));
    }

    private static TaskRecord Task(string name, ConfigMap stores) => new()
    {
        Id = new TaskId(1),
        FullName = name,
        IsGroup = false,
        State = TaskState.Success,
        UpdatedAt = Instant.FromUnixTimeSeconds(0),
        Result = new TaskResult { StoreParams = stores },
    };
}
