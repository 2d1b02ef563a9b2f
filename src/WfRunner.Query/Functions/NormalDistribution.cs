namespace WfRunner.Query.Functions;

/// <summary>The standard normal distribution, for Presto's <c>normal_cdf</c> and <c>inverse_normal_cdf</c>.</summary>
internal static class NormalDistribution
{
    private const int MostSteps = 100;

    /// <summary>The share of values below <paramref name="x"/>.</summary>
    public static double Cdf(double x)
    {
        if (Math.Abs(x) > 38)
        {
            return x > 0 ? 1 : 0;
        }

        // The series of Marsaglia (2004) converges near the middle, the continued fraction of the tail far from it.
        return Math.Abs(x) < 7 ? 0.5 + Series(x) : x > 0 ? 1 - Tail(x) : Tail(-x);
    }

    /// <summary>The value below which a share lies.</summary>
    /// <exception cref="SqlFunctionException">The share is not between 0 and 1.</exception>
    public static double Inverse(double p)
    {
        if (p is not (> 0 and < 1))
        {
            throw new SqlFunctionException("p must be 0 > p > 1");
        }

        // Halving is slow but sure, and as exact as the distribution itself.
        var (low, high) = (-38.0, 38.0);
        for (var i = 0; i < MostSteps && low < high; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Cdf(middle) < p ? (middle, high) : (low, middle);
        }

        return Math.Abs(high) < 1e-15 ? 0 : high;
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    private static double Series(double x)
    {
        var (sum, term) = (x, x);
        for (var n = 3; n < 400 && Math.Abs(term) > Math.Abs(sum) * 1e-17; n += 2)
        {
            term *= x * x / n;
            sum += term;
        }

        return sum * Density(x);
    }

    private static double Tail(double x)
    {
        var fraction = 0.0;
        for (var n = MostSteps; n > 0; n--)
        {
            fraction = n / (x + fraction);
        }

        return Density(x) / (x + fraction);
    }
}
