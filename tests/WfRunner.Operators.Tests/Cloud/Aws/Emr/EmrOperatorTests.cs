using System.Diagnostics;
using System.Globalization;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Cloud.Aws.Emr;
using WfRunner.Tests.Shared;

namespace WfRunner.Operators.Tests.Cloud.Aws.Emr;

/// <summary>The service is a stand-in that checks signatures; the staging folder lies on a real server that speaks S3.</summary>
public sealed class EmrOperatorTests : IClassFixture<S3Server>, IDisposable
{
    private const string TwoSteps = "emr>:\ncluster: j-ABC\nsteps: [{type: command, command: echo, args: [a]}, {type: command, name: Second, command: ls}]";

    private readonly OperatorTestContext _context = new();
    private readonly EmrOperator _emr = new();
    private readonly S3Server _s3;
    private readonly AwsJsonServer _aws;
    private readonly List<(string Id, string Name)> _steps = [];
    private readonly string _staging = $"emr/{Guid.NewGuid():N}/";
    private readonly Dictionary<string, Queue<(int, string)>> _planned = [];
    private string _stepState = "COMPLETED";
    private string? _clusterName;

    public EmrOperatorTests(S3Server s3)
    {
        _s3 = s3;
        _aws = new AwsJsonServer(Answer);
        _context.SecretValues["aws.access_key_id"] = S3Server.AccessKeyId;
        _context.SecretValues["aws.secret_access_key"] = S3Server.SecretAccessKey;
        _context.SecretValues["aws.s3.endpoint"] = s3.Address;
        _context.SecretValues["aws.emr.endpoint"] = _aws.Address;
        _context.SecretValues["aws.kms.endpoint"] = _aws.Address;
    }

    public void Dispose()
    {
        _aws.Dispose();
        _context.Dispose();
    }

    [Fact]
    public async Task Steps_are_submitted_to_a_running_cluster_and_waited_for()
    {
        var first = await PollAsync(TwoSteps);
        Assert.Equal(Duration.Zero, first.Interval);
        Assert.Matches("^[A-Z2-7]{13}$", Tag(first));
        Assert.Empty(_aws.Calls);

        var submitted = await PollAsync(TwoSteps, first.StateParams);

        Assert.Equal(["ListSteps", "AddJobFlowSteps"], _aws.Operations);
        Assert.Equal([$"Command ({Tag(first)})", $"Second ({Tag(first)})"], _steps.Select(s => s.Name));
        Assert.Equal(
            """["s-1","s-2"]""", submitted.StateParams.GetMap("submission").GetMap("result")["steps"]!.ToString());
        Assert.Contains("INFO Submitted 2 EMR step(s) to j-ABC", _context.Lines);
        Assert.Contains($"INFO Step 2/2: Second ({Tag(first)}): s-2", _context.Lines);
        var arguments = Input("AddJobFlowSteps").GetList("Steps").Cast<ConfigMap>().First().GetMap("HadoopJarStep").GetList("Args");
        Assert.Equal(2, arguments.Count);
        Assert.Equal(
            $$"""{"download":[],"working_directory":"/home/hadoop/digdag-staging/{{Tag(first)}}/steps/1/wd","env":{},"command":[{"type":"plain","value":"echo"},{"type":"plain","value":"a"}],"kms_region":null}""",
            await ReadAsync(((ConfigText)arguments[1]).Value));

        _stepState = "RUNNING";
        var running = await PollAsync(TwoSteps, submitted.StateParams);
        Assert.Equal(Duration.FromSeconds(15), running.Interval);
        Assert.Contains($"INFO Currently running EMR step 1/2: s-1: Command ({Tag(first)})", _context.Lines);

        _stepState = "COMPLETED";
        Assert.Same(OperatorOutcome.Done, await RunAsync(TwoSteps, running.StateParams));
        Assert.Contains("INFO EMR steps done", _context.Lines);
        Assert.Single(_aws.Operations, "AddJobFlowSteps");
    }

    [Fact]
    public async Task A_submission_whose_answer_was_lost_is_found_again()
    {
        var state = (await PollAsync(TwoSteps)).StateParams;
        await PollAsync(TwoSteps, state);

        var again = await PollAsync(TwoSteps, state);

        Assert.Single(_aws.Operations, "AddJobFlowSteps");
        Assert.Equal("""["s-1","s-2"]""", again.StateParams.GetMap("submission").GetMap("result")["steps"]!.ToString());
    }

    [Fact]
    public async Task A_new_cluster_is_started_waited_for_and_its_id_stored()
    {
        const string task = """
            emr>:
            cluster: {name: Mine, ec2: {key: k, subnet_id: sn, core: {count: 2, ebs: {devices: [{volume_specification: {type: gp2, size_in_gb: 9}}]}}}, bootstrap: [boot.sh], configurations: [{classification: c, properties: {p: 1}}]}
            steps: [{type: command, command: ls}]
            """;
        _context.Write("boot.sh", "echo ${HOME}");
        Plan("DescribeCluster", """{"Cluster":{"Status":{"State":"STARTING"}}}""", """{"Cluster":{"Status":{"State":"WAITING"}}}""");

        var (outcome, pauses) = await ToEndAsync(task);

        Assert.Equal([0, 0, 0, 30, 0], pauses);
        var result = Assert.IsType<OperatorOutcome.Succeeded>(outcome).Result;
        Assert.Equal(["emr.last_cluster_id"], result.ResetStoreParams);
        Assert.Equal("""{"emr":{"last_cluster_id":"j-NEW"}}""", result.StoreParams.ToString());
        var input = Input("RunJobFlow");
        Assert.StartsWith("Mine (", input.GetString("Name"), StringComparison.Ordinal);
        Assert.Equal(
            ("emr-5.2.0", "EMR_EC2_DefaultRole", "EMR_DefaultRole"),
            (input.GetString("ReleaseLabel"), input.GetString("JobFlowRole"), input.GetString("ServiceRole")));
        Assert.Equal("""[{"Classification":"c","Properties":{"p":"1"}}]""", input["Configurations"]!.ToString());
        Assert.Equal("boot.sh", input.GetList("BootstrapActions").Cast<ConfigMap>().Single().GetString("Name"));
        var instances = input.GetMap("Instances");
        Assert.False(instances.GetBoolean("KeepJobFlowAliveWhenNoSteps"));
        Assert.Equal(
            """[{"InstanceRole":"MASTER","Name":"Master","InstanceType":"m4.2xlarge","InstanceCount":1},{"InstanceRole":"CORE","Name":"Core","InstanceType":"m4.xlarge","InstanceCount":2,"EbsConfiguration":{"EbsBlockDeviceConfigs":[{"VolumeSpecification":{"VolumeType":"gp2","SizeInGB":9}}]}}]""",
            instances["InstanceGroups"]!.ToString());
        Assert.Contains("INFO EMR cluster starting: j-NEW", _context.Lines);
        Assert.Contains("INFO EMR cluster up: j-NEW", _context.Lines);
    }

    [Fact]
    public async Task A_cluster_whose_start_was_answered_to_nobody_is_found_again()
    {
        const string task = "emr>:\ncluster: {ec2: {key: k}}\nsteps: [{type: command, command: ls}]";
        var state = (await PollAsync(task)).StateParams;
        await PollAsync(task, state);

        await PollAsync(task, state);

        Assert.Single(_aws.Operations, "RunJobFlow");
    }

    [Fact]
    public async Task A_failed_last_step_fails_the_task_and_every_step_is_told()
    {
        _stepState = "FAILED";

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => ToEndAsync(TwoSteps));

        Assert.Equal("EMR job failed", failure.Message);
        Assert.Contains("ERROR EMR job failed: j-ABC", _context.Lines);
        Assert.Contains("ERROR EMR step 2/2: s-2: state: FAILED, reason: {\"Message\":\"why\"}, details: {}", _context.Lines);
        Assert.DoesNotContain(await StagedAsync(), k => k.StartsWith(_staging, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_the_own_staging_folder_is_emptied()
    {
        await _s3.PutAsync(_staging + "precious", "x");

        await ToEndAsync(TwoSteps);

        Assert.Equal([_staging + "precious"], (await StagedAsync()).Where(k => k.StartsWith(_staging, StringComparison.Ordinal)));
        Assert.Contains(_context.Lines, l => l.StartsWith($"INFO Removing s3://{S3Server.Bucket}/{_staging}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Secrets_reach_the_cluster_encrypted_and_stand_nowhere_else()
    {
        const string task = "emr>:\ncluster: j-ABC\nsteps: [{type: command, command: c, args: ['--p=${secret:a.b}'], env: {E: '${secret:a.b}', F: x}}]";
        _context.SecretValues["a.b"] = "hidden-value";
        _context.SecretValues["aws.emr.kms_key_id"] = "key-1";

        var submitted = await PollAsync(task, (await PollAsync(task)).StateParams);

        var config = (ConfigMap)ConfigJson.Parse(await ReadAsync(ConfigUri()));
        Assert.Equal($$"""[{"type":"plain","value":"c"},{"type":"kms_encrypted","value":"{{Cipher("--p=hidden-value")}}"}]""", config["command"]!.ToString());
        Assert.Equal($$$"""{"E":{"type":"kms_encrypted","value":"{{{Cipher("hidden-value")}}}"},"F":{"type":"plain","value":"x"}}""", config["env"]!.ToString());
        Assert.Equal("key-1", Input("Encrypt").GetString("KeyId"));
        Assert.DoesNotContain("hidden-value", submitted.StateParams.ToString() + Input("AddJobFlowSteps") + string.Join('\n', _context.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_needs_a_key()
    {
        _context.SecretValues["a.b"] = "x";

        var failure = await Assert.ThrowsAnyAsync<WorkflowException>(
            () => ToEndAsync("emr>:\ncluster: j\nsteps: [{type: command, command: c, args: ['${secret:a.b}']}]"));

        Assert.Equal((FailureKind.SecretNotFound, "Secret not found for key: 'aws.emr.kms_key_id'"), (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData("{type: flink, application: 's3://b/f.jar', args: [x]}", "flink|run|-m|yarn-cluster|-yn|2|*/f.jar|x")]
    [InlineData("{type: hive, script: sub/q.sql, vars: {a: 1}, hiveconf: [{b: 2}, {a: 3}]}", "hive-script|--run-hive-script|--args|-f|s3:*/q.sql|-d|a=1|-hiveconf|b=2|-hiveconf|a=3")]
    [InlineData("{type: spark, application: app.jar, class: M, jars: [j.jar], conf: {k: v}, submit_options: [-x], args: [1]}", "spark-submit|--deploy-mode|cluster|-x|--jars|*/j.jar|--conf|k=v|--class|M|*/app.jar|1")]
    [InlineData("{type: spark, application: a.py}", "spark-submit|--deploy-mode|cluster|*/a.py")]
    [InlineData("{type: spark, application: a.scala}", "spark-shell|--deploy-mode|client|-i|*/a.scala|*/exit-helper.scala")]
    [InlineData("{type: spark-sql, query: sub/q.sql, result: 's3://b/r/'}", "spark-submit|--deploy-mode|cluster|--files|*/q.sql|*/spark-sql-wrapper.py|q.sql|s3://b/r/")]
    [InlineData("{type: script, script: sub/s.sh, args: [1, 2]}", "*/s.sh|1|2")]
    public async Task Every_type_of_step_has_its_command(string step, string expected)
    {
        foreach (var file in (string[])["app.jar", "j.jar", "a.py", "a.scala", "sub/q.sql", "sub/s.sh"])
        {
            _context.Write(file, "content of " + file);
        }

        var task = $"emr>:\ncluster: j-ABC\nsteps: [{step}]";
        await PollAsync(task, (await PollAsync(task)).StateParams);

        var words = ((ConfigMap)ConfigJson.Parse(await ReadAsync(ConfigUri()))).GetList("command").Cast<ConfigMap>().Select(w => w.GetString("value")).ToList();
        Assert.Equal(expected.Split('|').Length, words.Count);
        Assert.All(expected.Split('|').Zip(words), p => Assert.Matches(
            "^" + System.Text.RegularExpressions.Regex.Escape(p.First).Replace("\\*", ".*", StringComparison.Ordinal) + "$", p.Second));
    }

    [Theory]
    [InlineData("steps: []", "Parameter 'steps' is required: name at least one step")]
    [InlineData("steps: [{type: foo}]", "Unsupported step type: foo")]
    [InlineData("steps: [{type: spark, application: a.scala, args: [a]}]", "The 'args' parameter is not supported for Spark shell scala scripts, got: [a]")]
    [InlineData("steps: [{type: spark, application: a.scala, deploy_mode: cluster}]", "Only 'client' deploy_mode is supported for Spark shell scala scripts, got: 'cluster'")]
    [InlineData("steps: [{type: script, script: 's3://b/'}]", "Invalid script: 's3://b/'")]
    [InlineData("steps: [{type: command, command: c}]\nstaging: nowhere", "Invalid staging uri: 'nowhere'")]
    [InlineData("steps: [{type: command, command: c}]\nstaging: null", "Please configure a S3 'staging' directory")]
    public async Task Wrong_options_are_refused(string options, string message) => Assert.Equal(
        message, (await Assert.ThrowsAsync<ConfigException>(() => ToEndAsync($"emr>:\ncluster: j-ABC\n{options}"))).Message);

    [Fact]
    public async Task Without_a_cluster_a_new_one_would_need_ec2() => Assert.Equal(
        "Parameter 'ec2' is required but not set",
        (await Assert.ThrowsAsync<ConfigException>(() => ToEndAsync("emr>:\nsteps: [{type: command, command: c}]"))).Message);

    [Theory]
    [InlineData(503, "ServiceUnavailableException")]
    [InlineData(400, "ThrottlingException")]
    public async Task A_service_in_trouble_is_asked_again(int status, string type)
    {
        Plan("AddJobFlowSteps", AwsJsonServer.Error(status, type), AwsJsonServer.Error(status, type));
        var state = (await PollAsync(TwoSteps)).StateParams;

        var first = await PollAsync(TwoSteps, state);
        var second = await PollAsync(TwoSteps, first.StateParams);

        Assert.Equal((Duration.FromSeconds(30), Duration.FromSeconds(60)), (first.Interval, second.Interval));
        var third = await PollAsync(TwoSteps, second.StateParams);
        Assert.Equal(Duration.Zero, third.Interval);
    }

    [Fact]
    public async Task A_refusal_fails_the_task()
    {
        Plan("AddJobFlowSteps", AwsJsonServer.Error(400, "InvalidRequestException", "no such cluster"));

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => ToEndAsync(TwoSteps));

        Assert.StartsWith("no such cluster (Service: AmazonElasticMapReduce; Status Code: 400; Error Code: InvalidRequestException;", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_credentials_fail_the_task()
    {
        _context.SecretValues["aws.emr.secret_access_key"] = "wrong";

        Assert.Contains(
            "InvalidSignatureException", (await Assert.ThrowsAsync<TaskFailedException>(() => ToEndAsync(TwoSteps))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster: j-ABC", "CancelSteps")]
    [InlineData("cluster: {ec2: {key: k}, auto_terminate: false}", "CancelSteps")]
    [InlineData("cluster: {ec2: {key: k}}", "TerminateJobFlows")]
    public async Task A_kill_ends_what_was_started(string cluster, string operation)
    {
        var task = $"emr>:\n{cluster}\nsteps: [{{type: command, command: ls}}]";
        var state = (await PollAsync(task)).StateParams;
        state = (await PollAsync(task, state)).StateParams;
        state = state.GetMap("submission").GetMap("result").GetList("steps").Count > 0 ? state : (await PollAsync(task, state)).StateParams;

        await ((IOperator)_emr).CleanUpAsync(Request(task, state), _context, TestContext.Current.CancellationToken);

        Assert.Single(_aws.Operations, operation);
        Assert.DoesNotContain(await StagedAsync(), k => k.StartsWith(_staging, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_runner_brings_files_decrypts_and_runs()
    {
        _context.SecretValues["a.b"] = "hidden-value";
        _context.SecretValues["aws.emr.kms_key_id"] = "key-1";
        _context.Write("s.sh", "#!/bin/sh\ncat f.txt\necho $1 $E $PWD\nexit 3\n");
        _context.Write("f.txt", "file ");
        const string task = "emr>:\ncluster: j-ABC\nsteps: [{type: script, script: s.sh, args: ['${secret:a.b}'], env: {E: '${secret:a.b}'}, files: [f.txt]}]";
        await PollAsync(task, (await PollAsync(task)).StateParams);
        var root = _context.PathOf("node");
        var config = (await ReadAsync(ConfigUri())).Replace("/home/hadoop", root, StringComparison.Ordinal);

        // A program of the tests takes the place of the AWS client: objects are files below "objects", and what KMS is given is Base64 of the text already.
        foreach (var key in (await StagedAsync()).Where(k => k.StartsWith(_staging, StringComparison.Ordinal)))
        {
            var uri = $"s3://{S3Server.Bucket}/{key}";
            _context.Write($"objects/{S3Server.Bucket}/{key}", uri == ConfigUri() ? config : await ReadAsync(uri));
        }

        var client = _context.Write("bin/aws", """
            #!/bin/sh
            case "$1" in
              s3) cp "$OBJECTS/${4#s3://}" "$5" ;;
              kms) [ "$2 $3" = "decrypt --ciphertext-blob" ] && cat "${4#fileb://}" ;;
            esac
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(client, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var runner = _context.Write("runner.py", await ReadAsync(RunnerUri()));

        // The interpreter itself: what stands in front of it on PATH may put other programs first.
        var python = await OutputAsync(new ProcessStartInfo("python3", ["-c", "import sys; print(sys.executable, end='')"]));
        var start = new ProcessStartInfo(python.Text, [runner, ConfigUri()]);
        start.Environment["PATH"] = $"{_context.PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["OBJECTS"] = _context.PathOf("objects");
        var (code, output) = await OutputAsync(start);

        Assert.Equal(3, code);
        Assert.EndsWith("/steps/1/wd\n", output, StringComparison.Ordinal);
        Assert.Contains("file hidden-value hidden-value " + root, output, StringComparison.Ordinal);
        Assert.Contains("Variable E=***", output, StringComparison.Ordinal);
        Assert.Contains("'***']", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Text)> OutputAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, text);
    }

    // Base64 twice, as a service would give Base64 of something that is not the text.
    private static string Cipher(string text) => Base64(Base64(text));

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private static string Tag(OperatorOutcome.Polling outcome) => outcome.StateParams.GetString("tag");

    private (int Status, string Body) Answer(string operation, ConfigMap input)
    {
        if (_planned.TryGetValue(operation, out var planned) && planned.TryDequeue(out var answer))
        {
            return answer;
        }

        switch (operation)
        {
            case "AddJobFlowSteps":
                return (200, ConfigMap.Of(("StepIds", new ConfigList(Add(input).Select(ConfigValue.FromString)))).ToString());
            case "RunJobFlow":
                Add(input);
                _clusterName = input.GetString("Name");
                return (200, """{"JobFlowId":"j-NEW"}""");
            case "ListClusters":
                return (200, _clusterName is null ? """{"Clusters":[]}""" : ConfigMap.Of(
                    ("Clusters", new ConfigList([ConfigMap.Of(("Id", "j-NEW"), ("Name", _clusterName))]))).ToString());
            case "ListSteps":
                return (200, ListSteps(input).ToString());
            case "DescribeCluster":
                return (200, """{"Cluster":{"Status":{"State":"RUNNING"}}}""");
            case "DescribeStep":
                return (200, ConfigMap.Of(("Step", Step(_steps.Single(s => s.Id == input.GetString("StepId")), _stepState))).ToString());
            case "Encrypt":
                return (200, ConfigMap.Of(("CiphertextBlob", Base64(input.GetString("Plaintext")))).ToString());
            case "CancelSteps" or "TerminateJobFlows":
                return (200, "{}");
            default:
                return AwsJsonServer.Error(400, "UnknownOperationException", operation);
        }
    }

    private string[] Add(ConfigMap input)
    {
        var added = input.GetList("Steps").Cast<ConfigMap>().ToList();
        var ids = added.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"s-{_steps.Count + i + 1}")).ToArray();
        _steps.AddRange(ids.Zip(added.Select(s => s.GetString("Name"))));
        return ids;
    }

    // One step a page, the newest first, as the service lists them.
    private ConfigMap ListSteps(ConfigMap input)
    {
        var ids = input.GetListOrEmpty("StepIds").Select(i => ((ConfigText)i).Value).ToList();
        var isRunning = input.GetListOrEmpty("StepStates").Count > 0;
        var all = isRunning ? _steps.Take(_stepState == "RUNNING" ? 1 : 0).ToList()
            : _steps.Where(s => ids.Count == 0 || ids.Contains(s.Id)).Reverse().ToList();
        var from = int.Parse(input.GetStringOr("Marker", "0"), CultureInfo.InvariantCulture);
        var page = ConfigMap.Of(("Steps", new ConfigList(all.Skip(from).Take(1).Select(s => Step(s, _stepState)))));
        return from + 1 < all.Count ? page.With("Marker", (from + 1).ToString(CultureInfo.InvariantCulture)) : page;
    }

    private static ConfigMap Step((string Id, string Name) step, string state) => ConfigMap.Of(
        ("Id", step.Id),
        ("Name", step.Name),
        ("Status", ConfigMap.Of(("State", state), ("StateChangeReason", ConfigMap.Of(("Message", "why"))))));

    private void Plan(string operation, params string[] answers) => Plan(operation, [.. answers.Select(a => (200, a))]);

    private void Plan(string operation, params (int, string)[] answers) => _planned[operation] = new(answers);

    private ConfigMap Input(string operation) => _aws.Calls.Last(c => c.Operation == operation).Input;

    private List<string> Arguments() => [.. Input("AddJobFlowSteps").GetList("Steps").Cast<ConfigMap>().Single()
        .GetMap("HadoopJarStep").GetList("Args").Select(a => ((ConfigText)a).Value)];

    private string RunnerUri() => Arguments()[0];

    private string ConfigUri() => Arguments()[1];

    private async Task<string> ReadAsync(string uri)
    {
        var path = uri["s3://".Length..].Split('/', 2);
        using var answer = await _s3.Client.GetObjectAsync(path[0], path[1], TestContext.Current.CancellationToken);
        using var reader = new StreamReader(answer.ResponseStream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private Task<IReadOnlyList<string>> StagedAsync() => _s3.KeysAsync();

    private OperatorRequest Request(string task, ConfigMap? state = null)
    {
        var hasStaging = task.Contains("\nstaging:", StringComparison.Ordinal);
        var request = OperatorTestContext.Request(hasStaging ? task : $"{task}\nstaging: s3://{S3Server.Bucket}/{_staging}");
        return request with { StateParams = state ?? ConfigMap.Empty };
    }

    private Task<OperatorOutcome> RunAsync(string task, ConfigMap? state = null) =>
        _emr.RunAsync(Request(task, state), _context, TestContext.Current.CancellationToken);

    private async Task<OperatorOutcome.Polling> PollAsync(string task, ConfigMap? state = null) =>
        Assert.IsType<OperatorOutcome.Polling>(await RunAsync(task, state));

    private async Task<(OperatorOutcome Outcome, List<double> Pauses)> ToEndAsync(string task)
    {
        var pauses = new List<double>();
        OperatorOutcome outcome;
        ConfigMap? state = null;
        while ((outcome = await RunAsync(task, state)) is OperatorOutcome.Polling polling)
        {
            Assert.InRange(pauses.Count, 0, 20);
            pauses.Add(polling.Interval.TotalSeconds);
            state = polling.StateParams;
        }

        return (outcome, pauses);
    }
}
