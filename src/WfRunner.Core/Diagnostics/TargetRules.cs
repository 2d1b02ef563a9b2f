using static WfRunner.Core.Diagnostics.DiagnosticSeverity;

namespace WfRunner.Core.Diagnostics;

/// <summary>The kinds of findings that depend on where a project is to run. What is true of the hosted service stands in its data file.</summary>
public static class TargetRules
{
    /// <summary>A trigger where nothing knows it.</summary>
    public static readonly DiagnosticRule TriggerUnknown = new(
        "WF0701", Error, "Trigger that Digdag refuses", "trigger: starts a workflow after another one has succeeded; the hosted service and wf know it, Digdag refuses the file.", "Remove trigger:, or let the workflow that comes first start this one with require>.")
    {
        ByTarget = new(null, Error, null),
    };

    /// <summary>A trigger of an unknown kind.</summary>
    public static readonly DiagnosticRule TriggerKind = new(
        "WF0702", Error, "Unknown kind of trigger", "The only kind of trigger is attempt>:, with nothing behind it.", "Write attempt>: below trigger:.")
    {
        ByTarget = new(Error, null, Error),
    };

    /// <summary>A trigger that does not say what it waits for.</summary>
    public static readonly DiagnosticRule TriggerSource = new(
        "WF0703", Error, "Trigger without its workflow", "A trigger needs the names of the workflow that it waits for and of its project.", "Set dependent_workflow_name and dependent_project_name below trigger:.")
    {
        ByTarget = new(Error, null, Error),
    };

    /// <summary>A trigger that waits for its own workflow.</summary>
    public static readonly DiagnosticRule TriggerItself = new(
        "WF0704", Error, "Trigger that starts itself", "The workflow starts again whenever it has succeeded, for ever.", "Name another workflow, or use schedule:.")
    {
        ByTarget = new(Warning, null, Error),
    };

    /// <summary>A trigger beside a schedule.</summary>
    public static readonly DiagnosticRule TriggerAndSchedule = new(
        "WF0705", Warning, "Trigger and schedule", "What the hosted service does with both trigger: and schedule: in one file is not documented.", "Use one of them, or put the tasks into two workflows that call> one file.")
    {
        ByTarget = new(Warning, null, null),
    };

    /// <summary>A key at the top of a file that means nothing.</summary>
    public static readonly DiagnosticRule UnknownTopLevelKey = new(
        "WF0706", Error, "Unknown key at the top", "At the top of a file stand timezone, _export, schedule, trigger, sla, _error, _check, _retry, _parallel and tasks that start with +. The hosted service may have learned others.", "Start task names with +, and put parameters into _export.")
    {
        ByTarget = new(Warning, Error, Error),
    };

    /// <summary>An operator that the hosted service does not have.</summary>
    public static readonly DiagnosticRule OperatorUnavailable = new(
        "WF0710", Error, "Operator that the hosted service does not have", "The push is accepted, and the task fails when it runs.", "Use an operator that the service has.")
    {
        ByTarget = new(Error, null, null),
    };

    /// <summary>An operator that only the hosted service has.</summary>
    public static readonly DiagnosticRule OperatorHostedOnly = new(
        "WF0711", Error, "Operator of the hosted service only", "The task fails elsewhere because nobody knows the operator.", "Run it on the hosted service, or replace it by http>, py> or sh>.")
    {
        ByTarget = new(null, Error, Warning),
    };

    /// <summary>An operator that the hosted service no longer documents.</summary>
    public static readonly DiagnosticRule OperatorUndocumented = new(
        "WF0712", Warning, "Operator that is no longer documented", "The hosted service's documentation does not list the operator any more.", "Use td_run> or td_ddl> with the statement that does the same.")
    {
        ByTarget = new(Warning, null, null),
    };

    /// <summary>An operator that exists nowhere.</summary>
    public static readonly DiagnosticRule UnknownOperator = new(
        "WF0713", Warning, "Unknown operator", "The task will fail because there is no operator of this name.", "Correct the name.");

    /// <summary>A result file on the hosted service.</summary>
    public static readonly DiagnosticRule DownloadFile = new(
        "WF0714", Error, "Result file on the hosted service", "td> cannot write download_file there: no file outlives its task.", "Write the result to a connection with td_result_export> or result_connection.")
    {
        ByTarget = new(Error, null, null),
    };

    /// <summary>A Python task without a container image.</summary>
    public static readonly DiagnosticRule ImageMissing = new(
        "WF0720", Error, "Python without a container image", "On the hosted service every py> task runs in a container and needs docker: image:.", "Set docker: image: on the task, or once in _export.")
    {
        ByTarget = new(Error, null, null),
    };

    /// <summary>An image that the hosted service does not publish.</summary>
    public static readonly DiagnosticRule ImageUnpublished = new(
        "WF0721", Warning, "Image that is not published", "The hosted service runs the images that it publishes; whether it runs others is not documented.", "Use a published image.")
    {
        ByTarget = new(Warning, null, null),
    };

    /// <summary>An image that will go.</summary>
    public static readonly DiagnosticRule ImageDeprecated = new(
        "WF0722", Warning, "Image that will go", "The hosted service calls the image deprecated.", "Use the newest published image.")
    {
        ByTarget = new(Warning, null, null),
    };

    /// <summary>A setting that only the hosted service reads.</summary>
    public static readonly DiagnosticRule HostedSetting = new(
        "WF0723", Warning, "Setting of the hosted service only", "Nobody else reads resource_level, s3_get and s3_put, so the task runs without them.", "Where it runs elsewhere, let the script fetch and store its files itself, and give the container what it needs with docker: run_options.")
    {
        ByTarget = new(null, Warning, Warning),
    };

    /// <summary>A sender on the hosted service.</summary>
    public static readonly DiagnosticRule MailSender = new(
        "WF0724", Warning, "Sender of a mail on the hosted service", "The hosted service sends mail itself; its sender cannot be chosen.", "Remove from:.")
    {
        ByTarget = new(Warning, null, null),
    };

    /// <summary>A mail without a sender elsewhere.</summary>
    public static readonly DiagnosticRule MailWithoutSender = new(
        "WF0725", Warning, "Mail without a sender", "The task fails unless the system configuration has config.mail.from.", "Set from: on the task, or mail: from: in _export.")
    {
        ByTarget = new(null, Warning, Warning),
    };

    /// <summary>Attachments on the hosted service.</summary>
    public static readonly DiagnosticRule MailAttachments = new(
        "WF0726", Warning, "Attachments on the hosted service", "Its documentation says both that mails can have attachments and that they cannot.", "Write rows into the body, or export the result and send a link.")
    {
        ByTarget = new(Warning, null, null),
    };

    /// <summary>A limit of waiting that Digdag does not know.</summary>
    public static readonly DiagnosticRule WaitTimeout = new(
        "WF0727", Warning, "wait_timeout without effect", "Digdag's td_wait> does not read wait_timeout and waits for ever.", "Watch the session with sla:, which can let the attempt fail when it is late.")
    {
        ByTarget = new(null, Warning, null),
    };

    /// <summary>A job id where Digdag does not look.</summary>
    public static readonly DiagnosticRule JobIdAsCommand = new(
        "WF0728", Error, "Job id behind td_result_export>", "Digdag reads the job from job_id only; the task will fail.", "Write job_id: with the same value.")
    {
        ByTarget = new(null, Error, null),
    };

    /// <summary>More tasks than an attempt may have.</summary>
    public static readonly DiagnosticRule TooManyTasks = new(
        "WF0730", Error, "Too many tasks", "An attempt may have 1,000 tasks; elsewhere than on the hosted service executor.task_max_run can raise that.", "Split the workflow with require>, or raise executor.task_max_run where you can.")
    {
        ByTarget = new(Error, Warning, Warning),
    };

    /// <summary>Loops that generate more tasks than an attempt may have.</summary>
    public static readonly DiagnosticRule TooManyIterations = new(
        "WF0731", Error, "Loop beyond the task limit", "The loop generates more tasks than an attempt may have.", "Make the loop smaller, or raise executor.task_max_run where you can.")
    {
        ByTarget = new(Error, Warning, Warning),
    };

    /// <summary>A task whose full name is too long.</summary>
    public static readonly DiagnosticRule LongTaskName = new(
        "WF0732", Error, "Full name of a task too long", "The hosted service takes full names of at most 640 bytes of UTF-8, those of generated tasks included.", "Shorten names, or nest less.")
    {
        ByTarget = new(Error, null, null),
    };

    /// <summary>A project that is too large to be pushed.</summary>
    public static readonly DiagnosticRule LargeArchive = new(
        "WF0733", Error, "Large project", "Digdag servers refuse archives of more than 2 MiB by default, the hosted service packed ones of more than 10 MB.", "Name files that do not belong to the project in .digdagignore.")
    {
        ByTarget = new(Error, Error, Warning),
    };

    /// <summary>A name that is refused.</summary>
    public static readonly DiagnosticRule RefusedName = new(
        "WF0734", Error, "Name of a project or workflow", "The hosted service refuses blanks and + ^ @ \\ . : * ? \" < > | & in names, and digits or / at their start; Digdag looks at the first character only.", "Use letters, digits, _ and -.")
    {
        ByTarget = new(Error, Error, Warning),
    };

    /// <summary>A task that waits too long.</summary>
    public static readonly DiagnosticRule LongWait = new(
        "WF0735", Warning, "Task longer than a day", "The hosted service ends every task after 24 hours.", "Wait in several tasks, or start the workflow later.")
    {
        ByTarget = new(Warning, null, null),
    };

    /// <summary>Retried groups on the hosted service.</summary>
    public static readonly DiagnosticRule GroupRetry = new(
        "WF0736", Note, "_retry of a group", "Once a group has been retried, the hosted service cannot resume the attempt; only a full rerun works.", "Set _retry on single tasks where a resume must be possible.")
    {
        ByTarget = new(Note, null, null),
    };

    /// <summary>A secret where nobody resolves it.</summary>
    public static readonly DiagnosticRule SecretNotResolved = new(
        "WF0737", Warning, "Secret that is not resolved", "${secret:...} is replaced in _env and in a few parameters only; here it stays as it is.", "Pass it through _env.");

    /// <summary>More at once than the hosted service runs.</summary>
    public static readonly DiagnosticRule ParallelTasks = new(
        "WF0738", Note, "More tasks at once than the service runs", "The hosted service runs 30 tasks of an account at once, and up to 10 of a group; the others wait.", "Nothing, if they may wait; else set _parallel: {limit: 10}.")
    {
        ByTarget = new(Note, null, null),
    };

    /// <summary>A mail server that has to be named.</summary>
    public static readonly DiagnosticRule MailServer = new(
        "WF0739", Note, "Mail server not set here", "Elsewhere than on the hosted service mail> needs a mail server: the secrets mail.host, mail.port, mail.username and mail.password.", "Set them with: wf secrets --local --set mail.host, or for a project: wf secrets --project NAME --set mail.host.")
    {
        ByTarget = new(null, Note, Note),
    };

    /// <summary>All of them, by code.</summary>
    public static IReadOnlyList<DiagnosticRule> All { get; } =
    [
        TriggerUnknown, TriggerKind, TriggerSource, TriggerItself, TriggerAndSchedule, UnknownTopLevelKey,
        OperatorUnavailable, OperatorHostedOnly, OperatorUndocumented, UnknownOperator, DownloadFile,
        ImageMissing, ImageUnpublished, ImageDeprecated, HostedSetting, MailSender, MailWithoutSender, MailAttachments, WaitTimeout, JobIdAsCommand,
        TooManyTasks, TooManyIterations, LongTaskName, LargeArchive, RefusedName, LongWait, GroupRetry, SecretNotResolved, ParallelTasks, MailServer,
    ];
}
