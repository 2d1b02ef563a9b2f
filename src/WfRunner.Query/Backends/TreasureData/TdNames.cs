namespace WfRunner.Query.Backends.TreasureData;

/// <summary>What names of new databases and tables must look like. Digdag behaviour: operators-td 1.6.</summary>
internal static class TdNames
{
    private const int Shortest = 3;
    private const int Longest = 256;

    /// <summary>Refuses a name that the service would refuse.</summary>
    /// <param name="what"><c>Database</c> or <c>Table</c>.</param>
    /// <param name="name">The name.</param>
    /// <returns>The name.</returns>
    /// <exception cref="TdApiException">It is too short, too long, or holds other characters than <c>a-z0-9_</c>.</exception>
    public static string Check(string what, string name)
    {
        if (name.Length is < Shortest or > Longest)
        {
            throw TdApiException.OfInput($"{what} name must be {Shortest} to {Longest} characters but got {name.Length} characters: {name}");
        }

        return name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
            ? name
            : throw TdApiException.OfInput($"{what} name must follow this pattern ^([a-z0-9_]+)$: {name}");
    }
}
