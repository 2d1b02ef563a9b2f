using WfRunner.Cli.CommandLine;
using WfRunner.Client.Models;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client;

/// <summary>The blocks of lines that describe sessions and attempts. Digdag behaviour: cli-client 8.7, 8.9, 8.11, 8.18.</summary>
internal static class AttemptText
{
    /// <summary>An attempt as <c>attempt</c> and <c>attempts</c> show it.</summary>
    public static string OfAttempt(AttemptView attempt, CommandContext context) =>
        $"""
          session id: {attempt.SessionId}
          attempt id: {attempt.Id}
          uuid: {attempt.SessionUuid}
          project: {attempt.ProjectName}
          workflow: {attempt.WorkflowName}
          session time: {ClientTime.ToOffset(attempt.SessionTime)}
          retry attempt name: {attempt.RetryAttemptName}
          params: {ConfigJson.Write(attempt.Params)}
          created at: {ClientTime.ToLocal(attempt.CreatedAt, context)}
          finished at: {ClientTime.ToLocal(attempt.FinishedAt, context)}
          kill requested: {Word(attempt.IsCancelRequested)}
          status: {attempt.Status}


        """;

    /// <summary>A session as <c>session</c> and <c>sessions</c> show it. A killed one reads <c>error</c> here.</summary>
    public static string OfSession(SessionView session, CommandContext context)
    {
        var last = session.LastAttempt;
        var status = last switch
        {
            null => "pending",
            { IsSuccess: true } => "success",
            { IsDone: true } => "error",
            _ => last.Status,
        };
        return $"""
              session id: {session.Id}
              attempt id: {last?.Id}
              uuid: {session.Uuid}
              project: {session.ProjectName}
              workflow: {session.WorkflowName}
              session time: {ClientTime.ToOffset(session.Time)}
              retry attempt name: {last?.RetryAttemptName}
              params: {(last is null ? string.Empty : ConfigJson.Write(last.Params))}
              created at: {ClientTime.ToLocal(last?.CreatedAt, context)}
              kill requested: {Word(last?.IsCancelRequested == true)}
              status: {status}


            """;
    }

    /// <summary>An attempt that was started just now.</summary>
    public static string OfStarted(AttemptView attempt, CommandContext context) =>
        $"""
          session id: {attempt.SessionId}
          attempt id: {attempt.Id}
          uuid: {attempt.SessionUuid}
          project: {attempt.ProjectName}
          workflow: {attempt.WorkflowName}
          session time: {ClientTime.ToOffset(attempt.SessionTime)}
          retry attempt name: {attempt.RetryAttemptName}
          params: {ConfigJson.Write(attempt.Params)}
          created at: {ClientTime.ToLocal(attempt.CreatedAt, context)}


        """;

    /// <summary>An attempt of a backfill.</summary>
    public static string OfBackfilled(AttemptView attempt, CommandContext context) =>
        $"""
          id: {attempt.Id}
          uuid: {attempt.SessionUuid}
          project: {attempt.ProjectName}
          workflow: {attempt.WorkflowName}
          session time: {ClientTime.ToOffset(attempt.SessionTime)}
          retry attempt name: {attempt.RetryAttemptName}
          params: {ConfigJson.Write(attempt.Params)}
          created at: {ClientTime.ToLocal(attempt.CreatedAt, context)}


        """;

    /// <summary>What to do after a start.</summary>
    public static string Hints(AttemptView attempt, CommandContext context) =>
        $"""
        * Use `{context.ProgramName} session {attempt.SessionId}` to show session status.
        * Use `{context.ProgramName} task {attempt.Id}` and `{context.ProgramName} log {attempt.Id}` to show task status and logs.

        """;

    private static string Word(bool value) => value ? "true" : "false";
}
