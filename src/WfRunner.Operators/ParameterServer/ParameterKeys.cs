using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.ParameterServer;

/// <summary>
/// The keys of a task that name values on the parameter server: all of its own but directives. Digdag takes directives such as
/// <c>_retry</c> for keys too.
/// </summary>
internal static class ParameterKeys
{
    public static IReadOnlyList<ConfigEntry> Of(OperatorRequest request)
    {
        var keys = request.LocalConfig.Where(e => !e.Key.StartsWith('_') && !TaskKeys.IsOperator(e.Key)).ToList();
        return keys.Count > 0 ? keys : throw new ConfigException("no key is set.", request.LocalConfig.Span);
    }
}
