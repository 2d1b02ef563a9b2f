using Amazon.S3;
using WfRunner.Cloud.Aws;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Sql;

namespace WfRunner.Operators.Cloud.Redshift;

/// <summary>What COPY and UNLOAD have in common: parameters, credentials, and the way a statement is done once. Digdag behaviour: operators-cloud 4.4.</summary>
internal sealed class RedshiftTransfer
{
    private readonly OperatorRequest _request;
    private readonly IOperatorContext _context;

    public RedshiftTransfer(string type, OperatorRequest request, IOperatorContext context)
    {
        _request = request;
        _context = context;
        Options = request.Config.MergeDefault(request.Config.GetMapOrEmpty(type)).MergeDefault(request.Config.GetMapOrEmpty("redshift"));
        Credentials = new RedshiftCredentials(type, Options, context);
    }

    /// <summary>Parameters that both declare.</summary>
    public static OperatorParameter[] SharedParameters { get; } =
    [
        new("temp_credentials", ParameterType.Boolean, "Whether the database gets credentials of a session made for this statement (default: true)."),
        new("session_duration", ParameterType.Integer, "Seconds that such a session lasts (default: 10800)."),
        .. SqlParameters.Strict,
        .. SqlParameters.Connection(SqlFamily.Redshift),
    ];

    /// <summary>The task's parameters with the defaults of its sections.</summary>
    public ConfigMap Options { get; }

    public RedshiftCredentials Credentials { get; }

    /// <summary>A client of S3 with the user's own credentials.</summary>
    public AmazonS3Client OpenS3()
    {
        var secrets = _context.Secrets;
        var address = secrets.Find("aws.s3.endpoint");
        var endpoint = new AwsEndpoint(secrets.FindIn("region", "aws.s3", "aws"), address);
        return new AmazonS3Client(Credentials.Own(), endpoint.Apply(new AmazonS3Config { ForcePathStyle = address is not null }, _context.Log));
    }

    /// <summary>Connects and does a statement, once unless the task wants it otherwise.</summary>
    /// <param name="statement">The statement; it holds credentials and is never logged.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<OperatorOutcome> RunAsync(string statement, CancellationToken cancellationToken)
    {
        const string failure = "Failed to execute an update statement";
        var options = SqlTaskOptions.Of(Options);
        var settings = PgSettings.Of(Options, _context.Secrets, SqlFamily.Redshift);
        var schema = _context.Secrets.Find("aws.redshift.schema") ?? Options.GetStringOrNull("schema");
        var session = await PgSession.OpenAsync(settings, schema, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            if (options.IsStrict)
            {
                await new RedshiftStatusTables(session, _context.Log)
                    .RunOnceAsync(new SqlStatement(SqlTask.IdentityOf(_request), statement, options), failure, cancellationToken)
                    .ConfigureAwait(false);
            }
            else
            {
                await session.ExecuteAsync(statement, failure, cancellationToken).ConfigureAwait(false);
            }
        }

        return OperatorOutcome.Done;
    }
}
