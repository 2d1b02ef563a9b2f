namespace WfRunner.Server.Settings;

/// <summary>The one user of a server with basic authentication.</summary>
/// <param name="UserName">Name.</param>
/// <param name="Password">Password.</param>
/// <param name="IsAdmin">Whether the user may use the admin API.</param>
public sealed record BasicCredentials(string UserName, string Password, bool IsAdmin);
