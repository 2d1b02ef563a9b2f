using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Sql;

/// <summary>How much of a result may become parameters. Digdag behaviour: operators-core 10.3.</summary>
/// <param name="Rows">Rows of <c>store_last_results: all</c>.</param>
/// <param name="Columns">Columns.</param>
/// <param name="ValueSize">Characters of a text.</param>
internal sealed record ResultLimits(int Rows, int Columns, int ValueSize)
{
    public static ResultLimits Of(IReadOnlyDictionary<string, string> systemConfig, string type)
    {
        var settings = systemConfig.Below($"config.{type}.").MergeDefault(systemConfig.Below("config.jdbc."));
        return new(
            settings.GetInt32OrNull("max_store_last_results_rows") ?? 8192,
            settings.GetInt32OrNull("max_store_last_results_columns") ?? 64,
            settings.GetInt32OrNull("max_store_last_results_value_size") ?? 256);
    }

    public void CheckRows(int count) => Check(count, Rows, "The number of result rows");

    public void CheckColumns(int count) => Check(count, Columns, "The number of result columns");

    public void CheckValue(ConfigValue value)
    {
        if (value is ConfigText text)
        {
            Check(text.Value.Length, ValueSize, "The size of result value");
        }
    }

    private static void Check(int count, int limit, string what)
    {
        if (count > limit)
        {
            throw new TaskFailedException($"{what} exceeded the limit: {count} > {limit}");
        }
    }
}
