using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Models;

/// <summary>The bodies that the API takes. Digdag behaviour: rest-api 6.12.</summary>
internal static class RequestModels
{
    public static readonly BodyField ResumeMode = new("mode", Schema.OneOf("failed", "from"));
    public static readonly BodyField ResumeAttempt = new("attemptId", Schema.IdOrNumber);
    public static readonly BodyField ResumeFrom = new BodyField("from", Schema.Text).Optional;
    public static readonly BodyModel Resume = new("ResumeRequest", "Which tasks of an earlier attempt count as done", ResumeMode, ResumeAttempt, ResumeFrom);

    public static readonly BodyField WorkflowId = new("workflowId", Schema.IdOrNumber);
    public static readonly BodyField SessionTime = new("sessionTime", Schema.Time);
    public static readonly BodyField RetryAttemptName = new BodyField("retryAttemptName", Schema.Text).Optional;
    public static readonly BodyField Params = new("params", Schema.AnyObject);
    public static readonly BodyField ResumeOfAttempt = BodyField.Of("resume", Resume).Optional;
    public static readonly BodyModel Attempt = new(
        "AttemptRequest", "A wish to execute a session", WorkflowId, SessionTime, RetryAttemptName, Params, ResumeOfAttempt);

    public static readonly BodyField DryRun = new("dryRun", Schema.Boolean);
    public static readonly BodyField FromTime = new("fromTime", Schema.Time);
    public static readonly BodyField OptionalFromTime = FromTime.Optional;
    public static readonly BodyField Count = new BodyField("count", Schema.Count).Optional;
    public static readonly BodyField NextTime = new BodyField("nextTime", Schema.LocalOrTime).Optional;
    public static readonly BodyField NextRunTime = new BodyField("nextRunTime", Schema.Time).Optional;
    public static readonly BodyModel Skip = new(
        "ScheduleSkipRequest", "Where a schedule goes on: nextTime, or fromTime and count", DryRun, OptionalFromTime, Count, NextTime, NextRunTime);

    public static readonly BodyField AttemptName = new("attemptName", Schema.Text);
    public static readonly BodyModel Backfill = new(
        "ScheduleBackfillRequest", "Which past sessions of a schedule to run", FromTime, DryRun, AttemptName, Count);

    public static readonly BodyField SkipSchedule = new BodyField("skipSchedule", Schema.Boolean).Optional;
    public static readonly BodyModel Enable = new("ScheduleEnableRequest", "Whether an enabled schedule skips what it missed", SkipSchedule, NextTime);

    public static readonly BodyField SecretValue = new("value", Schema.Text);
    public static readonly BodyModel Secret = new("SetSecretRequest", "The value of a secret", SecretValue);

    public static readonly IReadOnlyList<IModel> All = [Resume, Attempt, Skip, Backfill, Enable, Secret];
}
