using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.Sessions;

/// <summary>The rows of a statement, read once. Disposing ends the statement.</summary>
internal interface ISqlRows : IAsyncDisposable
{
    /// <summary>The columns.</summary>
    IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>The next rows; null at the end.</summary>
    /// <exception cref="SqlSessionException">The statement failed while it produced them.</exception>
    Task<IReadOnlyList<IReadOnlyList<ConfigValue>>?> NextAsync(CancellationToken cancellationToken);
}
