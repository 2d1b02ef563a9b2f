namespace WfRunner.Client;

/// <summary>The version of Digdag's client that this one stands for.</summary>
public static class DigdagVersion
{
    /// <summary>Sent to servers: one of wf's own would be taken for a very old Digdag and refused (rest-api 12).</summary>
    public const string Compatible = "0.10.5.1";
}
