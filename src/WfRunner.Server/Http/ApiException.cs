namespace WfRunner.Server.Http;

/// <summary>A refusal of the API with its status, where the kind of a failure does not tell it.</summary>
internal sealed class ApiException(int status, string message) : Exception(message)
{
    public int Status => status;
}
