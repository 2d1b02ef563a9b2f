using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Server;

/// <summary><c>wf migrate</c> on real database files.</summary>
public sealed class MigrateTests
{
    [Fact]
    public async Task A_database_is_created_once_and_then_up_to_date()
    {
        using var folder = new TestFolder();

        Assert.Equal("No table exist\n", (await Wf.RunAsync(folder, "migrate", "check", "-o", "db")).Exits(0).Out);
        Assert.False(Directory.Exists(folder.PathOf("db")));
        Assert.Equal("Migrations successfully finished\n", (await Wf.RunAsync(folder, "migrate", "run", "-o", "db")).Exits(0).Out);
        Assert.Equal("No update\n", (await Wf.RunAsync(folder, "migrate", "run", "-o", "db")).Exits(0).Out);
        Assert.Equal("No update\n", (await Wf.RunAsync(folder, "migrate", "check", "-o", "db", "--exit-code")).Exits(0).Out);
    }

    [Theory]
    [InlineData("Invalid parameters", "migrate")]
    [InlineData("Invalid command", "migrate", "undo", "-o", "db")]
    [InlineData("--database, or --config option is required", "migrate", "check")]
    public async Task Wrong_arguments_are_explained(string message, params string[] arguments)
    {
        using var folder = new TestFolder();

        Assert.Contains("\nerror: " + message + "\n", (await Wf.RunAsync(folder, arguments)).Exits(1).Error, StringComparison.Ordinal);
    }
}
