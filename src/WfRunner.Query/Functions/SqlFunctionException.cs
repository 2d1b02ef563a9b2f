namespace WfRunner.Query.Functions;

/// <summary>An argument of a SQL function is wrong in a way that ends the query.</summary>
internal sealed class SqlFunctionException(string message) : Exception(message);
