using System.Globalization;
using System.Text.Json;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Cloud.Aws.Emr;

/// <summary>The request for a new cluster. Digdag behaviour: operators-cloud 3.3.</summary>
internal sealed class EmrCluster(ConfigMap cluster, ConfigMap options, OperatorRequest request, IOperatorContext context)
{
    /// <summary>Name of the tag that carries the task's own.</summary>
    public const string TagName = "DIGDAG_CLUSTER_ID";

    private static readonly string[] DefaultApplications = ["Hadoop", "Hive", "Spark", "Flink"];

    /// <summary>The name that EMR shows.</summary>
    public string NameFor(string tag) => $"{cluster.GetStringOr("name", "Digdag")} ({tag})";

    /// <summary>Whether the cluster ends with its steps.</summary>
    public bool EndsItself => cluster.GetBooleanOr("auto_terminate", true);

    /// <summary>The input of <c>RunJobFlow</c>.</summary>
    public async Task<ConfigMap> CompileAsync(string tag, ConfigList steps, EmrSteps compiler, CancellationToken cancellationToken)
    {
        var ec2 = cluster.GetMap("ec2");
        var applications = cluster["applications"] is null or ConfigNull ? DefaultApplications : Texts(cluster, "applications");
        var bootstrap = cluster["bootstrap"] is null or ConfigNull ? [] : cluster.ParseList("bootstrap");
        return Only(
            ("Name", NameFor(tag)),
            ("ReleaseLabel", cluster.GetStringOr("release", "emr-5.2.0")),
            ("Applications", new ConfigList(applications.Select(a => ConfigMap.Of(("Name", a))))),
            ("LogUri", Text(cluster, "logs")),
            ("JobFlowRole", cluster.GetStringOr("cluster_role", "EMR_EC2_DefaultRole")),
            ("ServiceRole", cluster.GetStringOr("service_role", "EMR_DefaultRole")),
            ("VisibleToAllUsers", cluster.GetBooleanOr("visible", true)),
            ("Tags", new ConfigList([ConfigMap.Of(("Key", TagName), ("Value", tag))])),
            ("Configurations", await ConfigurationsAsync(cluster, cancellationToken).ConfigureAwait(false)),
            ("BootstrapActions", await compiler.BootstrapAsync(bootstrap, cancellationToken).ConfigureAwait(false)),
            ("Steps", steps),
            ("Instances", await InstancesAsync(ec2, cancellationToken).ConfigureAwait(false)));
    }

    private async Task<ConfigMap> InstancesAsync(ConfigMap ec2, CancellationToken cancellationToken)
    {
        var inSubnet = ec2.GetStringOrNull("subnet_id") is not null;
        var groups = new List<ConfigValue>
        {
            await GroupAsync("MASTER", "Master", ec2.GetMapOrEmpty("master"), inSubnet ? "m4.2xlarge" : "m3.2xlarge", cancellationToken).ConfigureAwait(false),
        };
        var type = inSubnet ? "m4.xlarge" : "m3.xlarge";
        if (ec2["core"] is { IsNull: false })
        {
            groups.Add(await GroupAsync("CORE", "Core", ec2.GetMap("core"), type, cancellationToken).ConfigureAwait(false));
        }

        foreach (var (i, task) in ec2.GetListOrEmpty("task").Index())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"Task {i + 1}");
            var group = task as ConfigMap ?? throw ConfigAccess.Mismatch("object", "task", task);
            groups.Add(await GroupAsync("TASK", name, group, type, cancellationToken).ConfigureAwait(false));
        }

        return Only(
            ("Ec2KeyName", ec2.GetString("key")),
            ("Ec2SubnetId", Text(ec2, "subnet_id")),
            ("Placement", Text(cluster, "availability_zone") is { } zone ? ConfigMap.Of(("AvailabilityZone", zone)) : null),
            ("InstanceGroups", new ConfigList(groups)),
            ("KeepJobFlowAliveWhenNoSteps", !EndsItself),
            ("TerminationProtected", cluster.GetBooleanOr("termination_protected", false)),
            ("AdditionalMasterSecurityGroups", List(ec2, "additional_master_security_groups")),
            ("AdditionalSlaveSecurityGroups", List(ec2, "additional_slave_security_groups")),
            ("EmrManagedMasterSecurityGroup", Text(ec2, "emr_managed_master_security_group")),
            ("EmrManagedSlaveSecurityGroup", Text(ec2, "emr_managed_slave_security_group")),
            ("ServiceAccessSecurityGroup", Text(ec2, "service_access_security_group")));
    }

    private async Task<ConfigMap> GroupAsync(string role, string name, ConfigMap group, string type, CancellationToken cancellationToken) => Only(
        ("InstanceRole", role),
        ("Name", group.GetStringOr("name", name)),
        ("InstanceType", group.GetStringOr("type", type)),
        ("InstanceCount", role == "MASTER" ? 1L : group.GetInt32OrNull("count") ?? 0L),
        ("Market", Text(group, "market")),
        ("BidPrice", Text(group, "bid_price")),
        ("EbsConfiguration", group["ebs"] is { IsNull: false } ? Ebs(group.GetMap("ebs")) : null),
        ("Configurations", await ConfigurationsAsync(group, cancellationToken).ConfigureAwait(false)));

    private static ConfigMap Ebs(ConfigMap ebs) => Only(
        ("EbsOptimized", ebs["optimized"] is { IsNull: false } ? ebs.GetBoolean("optimized") : null),
        ("EbsBlockDeviceConfigs", new ConfigList(ebs.GetListOrEmpty("devices").Select(d => Device(
            d as ConfigMap ?? throw ConfigAccess.Mismatch("object", "devices", d))))));

    private static ConfigMap Device(ConfigMap device)
    {
        var volume = device.GetMap("volume_specification");
        return Only(
            ("VolumeSpecification", Only(
                ("VolumeType", volume.GetString("type")),
                ("SizeInGB", (long)volume.GetInt32("size_in_gb")),
                ("Iops", volume.GetInt32OrNull("iops") is { } iops ? (long)iops : null))),
            ("VolumesPerInstance", device.GetInt32OrNull("volumes_per_instance") is { } count ? (long)count : null));
    }

    private async Task<ConfigList?> ConfigurationsAsync(ConfigMap owner, CancellationToken cancellationToken)
    {
        var all = new List<ConfigValue>();
        foreach (var entry in owner.GetListOrEmpty("configurations"))
        {
            switch (entry)
            {
                case ConfigMap map:
                    all.Add(Configuration(map));
                    break;
                case ConfigText file:
                    all.AddRange(await FileAsync(file, cancellationToken).ConfigureAwait(false));
                    break;
                default:
                    throw new ConfigException($"Invalid EMR configuration: '{entry}'", entry.Span);
            }
        }

        return all.Count == 0 ? null : new ConfigList(all);
    }

    private static ConfigMap Configuration(ConfigMap map) => Only(
        ("Classification", Text(map, "classification")),
        ("Properties", map["properties"] is { IsNull: false }
            ? ConfigMap.Of(map.GetMap("properties").Select(p => (p.Key, (ConfigValue)ConfigAccess.AsString(p.Key, p.Value))))
            : null),
        ("Configurations", map["configurations"] is { IsNull: false }
            ? new ConfigList(map.GetList("configurations").Select(c => Configuration(c as ConfigMap ?? throw new ConfigException($"Invalid EMR configuration: '{c}'", c.Span))))
            : null));

    private async Task<IReadOnlyList<ConfigValue>> FileAsync(ConfigText name, CancellationToken cancellationToken)
    {
        var text = await Workspace.Of(request, context).ReadTemplateAsync(name.Value, name.Span, options, context, cancellationToken).ConfigureAwait(false);
        try
        {
            return (ConfigJson.Parse(text) as ConfigList)?.Items ?? throw new JsonException("it is no list");
        }
        catch (JsonException e)
        {
            throw new ConfigException($"Invalid EMR configuration file: {name.Value}", name.Span, e);
        }
    }

    private static ConfigMap Only(params IEnumerable<(string Key, ConfigValue? Value)> entries) =>
        ConfigMap.Of(entries.Where(e => e.Value is not null).Select(e => (e.Key, e.Value!)));

    private static ConfigValue? Text(ConfigMap map, string key) => map.GetStringOrNull(key) is { } text ? ConfigValue.FromString(text) : null;

    private static ConfigList? List(ConfigMap map, string key) =>
        Texts(map, key) is { Length: > 0 } texts ? new ConfigList(texts.Select(ConfigValue.FromString)) : null;

    private static string[] Texts(ConfigMap map, string key) => [.. map.GetListOrEmpty(key).Select(v => ConfigAccess.AsString(key, v))];
}
