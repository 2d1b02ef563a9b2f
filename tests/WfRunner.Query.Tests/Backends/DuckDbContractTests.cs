using WfRunner.Query.Backends.DuckDb;

namespace WfRunner.Query.Tests.Backends;

/// <summary>The contract on DuckDB.</summary>
public sealed class DuckDbContractTests : BackendContractTests
{
    protected override IQueryBackend Backend { get; } = new DuckDbBackend();

    protected override string Series(long n) => $"unnest(sequence(1, {n})) as s(x)";
}
