using WfRunner.Core.Operators;
using WfRunner.Operators.Plugins;

namespace WfRunner.Runtime.Projects;

/// <summary>The operators that a project may use, for checks.</summary>
public static class CheckedOperators
{
    /// <summary>The program's own operators and those of plugins, where plugins are on. A plugin never takes the place of one of the program's own.</summary>
    /// <param name="operators">The program's own.</param>
    /// <param name="systemConfig">System configuration.</param>
    /// <param name="directory">Absolute path of the project.</param>
    /// <returns>Their descriptions.</returns>
    public static IReadOnlyCollection<OperatorDescription> Of(
        OperatorRegistry operators, IReadOnlyDictionary<string, string> systemConfig, string directory)
    {
        ArgumentNullException.ThrowIfNull(operators);
        var all = operators.Descriptions.ToList();
        if (PluginOperators.AreEnabled(systemConfig))
        {
            all.AddRange(PluginOperators.OfProcess().Descriptions(directory).ExceptBy(all.Select(o => o.Name), o => o.Name));
        }

        return all;
    }
}
