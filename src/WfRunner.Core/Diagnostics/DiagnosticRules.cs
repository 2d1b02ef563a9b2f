using static WfRunner.Core.Diagnostics.DiagnosticSeverity;

namespace WfRunner.Core.Diagnostics;

/// <summary>All kinds of findings. The documentation lists them from here, and a test compares the two.</summary>
public static class DiagnosticRules
{
    /// <summary>The text is no YAML.</summary>
    public static readonly DiagnosticRule YamlSyntax = new(
        "WF0101", Error, "YAML syntax", "The file cannot be read as YAML 1.1, the dialect that Digdag uses.", "Correct the line.");

    /// <summary>A key stands twice in one mapping.</summary>
    public static readonly DiagnosticRule DuplicateKey = new(
        "WF0102", Error, "Duplicate key", "A key may stand only once in a mapping; 1 and \"1\" count as the same key.", "Rename or remove one of them.");

    /// <summary>A tag that means nothing, or that does not fit its value.</summary>
    public static readonly DiagnosticRule WrongTag = new(
        "WF0103", Error, "Unknown or misplaced tag", "Only YAML's own tags and !include are known.", "Remove the tag, or write !include : path for an include.");

    /// <summary>A file that is no mapping.</summary>
    public static readonly DiagnosticRule NotAMapping = new(
        "WF0104", Error, "Not a mapping", "A workflow file must hold one mapping of keys to values.", "Start the file with keys such as +task: or _export:.");

    /// <summary>A key that cannot be one.</summary>
    public static readonly DiagnosticRule WrongKey = new(
        "WF0105", Error, "Unusable key or merge", "A key must not be null, and << merges mappings only.", "Quote the key, or give << a mapping.");

    /// <summary>An include that does not exist.</summary>
    public static readonly DiagnosticRule MissingInclude = new(
        "WF0106", Error, "Missing include", "The file named by !include does not exist. Paths start at the including file's folder.", "Create the file or correct the path.");

    /// <summary>An include that may not be read, or that includes itself.</summary>
    public static readonly DiagnosticRule RefusedInclude = new(
        "WF0107", Error, "Refused include", "A file may include only files below its own folder, and never itself.", "Move the file below the including one.");

    /// <summary>A file that cannot be read.</summary>
    public static readonly DiagnosticRule UnreadableFile = new(
        "WF0108", Error, "Unreadable file", "The file is a folder, too large, or not readable for this user.", "Check what the path names and its permissions.");

    /// <summary>Input beyond the reader's limits.</summary>
    public static readonly DiagnosticRule TooLarge = new(
        "WF0109", Error, "Beyond the reader's limits", "Nesting is limited to 500 levels and a file to 2,000,000 values, aliases expanded.", "Split the file.");

    /// <summary>A value that is required is null.</summary>
    public static readonly DiagnosticRule MissingValue = new(
        "WF0202", Error, "Missing value", "The key stands there, but nothing behind it.", "Give it a value or remove the key.");

    /// <summary>A zone that does not exist.</summary>
    public static readonly DiagnosticRule UnknownTimeZone = new(
        "WF0203", Error, "Unknown time zone", "timezone takes an IANA name such as Asia/Tokyo, UTC, or an offset such as +09:00; case counts.", "Use a name from the IANA list, for example Asia/Tokyo instead of JST.");

    /// <summary>A workflow's name breaks a rule.</summary>
    public static readonly DiagnosticRule WorkflowName = new(
        "WF0204", Error, "Workflow name", "A workflow is named by its file, which must not start with a digit or special symbol.", "Rename the file.");

    /// <summary>A task's name breaks a rule.</summary>
    public static readonly DiagnosticRule TaskName = new(
        "WF0205", Error, "Task name", "Task names start with + and hold ASCII letters, digits and _ - = [ ] { } % & @ ` , . ^ only.", "Rename the task.");

    /// <summary>A task has two operators.</summary>
    public static readonly DiagnosticRule SeveralOperators = new(
        "WF0206", Error, "More than one operator", "A task runs one operator: one key that ends in >.", "Split the task in two.");

    /// <summary>A task has an operator and children.</summary>
    public static readonly DiagnosticRule OperatorWithSubtasks = new(
        "WF0207", Error, "Operator with subtasks", "A task either runs an operator or groups other tasks.", "Move the operator into a task of its own.");

    /// <summary>A group has a key that means nothing.</summary>
    public static readonly DiagnosticRule UnknownGroupKey = new(
        "WF0208", Error, "Unknown key of a group", "A group takes settings that start with _, and tasks that start with +; parameters belong into _export.", "Start task names with +, operators end with >, and put parameters into _export.");

    /// <summary>A task is neither an object nor a list of objects.</summary>
    public static readonly DiagnosticRule TaskNotAnObject = new(
        "WF0209", Error, "Task without content", "Behind +name: stands an operator or further tasks, indented.", "Indent the task's content below its name, or remove the task.");

    /// <summary><c>_after</c> or <c>_background</c> where it has no meaning.</summary>
    public static readonly DiagnosticRule MisplacedOrderKey = new(
        "WF0210", Error, "Misplaced _after or _background", "_after belongs to children of a parallel group, _background to children of a sequential one.", "Remove the key or change _parallel of the group.");

    /// <summary><c>_after</c> names a task that is not there.</summary>
    public static readonly DiagnosticRule UnknownDependency = new(
        "WF0211", Error, "Unknown dependency", "_after names siblings that stand earlier in the file, with their +.", "Correct the name or move the task up.");

    /// <summary>A setting's value has the wrong type.</summary>
    public static readonly DiagnosticRule WrongSetting = new(
        "WF0212", Error, "Wrong value of a setting", "The value of a setting has the wrong type or form.", "Correct the value; settings of groups cannot be ${...}.");

    /// <summary>A parameter that its operator does not know.</summary>
    public static readonly DiagnosticRule UnknownParameter = new(
        "WF0302", Warning, "Unknown parameter", "The operator does not read this key and nothing on the task refers to it; Digdag ignores it silently.", "Correct the name, or remove the key.");

    /// <summary>A parameter's value has the wrong type.</summary>
    public static readonly DiagnosticRule WrongParameterType = new(
        "WF0303", Warning, "Wrong type of a parameter", "The task will fail when its operator reads the value.", "Give a value of the type named.");

    /// <summary>A required parameter is missing.</summary>
    public static readonly DiagnosticRule MissingParameter = new(
        "WF0304", Warning, "Missing parameter", "The task will fail because its operator requires the parameter.", "Set it on the task, or export it under the operator's name.");

    /// <summary>A file that is not there.</summary>
    public static readonly DiagnosticRule MissingFile = new(
        "WF0401", Warning, "Missing file", "The task will fail because the file does not exist in the project. Paths start at the project's folder or _workdir.", "Create the file or correct the path.");

    /// <summary><c>call&gt;</c> of a file that is not there.</summary>
    public static readonly DiagnosticRule MissingCall = new(
        "WF0402", Warning, "Missing called workflow", "call> names a .dig file of the project, relative to the calling file.", "Create the file or correct the path.");

    /// <summary><c>require&gt;</c> of a workflow that is not there.</summary>
    public static readonly DiagnosticRule MissingRequire = new(
        "WF0403", Warning, "Missing required workflow", "require> names a workflow of this project, a .dig file directly in its folder, unless project_name or project_id is set.", "Correct the name, or set project_name.");

    /// <summary>Workflows that call each other for ever.</summary>
    public static readonly DiagnosticRule CallCycle = new(
        "WF0404", Warning, "Workflows call each other", "Each call adds tasks, so that the attempt ends at its task limit.", "Break the cycle.");

    /// <summary>A file outside of the project.</summary>
    public static readonly DiagnosticRule FileOutside = new(
        "WF0405", Warning, "File outside of the project", "A task may read files of its project only; a server does not have any other.", "Move the file into the project.");

    /// <summary>A template that cannot be parsed.</summary>
    public static readonly DiagnosticRule TemplateSyntax = new(
        "WF0501", Warning, "Template syntax", "The text between ${ and } is a JavaScript expression; this one is none, so the task will fail.", "Correct the expression; in shell scripts write $VAR, or keep the script in a file.");

    /// <summary>A variable that nothing defines.</summary>
    public static readonly DiagnosticRule UndefinedVariable = new(
        "WF0502", Warning, "Undefined variable", "No _export, task, loop, built-in variable or -p defines the name, so the task will fail.", "Correct the name, export it, or pass it with -p.");

    /// <summary>A template where nothing is evaluated.</summary>
    public static readonly DiagnosticRule TemplateInSetting = new(
        "WF0503", Warning, "Template in a setting", "Settings of groups are read before anything is evaluated; _retry with ${...} is ignored.", "Write the value itself.");

    /// <summary>A template without its end.</summary>
    public static readonly DiagnosticRule UnfinishedTemplate = new(
        "WF0504", Warning, "Unfinished template", "A ${ without its } is kept as literal text.", "Close the brace, or write ${'$'}{ for a literal ${.");

    /// <summary>A variable that only schedules define.</summary>
    public static readonly DiagnosticRule ScheduleVariable = new(
        "WF0505", Warning, "Variable of schedules", "last_session_* and next_session_* exist only when the workflow has a schedule, or when they are passed with -p.", "Add a schedule, or use moment(session_time) to calculate the time.");

    /// <summary>A schedule that cannot be read.</summary>
    public static readonly DiagnosticRule BrokenSchedule = new(
        "WF0601", Error, "Broken schedule", "The schedule: section cannot be read.", "Write, for example, schedule: with daily>: 07:00:00 below it.");

    /// <summary>A key of a schedule that means nothing.</summary>
    public static readonly DiagnosticRule UnusedScheduleKey = new(
        "WF0602", Warning, "Unknown key of a schedule", "A push of the project will be refused because of this key.", "Correct or remove the key.");

    /// <summary>A schedule that never comes.</summary>
    public static readonly DiagnosticRule NeverRuns = new(
        "WF0603", Error, "Schedule that never comes", "No date matches the pattern, such as 31 February.", "Correct the day or the month.");

    /// <summary>A schedule that is over.</summary>
    public static readonly DiagnosticRule ScheduleEnded = new(
        "WF0604", Warning, "Schedule that is over", "end: lies in the past, so nothing will be started any more.", "Move end:, or remove the schedule.");

    /// <summary>A schedule that daylight saving shifts.</summary>
    public static readonly DiagnosticRule DaylightSaving = new(
        "WF0605", Note, "Shifted by daylight saving", "On days when clocks change, the time of day is a duration from midnight, and local times may not exist or come twice.", "Nothing, if an hour more or less does not matter; else use a zone without daylight saving, such as UTC.");

    /// <summary>An interval that does not divide the hour.</summary>
    public static readonly DiagnosticRule UnevenInterval = new(
        "WF0606", Warning, "Uneven interval", "Intervals restart with every full hour (or day), so the last one is shorter.", "Use a divisor of 60 minutes or 24 hours.");

    /// <summary>A time of day beyond the day.</summary>
    public static readonly DiagnosticRule TimeOutOfRange = new(
        "WF0607", Warning, "Time out of range", "The time is taken as a delay and leads into another hour or day.", "Write hours 0 to 23, minutes and seconds 0 to 59.");

    /// <summary>Months without the day.</summary>
    public static readonly DiagnosticRule SkippedMonths = new(
        "WF0608", Note, "Months without that day", "Months that do not have the day are skipped.", "Use the 1st and a calculated date, or cron>: 0 0 L * * for the last day.");

    /// <summary>A zone that the schedule does not honour.</summary>
    public static readonly DiagnosticRule ZoneIgnoredBySchedule = new(
        "WF0609", Warning, "Zone not honoured by schedules", "Digdag calculates schedules in UTC for zones written like UTC+9, and wf does the same.", "Write +09:00 or a name such as Asia/Tokyo.");

    /// <summary>An <c>sla</c> section that will stop every attempt.</summary>
    public static readonly DiagnosticRule BrokenSla = new(
        "WF0610", Warning, "Broken SLA", "Attempts are refused because the sla: section cannot be read.", "Give exactly one of time: and duration:, as HH:MM or HH:MM:SS in quotation marks.");

    /// <summary>A duration of a schedule that cannot be read.</summary>
    public static readonly DiagnosticRule BrokenSkip = new(
        "WF0611", Warning, "Broken skip_delayed_by", "Scheduled sessions will not start because the duration cannot be read.", "Write a duration such as 10m or 2h.");

    /// <summary>Shell syntax that looks like a secret.</summary>
    public static readonly DiagnosticRule InvalidSecretForm = new(
        "WF0801", Warning, "Not a secret", "${word:...} with lower-case letters is read as a secret, and only secret: is known; shell defaults such as ${var:-x} fail.", "Set the default in the script, or keep the script in a file.");

    /// <summary>A secret that is not set here.</summary>
    public static readonly DiagnosticRule UndeclaredSecret = new(
        "WF0802", Note, "Secret not set here", "The secret is not among the local secrets; the project on the server may have it.", "Set it with: wf secrets --local --set KEY, or for a project: wf secrets --project NAME --set KEY.");

    /// <summary>A name that no environment variable can have.</summary>
    public static readonly DiagnosticRule EnvironmentName = new(
        "WF0803", Warning, "Name of an environment variable", "Names in _env hold letters, digits and underscores and do not start with a digit.", "Rename the variable.");

    /// <summary>A setting without effect.</summary>
    public static readonly DiagnosticRule IgnoredSetting = new(
        "WF0901", Warning, "Setting without effect", "The setting is accepted here, but nothing reads it.", "Move it to where it works, or remove it.");

    /// <summary>A task that is switched off.</summary>
    public static readonly DiagnosticRule DisabledTask = new(
        "WF0902", Note, "Disabled task", "A task with _disable: true succeeds at once; nothing in it is checked.", "Remove _disable when the task is wanted again.");

    /// <summary>A number that is read in base 8.</summary>
    public static readonly DiagnosticRule OctalNumber = new(
        "WF0903", Note, "Octal number", "A number with a leading zero is read in base 8, so 010 is 8.", "Quote it if it is a text, or leave the zero out.");

    /// <summary>An exported operator.</summary>
    public static readonly DiagnosticRule ExportedOperator = new(
        "WF0904", Warning, "Exported operator", "Digdag takes an exported key that ends in > for the operator of every task below; wf does so only for tasks without an operator.", "Rename the key.");

    /// <summary>Every rule, by code.</summary>
    public static IReadOnlyList<DiagnosticRule> All { get; } =
    [
        YamlSyntax, DuplicateKey, WrongTag, NotAMapping, WrongKey, MissingInclude, RefusedInclude, UnreadableFile, TooLarge,
        MissingValue, UnknownTimeZone, WorkflowName, TaskName, SeveralOperators, OperatorWithSubtasks, UnknownGroupKey, TaskNotAnObject,
        MisplacedOrderKey, UnknownDependency, WrongSetting,
        UnknownParameter, WrongParameterType, MissingParameter,
        MissingFile, MissingCall, MissingRequire, CallCycle, FileOutside,
        TemplateSyntax, UndefinedVariable, TemplateInSetting, UnfinishedTemplate, ScheduleVariable,
        BrokenSchedule, UnusedScheduleKey, NeverRuns, ScheduleEnded, DaylightSaving, UnevenInterval, TimeOutOfRange, SkippedMonths,
        ZoneIgnoredBySchedule, BrokenSla, BrokenSkip,
        .. TargetRules.All,
        InvalidSecretForm, UndeclaredSecret, EnvironmentName,
        IgnoredSetting, DisabledTask, OctalNumber, ExportedOperator,
    ];

    /// <summary>The rule for a failure that names none.</summary>
    /// <param name="kind">Kind of the failure.</param>
    /// <returns>The nearest rule.</returns>
    public static DiagnosticRule OfKind(FailureKind kind) => kind switch
    {
        FailureKind.Scanner or FailureKind.Parser or FailureKind.Composer => YamlSyntax,
        FailureKind.DuplicateKeyYaml => DuplicateKey,
        FailureKind.Constructor or FailureKind.NumberFormat or FailureKind.IllegalArgument => WrongTag,
        FailureKind.RuntimeJsonMapping => TaskNotAnObject,
        FailureKind.JsonMapping => WrongKey,
        FailureKind.NoSuchFile => MissingInclude,
        FailureKind.FileNotFound => RefusedInclude,
        FailureKind.Io => UnreadableFile,
        FailureKind.ZoneRules => UnknownTimeZone,
        FailureKind.InvalidPattern => BrokenSchedule,
        _ => WrongSetting,
    };
}
