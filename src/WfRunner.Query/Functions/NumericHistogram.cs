using System.Globalization;
using System.Text;

namespace WfRunner.Query.Functions;

/// <summary>Presto's <c>numeric_histogram</c>: a number of means with how many values stand around each.</summary>
internal static class NumericHistogram
{
    /// <summary>The histogram as JSON, means in rising order.</summary>
    /// <param name="buckets">How many means there may be, from 2 on.</param>
    /// <param name="values">The values.</param>
    /// <exception cref="SqlFunctionException">Fewer than two buckets are asked for.</exception>
    public static string Of(long buckets, List<double> values)
    {
        if (buckets < 2)
        {
            throw new SqlFunctionException("numeric_histogram bucket count must be greater than one");
        }

        var means = values.Where(double.IsFinite).GroupBy(v => v).OrderBy(g => g.Key).Select(g => (Mean: g.Key, Weight: (double)g.Count())).ToList();
        while (means.Count > buckets)
        {
            MergeClosest(means);
        }

        var json = new StringBuilder("{");
        foreach (var (mean, weight) in means)
        {
            json.Append(json.Length > 1 ? "," : string.Empty)
                .Append(CultureInfo.InvariantCulture, $"\"{mean:R}\":{weight:R}");
        }

        return json.Append('}').ToString();
    }

    private static void MergeClosest(List<(double Mean, double Weight)> means)
    {
        var closest = 1;
        for (var i = 2; i < means.Count; i++)
        {
            closest = means[i].Mean - means[i - 1].Mean < means[closest].Mean - means[closest - 1].Mean ? i : closest;
        }

        var (low, high) = (means[closest - 1], means[closest]);
        var weight = low.Weight + high.Weight;
        means[closest - 1] = (((low.Mean * low.Weight) + (high.Mean * high.Weight)) / weight, weight);
        means.RemoveAt(closest);
    }
}
