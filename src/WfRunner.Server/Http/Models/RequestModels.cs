using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Models;

/// <summary>The bodies that the API takes. Digdag behaviour: rest-api 6.12.</summary>
internal static class RequestModels
{
    public static readonly BodyField ResumeMode = new("mode", Schema.OneOf("failed", "from"));
    public static readonly BodyField ResumeAttempt = new("attemptId", Schema.IdOrNumber);
    public static readonly BodyField ResumeFrom = new BodyField("from", Schema.Text).Optional;
    public static readonly BodyModel Resume = new("ResumeRequest", "Which tasks of an earlier attempt count as done", ResumeMode, ResumeAttempt, ResumeFrom);

    public static readonly BodyField WorkflowId = new BodyField("workflowId", Schema.IdOrNumber).Optional;
    public static readonly BodyField ProjectName = new BodyField("projectName", Schema.Text).Optional;
    public static readonly BodyField WorkflowName = new BodyField("workflowName", Schema.Text).Optional;
    public static readonly BodyField AllowQueueing = new BodyField("allowQueueing", Schema.Boolean).Optional;
    public static readonly BodyField SessionTime = new("sessionTime", Schema.Time);
    public static readonly BodyField RetryAttemptName = new BodyField("retryAttemptName", Schema.Text).Optional;
    public static readonly BodyField Params = new("params", Schema.AnyObject);
    public static readonly BodyField ResumeOfAttempt = BodyField.Of("resume", Resume).Optional;
    public static readonly BodyModel Attempt = new(
        "AttemptRequest",
        "A wish to execute a session of the workflow with workflowId, or of the latest one with projectName and workflowName",
        WorkflowId,
        ProjectName,
        WorkflowName,
        SessionTime,
        RetryAttemptName,
        Params,
        ResumeOfAttempt,
        AllowQueueing);

    public static readonly BodyField DryRun = new("dryRun", Schema.Boolean);
    public static readonly BodyField FromTime = new BodyField("fromTime", Schema.Time).Optional;
    public static readonly BodyField Count = new BodyField("count", Schema.Count).Optional;
    public static readonly BodyField NextTime = new BodyField("nextTime", Schema.LocalOrTime).Optional;
    public static readonly BodyField NextRunTime = new BodyField("nextRunTime", Schema.Time).Optional;
    public static readonly BodyModel Skip = new(
        "ScheduleSkipRequest", "Where a schedule goes on: nextTime, or fromTime and count", DryRun, FromTime, Count, NextTime, NextRunTime);

    public static readonly BodyField AttemptName = new BodyField("attemptName", Schema.Text).Optional;
    public static readonly BodyField SkipExisting = new BodyField("skipExisting", Schema.Boolean).Optional;
    public static readonly BodyField AdvanceSchedule = new BodyField("advanceSchedule", Schema.Boolean).Optional;
    public static readonly BodyModel Backfill = new(
        "ScheduleBackfillRequest",
        "Which sessions of a schedule to run. fromTime and attemptName are required, unless existing sessions are skipped",
        FromTime,
        DryRun,
        AttemptName,
        Count,
        SkipExisting,
        AdvanceSchedule);

    public static readonly BodyField SkipSchedule = new BodyField("skipSchedule", Schema.Boolean).Optional;
    public static readonly BodyModel Enable = new("ScheduleEnableRequest", "Whether an enabled schedule skips what it missed", SkipSchedule, NextTime);

    public static readonly BodyField SecretValue = new("value", Schema.Text);
    public static readonly BodyModel Secret = new("SetSecretRequest", "The value of a secret", SecretValue);

    public static readonly IReadOnlyList<IModel> All = [Resume, Attempt, Skip, Backfill, Enable, Secret];
}
