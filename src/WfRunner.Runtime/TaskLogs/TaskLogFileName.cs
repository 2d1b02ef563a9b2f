using System.Globalization;
using NodaTime;
using NodaTime.Text;
using WfRunner.Core;
using WfRunner.Core.Sessions;

namespace WfRunner.Runtime.TaskLogs;

/// <summary>Names of task log files, as Digdag gives them (server 19.1), so that tools that read its folders go on.</summary>
/// <param name="TaskName">Full name of the task.</param>
/// <param name="Time">When the file was opened.</param>
/// <param name="AgentId">Who ran the task.</param>
public sealed record TaskLogFileName(string TaskName, Instant Time, string AgentId)
{
    /// <summary>How all names end.</summary>
    public const string Suffix = ".log.gz";

    private const int StampLength = 16;

    private static readonly OffsetDateTimePattern SessionTime =
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmsso<+HHmm>");

    /// <summary>The folder of an attempt's files below the root.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <returns>A relative path.</returns>
    public static string FolderOf(AttemptInfo attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        var day = LocalDatePattern.Iso.Format(attempt.CreatedAt.InUtc().Date);
        var session = SessionTime.Format(attempt.SessionTime.InZone(attempt.TimeZone).ToOffsetDateTime());
        var retry = attempt.RetryAttemptName is { } name ? "_" + Escape(name) : string.Empty;
        return Path.Combine(
            day,
            string.Create(CultureInfo.InvariantCulture, $"{attempt.SiteId}.{attempt.ProjectId}{Escape(attempt.WorkflowName)}@{session}{retry}"));
    }

    /// <summary>Whether a folder's name is that of a day, as <see cref="FolderOf"/> begins.</summary>
    /// <param name="folder">The name.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsDay(string folder) => LocalDatePattern.Iso.Parse(folder).Success;

    /// <summary>Refuses a name that is none of a file in a folder, but leads elsewhere.</summary>
    /// <param name="fileName">The name.</param>
    /// <exception cref="WorkflowException">It leads elsewhere.</exception>
    public static void ThrowIfPath(string fileName)
    {
        if (fileName.AsSpan().IndexOfAny('/', '\\', '\0') >= 0 || fileName is "." or "..")
        {
            throw new WorkflowException(FailureKind.IllegalArgument, $"Invalid file name: {fileName}");
        }
    }

    /// <summary>Takes a name apart.</summary>
    /// <param name="fileName">The name.</param>
    /// <returns>Its parts; null when it has another form.</returns>
    public static TaskLogFileName? Parse(string fileName)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        if (!fileName.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return null;
        }

        // The agent's id holds an @ too, and a task's name may: the stamp of sixteen digits tells which one separates.
        var body = fileName[..^Suffix.Length];
        for (var at = body.LastIndexOf('@'); at > 0; at = body.LastIndexOf('@', at - 1))
        {
            var rest = body.AsSpan(at + 1);
            if (rest.Length > StampLength + 1 && rest[StampLength] == '.' && Stamp(rest[..StampLength]) is { } time)
            {
                return new TaskLogFileName(body[..at], time, rest[(StampLength + 1)..].ToString());
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var seconds = Time.ToUnixTimeSeconds();
        var nanoseconds = (Time - Instant.FromUnixTimeSeconds(seconds)).NanosecondOfDay;
        return string.Create(CultureInfo.InvariantCulture, $"{Escape(TaskName)}@{seconds:x8}{nanoseconds:x8}.{AgentId}{Suffix}");
    }

    private static Instant? Stamp(ReadOnlySpan<char> digits) =>
        uint.TryParse(digits[..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seconds)
        && uint.TryParse(digits[8..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var nanoseconds)
            ? Instant.FromUnixTimeSeconds(seconds).PlusNanoseconds(nanoseconds)
            : null;

    // A separator in a name would make a folder of it.
    private static string Escape(string name) => name.Replace('/', '_').Replace('\\', '_').Replace('\0', '_');
}
