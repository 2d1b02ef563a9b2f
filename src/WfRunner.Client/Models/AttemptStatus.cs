namespace WfRunner.Client.Models;

/// <summary>The words for the state of an attempt.</summary>
public static class AttemptStatus
{
    /// <summary>Every word that servers are known to use; there may be others.</summary>
    public static IReadOnlyList<string> Known { get; } = ["blocked", "queued", "running", "canceling", "success", "error", "killed"];

    /// <summary>One word for a state. Digdag behaviour: rest-api 6.10; of attempts that are not done the server knows more.</summary>
    /// <param name="isDone">Whether the attempt has ended.</param>
    /// <param name="isSuccess">Whether it succeeded.</param>
    /// <param name="isCancelRequested">Whether somebody asked it to stop.</param>
    /// <param name="ofServer">The server's word; null for none.</param>
    /// <returns>The word.</returns>
    public static string Of(bool isDone, bool isSuccess, bool isCancelRequested, string? ofServer) => (isDone, isSuccess, isCancelRequested) switch
    {
        (_, true, _) => "success",
        (true, _, true) => "killed",
        (true, _, _) => "error",
        _ => ofServer ?? "running",
    };
}
