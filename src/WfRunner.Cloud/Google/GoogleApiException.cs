using System.Globalization;
using System.Net;
using WfRunner.Core.Operators;

namespace WfRunner.Cloud.Google;

/// <summary>An error answer of Google.</summary>
/// <param name="status">The status.</param>
/// <param name="text">What it says.</param>
internal sealed class GoogleApiException(HttpStatusCode status, string text)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"{(int)status} {text}"))
{
    public HttpStatusCode Status => status;

    /// <summary>Whether it makes sense to ask again. Digdag behaviour: operators-cloud 5.</summary>
    public static bool MayPass(Exception e) => e switch
    {
        GoogleApiException { Status: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
        GoogleApiException { IsRefusal: true } => false,
        GoogleApiException or HttpRequestException or IOException or TimeoutException => true,
        _ => false,
    };

    /// <summary>The same for submitting and watching jobs, where every 4xx is final.</summary>
    public static bool MayPassForJobs(Exception e) => e is not GoogleApiException { IsRefusal: true } && MayPass(e);

    /// <summary>Whether Google refuses the request as it is.</summary>
    public bool IsRefusal => (int)status is >= 400 and < 500;

    /// <summary>The task's failure.</summary>
    public TaskFailedException ToFailure() => new($"{Message} (google json response)", null, this);
}
