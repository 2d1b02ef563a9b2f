namespace WfRunner.Server.Http.Models;

/// <summary>The first of many.</summary>
/// <typeparam name="T">What there are many of.</typeparam>
/// <param name="Total">How many there are; at least as many as are listed.</param>
/// <param name="Items">The oldest of them.</param>
internal sealed record Oldest<T>(long Total, IReadOnlyList<T> Items);
