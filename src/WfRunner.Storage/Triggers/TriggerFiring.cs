using NodaTime;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Triggers;

/// <summary>
/// A workflow that is to be started because another one succeeded. It is stored in the transaction that marks the success, and deleted in
/// the one that stores the new attempt.
/// </summary>
/// <param name="Id">Its number; greater for later ones.</param>
/// <param name="SiteId">The tenant.</param>
/// <param name="Upstream">The attempt that succeeded.</param>
/// <param name="Workflow">The workflow to start, of the revision that was the latest then.</param>
/// <param name="SessionTime">Session time of the attempt that succeeded, and of the one to start.</param>
/// <param name="At">When the attempt succeeded.</param>
public sealed record TriggerFiring(long Id, int SiteId, AttemptId Upstream, WorkflowId Workflow, Instant SessionTime, Instant At);
