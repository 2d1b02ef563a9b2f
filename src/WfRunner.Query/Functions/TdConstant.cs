using System.Globalization;
using NodaTime;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Functions;

/// <summary>
/// Works out TD time functions whose arguments are constants, which is how nearly every query uses them, so that the engine sees
/// plain numbers it can push down. Source: operators-td 17.
/// </summary>
internal sealed class TdConstant(Instant scheduledTime)
{
    /// <summary>The value of a constant argument: a text, an integer or null, or a TD function of such.</summary>
    /// <returns>False when it is no constant.</returns>
    public bool TryEvaluate(IReadOnlyList<SqlToken> argument, out object? value)
    {
        value = null;
        var content = argument.Where(t => !t.IsTrivia).ToList();
        switch (content)
        {
            case [{ Kind: SqlTokenKind.Text } text]:
                value = SqlScript.Unquote(text.Value);
                return true;
            case [{ Kind: SqlTokenKind.Number } number] when long.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed):
                value = parsed;
                return true;
            case [{ Value: "-" }, { Kind: SqlTokenKind.Number } number] when long.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed):
                value = -parsed;
                return true;
            case [var word] when word.IsWord("NULL"):
                return true;
            case [{ Kind: SqlTokenKind.Word } name, { Value: "(" }, ..] when SqlScript.Arguments(content, 1) is var (arguments, close) && close == content.Count - 1:
                return TryCall(name.Value.ToUpperInvariant(), arguments, out value);
            default:
                return false;
        }
    }

    private bool TryCall(string name, IReadOnlyList<IReadOnlyList<SqlToken>> arguments, out object? value)
    {
        value = null;
        var values = new List<object?>();
        foreach (var argument in arguments)
        {
            if (!TryEvaluate(argument, out var constant))
            {
                return false;
            }

            values.Add(constant);
        }

        switch (name)
        {
            case "TD_SCHEDULED_TIME" when values.Count == 0:
                value = scheduledTime.ToUnixTimeSeconds();
                return true;
            case "TD_TIME_PARSE" when values.Count is 1 or 2:
                value = values[0] is string text ? TdTime.Parse(text, Zone(values, 1)) : null;
                return true;
            case "TD_TIME_ADD" when values.Count is 2 or 3 && values[1] is string duration:
                var seconds = TdTime.ParseDuration(duration) ?? throw new QueryFailedException($"Local SQL error: Invalid duration: {duration}");
                value = Seconds(values[0], Zone(values, 2)) is { } start ? start + seconds : null;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Unix seconds of a constant bound.</summary>
    public static long? Seconds(object? value, DateTimeZone zone) => value switch
    {
        long unix => unix,
        string text => TdTime.Parse(text, zone),
        _ => null,
    };

    /// <summary>The zone at a position of constant arguments; UTC when there is none.</summary>
    public static DateTimeZone Zone(IReadOnlyList<object?> values, int at) => values.Count > at && values[at] is string name
        ? TdTimeZone.Find(name) ?? throw new QueryFailedException($"Local SQL error: Unknown time zone: {name}")
        : DateTimeZone.Utc;
}
