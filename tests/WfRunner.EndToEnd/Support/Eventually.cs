namespace WfRunner.EndToEnd.Support;

/// <summary>Waits for something that another process brings about, by asking it again and again.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Asks until the answer satisfies; each question is a process of its own, so it paces itself.</summary>
    public static async Task<WfResult> AnswersAsync(Func<Task<WfResult>> ask, Func<WfResult, bool> satisfies)
    {
        var deadline = DateTime.UtcNow + Longest;
        while (true)
        {
            var answer = await ask();
            if (satisfies(answer))
            {
                return answer;
            }

            Assert.True(DateTime.UtcNow < deadline, $"still waiting; last answer:\n{answer.Out}\n{answer.Error}");
        }
    }
}
