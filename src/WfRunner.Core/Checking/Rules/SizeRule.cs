using System.Globalization;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Hosted;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Compares the size of the project with what servers take: the sum of its files, or on the hosted service the packed archive.</summary>
internal static class SizeRule
{
    /// <summary>Checks the size.</summary>
    /// <param name="session">The project.</param>
    public static void Check(CheckSession session)
    {
        var size = session.Request.Files.TotalSize();
        if (session.Target == Target.Td)
        {
            CheckHosted(session, size);
        }
        else if (size > session.Request.MaximumSize)
        {
            session.Report(
                TargetRules.LargeArchive,
                null,
                string.Create(CultureInfo.InvariantCulture, $"the project has {size:N0} bytes; servers take {session.Request.MaximumSize:N0} by default"));
        }
    }

    private static void CheckHosted(CheckSession session, long size)
    {
        var limits = HostedService.Known.Limits;
        if (session.Request.ArchiveSize is { } packed && packed >= limits.ArchiveWarningBytes)
        {
            session.Report(
                TargetRules.LargeArchive,
                packed > limits.ArchiveBytes ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
                null,
                string.Create(CultureInfo.InvariantCulture, $"the archive has {packed:N0} bytes; the service takes {limits.ArchiveBytes:N0}"));
        }
        else if (size > limits.ArchiveBytes)
        {
            session.Report(
                TargetRules.LargeArchive,
                DiagnosticSeverity.Note,
                null,
                string.Create(CultureInfo.InvariantCulture, $"the project has at least {limits.ArchiveBytes:N0} bytes unpacked; the service's limit is one of the packed archive"));
        }
    }
}
