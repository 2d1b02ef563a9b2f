namespace WfRunner.Server.Settings;

/// <summary>A user who gives a name and a password.</summary>
/// <param name="Name">Name.</param>
/// <param name="Password">The password, or its hash.</param>
/// <param name="IsAdmin">Whether the user may use the admin API.</param>
public sealed record UserCredentials(string Name, StoredPassword Password, bool IsAdmin);
