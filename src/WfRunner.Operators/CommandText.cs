using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators;

/// <summary>
/// The text that stands behind an operator: in a template file, under <c>data</c>, or under another key. Digdag behaviour:
/// operators-core 5.1 (templateCommand).
/// </summary>
internal static class CommandText
{
    /// <summary>Reads the text.</summary>
    /// <param name="request">The task.</param>
    /// <param name="options">Its parameters with the section's defaults; templates see them too.</param>
    /// <param name="alias">The key that holds the text when nothing stands behind the operator, for example <c>query</c>.</param>
    /// <param name="context">The project.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The evaluated text.</returns>
    /// <exception cref="ConfigException">There is none, or its file cannot be read.</exception>
    public static async Task<string> ReadAsync(
        OperatorRequest request, ConfigMap options, string alias, IOperatorContext context, CancellationToken cancellationToken)
    {
        switch (options["_command"])
        {
            case null or ConfigNull:
                return options.GetString(alias);
            case ConfigMap inline:
                return inline.GetString("data");
            case var name:
                return await Workspace.Of(request, context).ReadTemplateAsync(
                    ConfigAccess.AsString("_command", name), name.Span, options, context, cancellationToken).ConfigureAwait(false);
        }
    }
}
