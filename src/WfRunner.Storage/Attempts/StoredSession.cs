using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Attempts;

/// <summary>A session with its last attempt. There is no session without one.</summary>
/// <param name="Id">The session.</param>
/// <param name="LastAttempt">The attempt created last.</param>
public sealed record StoredSession(SessionId Id, StoredAttempt LastAttempt);
