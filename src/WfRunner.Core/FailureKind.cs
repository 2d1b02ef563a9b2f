namespace WfRunner.Core;

/// <summary>
/// The kinds of failure that users see as a word behind a message, for example <c>Command failed with code 1 (runtime)</c>.
/// Digdag behaviour: engine 23.1, cli-local 1.8; scripts grep for these words.
/// </summary>
public enum FailureKind
{
    /// <summary>An expected failure of a task; printed without a word.</summary>
    TaskExecution,

    /// <summary>The definition or an option is wrong.</summary>
    Config,

    /// <summary>Something went wrong that has no more exact kind.</summary>
    Runtime,

    /// <summary>A definition does not follow the rules of names and keys.</summary>
    ModelValidation,

    /// <summary>A project, workflow, session, attempt or the like does not exist.</summary>
    ResourceNotFound,

    /// <summary>A resource exists already.</summary>
    ResourceConflict,

    /// <summary>A file does not exist (by path).</summary>
    NoSuchFile,

    /// <summary>A file does not exist or may not be read from here.</summary>
    FileNotFound,

    /// <summary>An argument is out of its domain.</summary>
    IllegalArgument,

    /// <summary>A state that must not occur.</summary>
    IllegalState,

    /// <summary>An attempt has more tasks than allowed.</summary>
    TaskLimitExceeded,

    /// <summary>More attempts run than allowed.</summary>
    AttemptLimitExceeded,

    /// <summary>A task pattern matches nothing.</summary>
    NoMatch,

    /// <summary>A task pattern matches several tasks.</summary>
    MultipleTaskMatch,

    /// <summary>A task pattern of an unsupported form.</summary>
    Syntax,

    /// <summary>A task pattern that can never match.</summary>
    InvalidPattern,

    /// <summary>A secret is asked for that is not set.</summary>
    SecretNotFound,

    /// <summary>A wait reached its time-out.</summary>
    PollingTimeout,

    /// <summary>A notification could not be sent.</summary>
    Notification,

    /// <summary>A database refused or failed.</summary>
    Database,

    /// <summary>Input or output failed.</summary>
    Io,

    /// <summary>YAML with a repeated key.</summary>
    DuplicateKeyYaml,

    /// <summary>JSON that does not map to what is wanted.</summary>
    JsonMapping,

    /// <summary>A value inside a config that does not map to what is wanted.</summary>
    RuntimeJsonMapping,

    /// <summary>JSON that cannot be read.</summary>
    JsonParse,

    /// <summary>An unknown time zone.</summary>
    ZoneRules,

    /// <summary>A date or time that cannot be read.</summary>
    DateTimeParse,

    /// <summary>A number that cannot be read.</summary>
    NumberFormat,

    /// <summary>Something this program does not do.</summary>
    UnsupportedOperation,

    /// <summary>A query job failed on its engine.</summary>
    TdJob,

    /// <summary>A request to Treasure Data that was refused before it was sent, or got no answer.</summary>
    TdClient,

    /// <summary>An error answer of Treasure Data that has no more exact kind.</summary>
    TdClientHttp,

    /// <summary>Treasure Data does not accept the key.</summary>
    TdClientHttpUnauthorized,

    /// <summary>Treasure Data does not know what was named.</summary>
    TdClientHttpNotFound,

    /// <summary>Treasure Data has it already.</summary>
    TdClientHttpConflict,

    /// <summary>Treasure Data was asked too often.</summary>
    TdClientHttpTooManyRequests,

    /// <summary>YAML that cannot be scanned.</summary>
    Scanner,

    /// <summary>YAML that cannot be parsed.</summary>
    Parser,

    /// <summary>YAML that cannot be composed to a document.</summary>
    Composer,

    /// <summary>YAML with an unknown tag.</summary>
    Constructor,
}
