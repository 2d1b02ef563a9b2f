using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Attempts;

/// <summary>
/// The right of one node to run an attempt. The token is a fence: whoever takes the attempt over gets a greater one, and from then
/// on nothing is saved under the old token, however late the old node notices.
/// </summary>
/// <param name="AttemptId">The attempt.</param>
/// <param name="Token">The fence.</param>
public sealed record AttemptLease(AttemptId AttemptId, long Token);
