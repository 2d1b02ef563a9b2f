using System.Globalization;
using System.Net;
using Amazon.Runtime;
using WfRunner.Core.Operators;

namespace WfRunner.Cloud.Aws;

/// <summary>Which failures of AWS may pass, and what the others are called. Digdag behaviour: operators-cloud 1.</summary>
internal static class AwsFailure
{
    /// <summary>Whether it makes sense to ask again: the service is busy or broken, or was not reached.</summary>
    public static bool MayPass(Exception e) => e switch
    {
        AmazonServiceException { StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
        AmazonServiceException { ErrorCode: "Throttling" or "ThrottlingException" or "TooManyRequestsException" or "RequestLimitExceeded" } => true,
        AmazonServiceException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError } => false,
        AmazonServiceException or HttpRequestException or IOException or TimeoutException => true,
        AmazonClientException { InnerException: { } cause } => MayPass(cause),
        OperationCanceledException { InnerException: TimeoutException } => true,
        _ => false,
    };

    /// <summary>The task's failure.</summary>
    /// <param name="service">The service as users know it, for example <c>Amazon S3</c>.</param>
    /// <param name="cause">What it said.</param>
    public static TaskFailedException Of(string service, AmazonServiceException cause) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{cause.Message} (Service: {service}; Status Code: {(int)cause.StatusCode}; Error Code: {cause.ErrorCode}; Request ID: {cause.RequestId}) ({service.ToLowerInvariant()})"),
        null,
        cause);
}
