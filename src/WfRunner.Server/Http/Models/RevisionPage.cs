using WfRunner.Storage.Projects;

namespace WfRunner.Server.Http.Models;

/// <summary>A page of revisions.</summary>
/// <param name="Revisions">The revisions, newest first.</param>
/// <param name="IsPaged">Whether the client asked with the parameters whose answer says how the list goes on.</param>
/// <param name="Next">What the next page is asked for with; null when this is the last one.</param>
internal sealed record RevisionPage(IReadOnlyList<StoredRevision> Revisions, bool IsPaged, string? Next);
