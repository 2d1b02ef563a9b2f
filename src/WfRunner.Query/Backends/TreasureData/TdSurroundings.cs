namespace WfRunner.Query.Backends.TreasureData;

/// <summary>What settings of Treasure Data may come from besides the task: environment variables and the file <c>td.conf</c>.</summary>
/// <param name="Variable">Reads an environment variable.</param>
/// <param name="ReadFile">Reads a text file; null when there is none or it cannot be read.</param>
/// <param name="Home">The user's folder.</param>
public sealed record TdSurroundings(Func<string, string?> Variable, Func<string, string?> ReadFile, string Home)
{
    /// <summary>Those of this process.</summary>
    public static TdSurroundings OfProcess { get; } = new(
        Environment.GetEnvironmentVariable,
        static path =>
        {
            try
            {
                return File.Exists(path) ? File.ReadAllText(path) : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        },
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>Surroundings that say nothing.</summary>
    public static TdSurroundings Empty { get; } = new(static _ => null, static _ => null, "/");
}
