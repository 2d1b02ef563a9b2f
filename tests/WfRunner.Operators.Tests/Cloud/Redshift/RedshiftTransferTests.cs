using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Cloud.Redshift;
using WfRunner.Operators.Tests.Http;
using WfRunner.Tests.Shared;

namespace WfRunner.Operators.Tests.Cloud.Redshift;

/// <summary>
/// COPY and UNLOAD reach a real PostgreSQL server, which knows neither: its syntax error shows that they arrive, and the statement
/// is compared as text.
/// </summary>
public sealed class RedshiftTransferTests(PostgresServer database, S3Server storage)
    : IClassFixture<PostgresServer>, IClassFixture<S3Server>, IAsyncLifetime
{
    private readonly OperatorTestContext _context = new();

    public ValueTask InitializeAsync()
    {
        _context.SecretValues["aws.redshift.password"] = PostgresServer.Password;
        _context.SecretValues["aws.access_key_id"] = S3Server.AccessKeyId;
        _context.SecretValues["aws.secret_access_key"] = S3Server.SecretAccessKey;
        _context.SecretValues["aws.s3.endpoint"] = storage.Address;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _context.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("csv: ''", "CSV\n")]
    [InlineData("csv: \"'\"", "CSV QUOTE ''''\n")]
    [InlineData("escape: false\ngzip: true", "GZIP\n")]
    [InlineData("gzip: true\nreadratio: 3\nmanifest: 'true'\nregion: eu-west-1\ndelimiter: ','", "READRATIO 3\nMANIFEST\nREGION 'eu-west-1'\nDELIMITER ','\nGZIP\n")]
    [InlineData("json: auto\nencoding: UTF8", "FORMAT AS JSON 'auto'\nENCODING UTF8\n")]
    [InlineData("avro: auto\nstatupdate: off\ncompupdate: TRUE", "FORMAT AS AVRO 'auto'\nCOMPUPDATE TRUE\nSTATUPDATE off\n")]
    [InlineData("null_as: \"\\\\N\"\nignoreheader: '1'\nmaxerror: 10\nnoload: true", "IGNOREHEADER 1\nNULL AS '\\N'\nMAXERROR 10\nNOLOAD\n")]
    [InlineData("acceptinvchars: ''\nacceptinvchars_: x", "ACCEPTINVCHARS\n")]
    public void The_options_of_COPY_stand_in_order(string options, string lines) =>
        Assert.Equal(lines, RedshiftTransferOptions.Lines(RedshiftTransferOptions.Copy, Options(options)));

    [Theory]
    [InlineData("parallel: OFF\naddquotes: true\nallowoverwrite: true\ndelimiter: '|'", "DELIMITER '|'\nADDQUOTES\nALLOWOVERWRITE\nPARALLEL OFF\n")]
    [InlineData("null_as: ''", "NULL AS\n")]
    public void The_options_of_UNLOAD_stand_in_order(string options, string lines) =>
        Assert.Equal(lines, RedshiftTransferOptions.Lines(RedshiftTransferOptions.Unload, Options(options)));

    [Theory]
    [InlineData("statupdate: 'YES'", "STATUPDATE should be in ON/OFF/TRUE/FALSE: YES")]
    [InlineData("encoding: \"UTF8; drop table t\"", "ENCODING should be one word: UTF8; drop table t")]
    public void A_wrong_value_is_refused(string options, string message) => Assert.Equal(
        message, Assert.Throws<ConfigException>(() => RedshiftTransferOptions.Lines(RedshiftTransferOptions.Copy, Options(options))).Message);

    [Theory]
    [InlineData("csv: ''\nescape: true", "CSV cannot be used with FIXEDWIDTH, REMOVEQUOTES, or ESCAPE")]
    [InlineData("delimiter: a\nfixedwidth: '1:2'", "DELIMITER cannot be used with FIXEDWIDTH")]
    [InlineData("json: auto\ndelimiter: a", "JSON cannot be used with CSV, DELIMITER, AVRO, ESCAPE, FILLRECORD, FIXEDWIDTH, IGNOREBLANKLINES, NULL AS, READRATIO or REMOVEQUOTES")]
    [InlineData("avro: auto\ncsv: ''", "AVRO cannot be used with CSV, DELIMITER, JSON or FIXEDWIDTH")]
    public void Options_that_exclude_each_other_are_refused(string options, string message) =>
        Assert.Equal(message, Assert.Throws<ConfigException>(() => RedshiftLoadOperator.Check(Options(options))).Message);

    [Fact]
    public void The_statements_quote_what_they_carry()
    {
        Assert.Equal(
            "COPY \"a.\"\"b\" FROM 's3://b/it''s'\nCREDENTIALS 'aws_access_key_id=AK;aws_secret_access_key=SK'\nCSV\n",
            RedshiftLoadOperator.Statement("a.\"b", "s3://b/it's", "aws_access_key_id=AK;aws_secret_access_key=SK", "CSV\n"));
        Assert.Equal(
            "UNLOAD ('select ''x''') TO 's3://b/p/1_'\nCREDENTIALS 'k'\n", RedshiftUnloadOperator.Statement("select 'x'", "s3://b/p/1_", "k", string.Empty));
    }

    [Fact]
    public async Task COPY_reaches_the_database_and_its_keys_stay_out_of_the_message()
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(
            () => RunAsync(new RedshiftLoadOperator(), "redshift_load>:\ntable: t\nfrom: s3://data/x\ntemp_credentials: false"));

        Assert.StartsWith("Failed to execute an update statement [ERROR: syntax error at or near \"CREDENTIALS\"", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(S3Server.SecretAccessKey, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UNLOAD_first_empties_its_own_prefix_and_nothing_else()
    {
        await storage.PutAsync("out/id_0000_part_00", "old");
        await storage.PutAsync("out/id_0001_part_00", "old");
        await storage.PutAsync("out/other_0000_part_00", "kept");

        var failure = await Assert.ThrowsAsync<TaskFailedException>(
            () => RunAsync(new RedshiftUnloadOperator(), "redshift_unload>:\nquery: select 1\nto: s3://data/out\ntemp_credentials: false"));

        Assert.StartsWith("Failed to execute an update statement [ERROR: syntax error at or near \"UNLOAD\"", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["out/other_0000_part_00"], (await storage.KeysAsync()).Where(k => k.StartsWith("out/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("b/p", "'to' should start with 's3://'. to=b/p")]
    [InlineData("s3://", "'to' includes empty bucket. to=s3://")]
    [InlineData("s3:///p", "'to' includes empty bucket. to=s3:///p")]
    public async Task A_wrong_target_is_refused(string to, string message) => Assert.Equal(
        message,
        (await Assert.ThrowsAsync<ConfigException>(() => RunAsync(new RedshiftUnloadOperator(), $"redshift_unload>:\nquery: select 1\nto: {to}"))).Message);

    [Fact]
    public async Task The_session_may_reach_the_data_and_no_more()
    {
        await storage.PutAsync("m.json", """{"entries":[{"url":"s3://far/part1","mandatory":true},{"url":"s3://far/part2"}]}""");
        using var tokens = new RawHttpServer(Token("GetFederationToken"));
        _context.SecretValues["aws.sts.endpoint"] = tokens.Address;

        await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(
            new RedshiftLoadOperator(), "redshift_load>:\ntable: t\nfrom: s3://data/m.json\nmanifest: true\njson: s3://paths/j.json\nsession_duration: 900"));

        var asked = Uri.UnescapeDataString(Assert.Single(tokens.Requests));
        Assert.Contains("Action=GetFederationToken", asked, StringComparison.Ordinal);
        Assert.Contains("DurationSeconds=900", asked, StringComparison.Ordinal);
        Assert.Contains("Name=digdag-operator-session", asked, StringComparison.Ordinal);
        foreach (var uri in (string[])["data/m.json", "paths/j.json", "far/part1", "far/part2"])
        {
            Assert.Contains($$"""{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::{{uri}}*"]}""", asked, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("PutObject", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_role_the_session_is_the_roles()
    {
        using var tokens = new RawHttpServer(Token("AssumeRole"));
        _context.SecretValues["aws.sts.endpoint"] = tokens.Address;
        _context.SecretValues["aws.redshift_load.role_arn"] = "arn:aws:iam::1:role/r";

        await Assert.ThrowsAsync<TaskFailedException>(
            () => RunAsync(new RedshiftLoadOperator(), "redshift_load>:\ntable: t\nfrom: dynamodb://T"));

        var asked = Uri.UnescapeDataString(Assert.Single(tokens.Requests));
        Assert.Contains("Action=AssumeRole", asked, StringComparison.Ordinal);
        Assert.Contains("RoleArn=arn:aws:iam::1:role/r", asked, StringComparison.Ordinal);
        Assert.Contains("\"Action\":[\"dynamodb:DescribeTable\",\"dynamodb:Scan\"],\"Resource\":[\"arn:aws:dynamodb:*:*:table/T\"]", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_session_fails_the_task()
    {
        using var tokens = new RawHttpServer(RawHttpServer.Answer(
            403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>", "Content-Type: text/xml"));
        _context.SecretValues["aws.sts.endpoint"] = tokens.Address;

        var failure = await Assert.ThrowsAsync<TaskFailedException>(
            () => RunAsync(new RedshiftLoadOperator(), "redshift_load>:\ntable: t\nfrom: s3://b/k"));

        Assert.StartsWith("no (Service: AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from: s3://data/absent.json", "Failed to fetch a manifest file: s3://data/absent.json")]
    [InlineData("from: s3://data/broken.json", "Failed to fetch a manifest file: s3://data/broken.json")]
    public async Task A_manifest_that_cannot_be_read_is_said(string from, string message)
    {
        await storage.PutAsync("broken.json", "[1");

        var failure = await Assert.ThrowsAsync<TaskFailedException>(
            () => RunAsync(new RedshiftLoadOperator(), $"redshift_load>:\ntable: t\n{from}\nmanifest: true"));

        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_sources_are_refused()
    {
        var failure = await Assert.ThrowsAsync<WorkflowException>(
            () => RunAsync(new RedshiftLoadOperator(), "redshift_load>:\ntable: t\nfrom: http://b/k"));

        Assert.Equal((FailureKind.IllegalArgument, "Unexpected `uri`. uri=http://b/k"), (failure.Kind, failure.Message));
    }

    private static string Token(string action) => RawHttpServer.Answer(
        200,
        $"""
        <{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><Credentials><AccessKeyId>ASIA</AccessKeyId>
        <SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
        </{action}Result></{action}Response>
        """,
        "Content-Type: text/xml");

    private static ConfigMap Options(string yaml) => OperatorTestContext.Request(yaml).Config;

    private async Task RunAsync(IOperator found, string task) => await found.RunAsync(
        OperatorTestContext.Request($"{task}\nhost: 127.0.0.1\nport: {database.Port}\nuser: {PostgresServer.User}\ndatabase: postgres\nstrict_transaction: false") with
        {
            StateParams = ConfigMap.Of(("queryId", "id")),
        },
        _context,
        TestContext.Current.CancellationToken);
}
