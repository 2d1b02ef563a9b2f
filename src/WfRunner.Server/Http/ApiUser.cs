namespace WfRunner.Server.Http;

/// <summary>Who sent a request.</summary>
/// <param name="Name">Name; null without authentication.</param>
/// <param name="SiteId">The tenant; everything is separated by it.</param>
/// <param name="IsAdmin">Whether the admin API is open.</param>
internal sealed record ApiUser(string? Name, int SiteId, bool IsAdmin)
{
    /// <summary>Everybody, where nobody is asked.</summary>
    public static readonly ApiUser Anonymous = new(null, 0, false);
}
