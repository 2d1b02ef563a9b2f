using System.Globalization;
using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Control;

/// <summary><c>for_each&gt;</c>: repeats tasks for every combination of values. Digdag behaviour: operators-core 6.3.</summary>
public sealed class ForEachOperator : IOperator
{
    // Names carry at most so many characters of a key or value.
    private const int NamePartLength = 8;

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "for_each",
        "Repeats tasks for every combination of values.",
        new OperatorParameter("_command", ParameterType.Map, "Variables with their lists of values.", Required: true),
        [Iterations.Body, Iterations.Parallel])
    {
        RetriesOwnFailure = false,
        UsesProject = false,
    };

    /// <inheritdoc/>
    public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var variables = request.Config.ParseMap("_command");
        var lists = variables.Keys.Select(k => (Key: k, Values: variables.ParseList(k))).ToList();
        var count = lists.Aggregate(1L, (product, list) => Math.Min(long.MaxValue / 2, product * list.Values.Count));
        if (count > context.MaximumTasks)
        {
            throw new ConfigException($"Too many for_each subtasks. Limit: {context.MaximumTasks}");
        }

        return Task.FromResult(Iterations.Of(request, lists.Count == 0 ? [] : Combinations(lists, 0, "+for-", ConfigMap.Empty)));
    }

    // The first variable varies slowest.
    private static IEnumerable<(string Name, ConfigMap Variables)> Combinations(
        List<(string Key, IReadOnlyList<ConfigValue> Values)> lists, int depth, string name, ConfigMap variables)
    {
        if (depth == lists.Count)
        {
            yield return (name, variables);
            yield break;
        }

        var (key, values) = lists[depth];
        for (var i = 0; i < values.Count; i++)
        {
            var text = values[i] is ConfigText t ? t.Value : ConfigJson.Write(values[i]);
            var part = string.Create(
                CultureInfo.InvariantCulture, $"{(depth == 0 ? string.Empty : "&")}{depth}={Encode(key)}={i}={Encode(text)}");
            foreach (var combination in Combinations(lists, depth + 1, name + part, variables.With(key, values[i])))
            {
                yield return combination;
            }
        }
    }

    // Form encoding of the first characters; "*" too, which Digdag leaves and then refuses as a name.
    private static string Encode(string text)
    {
        var cut = text.Length <= NamePartLength ? text : text[..NamePartLength];
        var builder = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(cut.Select((c, i) => IsLoneSurrogate(cut, i) ? '?' : c).ToArray()))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.')
            {
                builder.Append((char)b);
            }
            else
            {
                builder.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return builder.ToString();
    }

    private static bool IsLoneSurrogate(string text, int at) =>
        (char.IsHighSurrogate(text[at]) && (at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1])))
        || (char.IsLowSurrogate(text[at]) && (at == 0 || !char.IsHighSurrogate(text[at - 1])));
}
