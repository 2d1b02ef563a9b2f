namespace WfRunner.Core.Scheduling;

/// <summary>The session that a client asks a server for. Digdag behaviour: schedules 11.2 and 11.3.</summary>
/// <param name="Time">ISO date and time: an instant with <c>Z</c>, or without an offset a local time of the workflow's zone.</param>
/// <param name="Truncation">How the server truncates it; null for not at all.</param>
public sealed record RequestedSession(string Time, SessionTruncation? Truncation);
