namespace WfRunner.Storage.Secrets;

/// <summary>The sets of secrets of a project, in the order they are looked up (server 21.1).</summary>
public enum SecretScope
{
    /// <summary>Set by users.</summary>
    Project,

    /// <summary>Supplied by the authenticator at a push.</summary>
    ProjectDefault,
}
