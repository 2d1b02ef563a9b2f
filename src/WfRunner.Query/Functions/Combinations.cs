namespace WfRunner.Query.Functions;

/// <summary>Presto's <c>combinations</c>: which elements go together.</summary>
internal static class Combinations
{
    private const int LargestSize = 5;
    private const long MostElements = 10_000_000;

    /// <summary>The places, from 1, of the elements of all combinations, one after the other, in Presto's order.</summary>
    /// <param name="length">How many elements there are.</param>
    /// <param name="size">How many go together, 0 to 5.</param>
    /// <exception cref="SqlFunctionException">The size is out of bounds, or there are too many combinations.</exception>
    public static List<long> Of(long length, long size)
    {
        if (size is < 0 or > LargestSize)
        {
            throw new SqlFunctionException("combination size must not be negative nor exceed 5");
        }

        var places = new List<long>();
        var chosen = new long[size];
        for (var i = 0; i < size; i++)
        {
            chosen[i] = i + 1;
        }

        for (var isLeft = size > 0 && size <= length; isLeft; isLeft = MoveOn(chosen, length))
        {
            places.AddRange(chosen);
            if (places.Count > MostElements)
            {
                throw new SqlFunctionException("combinations exceed max size");
            }
        }

        return places;
    }

    // The lowest place that can move up does so, and those below it start again.
    private static bool MoveOn(long[] chosen, long length)
    {
        for (var i = 0; i < chosen.Length; i++)
        {
            var limit = i + 1 < chosen.Length ? chosen[i + 1] : length + 1;
            if (chosen[i] + 1 < limit)
            {
                chosen[i]++;
                for (var below = 0; below < i; below++)
                {
                    chosen[below] = below + 1;
                }

                return true;
            }
        }

        return false;
    }
}
