using System.Globalization;
using WfRunner.Core.Config;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>A query and where it was written. Digdag behaviour: the forms of operators-td 1.5.</summary>
/// <param name="Text">The query after the evaluation of templates.</param>
/// <param name="File">The file it came from, as the task names it; null for a query written in the task.</param>
internal sealed record TdQueryText(string Text, string? File)
{
    /// <summary>
    /// Reads the query of a task: the file named by the command, <c>data</c> of the command, or <c>query</c>. Files are evaluated
    /// here; the other two were evaluated with the task.
    /// </summary>
    public static async Task<TdQueryText> ReadAsync(TdTask task, CancellationToken cancellationToken)
    {
        var options = task.Parameters;
        switch (options["_command"])
        {
            case ConfigMap inline:
                return new TdQueryText(inline.GetString("data"), null);
            case null or ConfigNull:
                return new TdQueryText(options.GetString("query"), null);
            default:
                return await ReadFileAsync(task, options.GetString("_command"), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a query file.</summary>
    public static async Task<TdQueryText> ReadFileAsync(TdTask task, string name, CancellationToken cancellationToken)
    {
        var local = task.Request.LocalConfig;
        var span = local.FirstOrDefault(e => Core.Dig.TaskKeys.IsOperator(e.Key)).Value?.Span ?? local["_command"]?.Span;
        var text = await task.Workspace().ReadTemplateAsync(name, span, task.Parameters, task.Context, cancellationToken).ConfigureAwait(false);
        return new TdQueryText(text, name);
    }

    /// <summary>Where in the query a failure stands, as a suffix of its message; empty when unknown.</summary>
    public string Place(QueryFailedException failure) => (File, failure.Line) switch
    {
        (null, null) => string.Empty,
        (_, null) => $" ({File})",
        (null, _) => string.Create(CultureInfo.InvariantCulture, $" (line {failure.Line}, column {failure.Column})"),
        _ => string.Create(CultureInfo.InvariantCulture, $" ({File}:{failure.Line}:{failure.Column})"),
    };
}
