namespace WfRunner.Query.Tests.Corpus;

/// <summary>
/// Expressions and their values as the documentation of Trino's functions gives them, one a line: <c>expression => JSON</c>. Decimals,
/// dates and times are texts, as in every result.
/// </summary>
public sealed class FunctionTableTests
{
    [Fact]
    public async Task Functions_give_the_values_of_the_documentation()
    {
        await using var engine = new LocalEngine();
        var lines = LocalEngine.Text("functions.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var wrong = new List<string>();
        foreach (var line in lines)
        {
            var at = line.LastIndexOf(" => ", StringComparison.Ordinal);
            var found = await ValueAsync(engine, line[..at]);
            if (found != $"[{line[(at + 4)..]}]")
            {
                wrong.Add($"{line} but was {found}");
            }
        }

        Assert.InRange(lines.Length, 300, int.MaxValue);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {lines.Length}:\n{string.Join('\n', wrong)}");
    }

    private static async Task<string> ValueAsync(LocalEngine engine, string expression)
    {
        try
        {
            return Assert.Single(await engine.RowsAsync($"select {expression} as x", TestContext.Current.CancellationToken));
        }
        catch (QueryFailedException e)
        {
            return e.Message;
        }
    }
}
