namespace WfRunner.Core.Hosted;

/// <summary>A site of the hosted service.</summary>
/// <param name="Name">For example <c>us01</c>.</param>
/// <param name="ApiHost">Host of Treasure Data's API, where jobs run.</param>
/// <param name="WorkflowHost">Host of the workflow API.</param>
/// <param name="ConsoleHost">Host of the console, for links.</param>
public sealed record HostedSite(string Name, string ApiHost, string WorkflowHost, string ConsoleHost);
