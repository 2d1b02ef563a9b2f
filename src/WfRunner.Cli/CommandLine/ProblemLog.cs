using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.Projects;

namespace WfRunner.Cli.CommandLine;

/// <summary>
/// Tells where the problems of a project stand, as <c>file:line:column</c>, in the log. Standard error keeps Digdag's words to the
/// letter, because scripts compare them.
/// </summary>
internal static class ProblemLog
{
    public static void Write(LogOutput log, LoadedProject project)
    {
        foreach (var broken in project.Broken)
        {
            var place = broken.Failure.Span?.ToString() ?? broken.Path;
            log.WriteMain(TaskLogLevel.Error, $"{place}: {broken.Failure.Message}");
        }
    }
}
