namespace WfRunner.Operators.Http;

/// <summary>A request was redirected more often than allowed.</summary>
/// <param name="answer">The last answer, a redirect.</param>
internal sealed class TooManyRedirectsException(HttpAnswer answer) : Exception
{
    public HttpAnswer Answer => answer;
}
