namespace WfRunner.Operators.ParameterServer;

/// <summary>
/// Where <c>param_set&gt;</c> keeps values between sessions. Values of one site are not seen by another; a value is forgotten 90
/// days after it was last written. Digdag behaviour: operators-core 11.
/// </summary>
internal interface IParameterStore : IAsyncDisposable
{
    /// <summary>How long a value is kept, from its last write.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromSeconds(7_776_000);

    /// <summary>Keeps values, all or none.</summary>
    /// <exception cref="Core.WorkflowException">The server refused.</exception>
    Task SetAsync(int siteId, IReadOnlyList<KeyValuePair<string, string>> values, CancellationToken cancellationToken);

    /// <summary>Looks values up; what is not there or has expired is left out.</summary>
    /// <exception cref="Core.WorkflowException">The server refused.</exception>
    Task<IReadOnlyDictionary<string, string>> GetAsync(int siteId, IReadOnlyList<string> keys, CancellationToken cancellationToken);
}
