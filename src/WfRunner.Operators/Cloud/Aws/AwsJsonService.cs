namespace WfRunner.Operators.Cloud.Aws;

/// <summary>A service of AWS that speaks JSON 1.1.</summary>
/// <param name="SigningName">Its name in signatures and host names, for example <c>ecs</c>.</param>
/// <param name="Target">What stands in front of an operation's name in the header <c>X-Amz-Target</c>.</param>
/// <param name="DisplayName">As users know it.</param>
internal sealed record AwsJsonService(string SigningName, string Target, string DisplayName)
{
    /// <summary>Elastic MapReduce.</summary>
    public static AwsJsonService Emr { get; } = new("elasticmapreduce", "ElasticMapReduce", "AmazonElasticMapReduce");

    /// <summary>Key Management Service.</summary>
    public static AwsJsonService Kms { get; } = new("kms", "TrentService", "AWSKMS");

    /// <summary>Elastic Container Service.</summary>
    public static AwsJsonService Ecs { get; } = new("ecs", "AmazonEC2ContainerServiceV20141113", "AmazonECS");

    /// <summary>CloudWatch Logs.</summary>
    public static AwsJsonService Logs { get; } = new("logs", "Logs_20140328", "AWSLogs");
}
