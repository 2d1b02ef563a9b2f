namespace WfRunner.Operators.Cloud.Aws.Emr;

/// <summary>A file that the cluster can use.</summary>
/// <param name="Name">Its name without folders.</param>
/// <param name="Uri">Where it is in S3.</param>
/// <param name="LocalPath">Where the runner puts it on the cluster.</param>
internal sealed record EmrFile(string Name, string Uri, string LocalPath);
