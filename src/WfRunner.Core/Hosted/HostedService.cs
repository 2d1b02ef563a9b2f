using System.Collections.Frozen;
using System.Text;
using WfRunner.Core.Config;

namespace WfRunner.Core.Hosted;

/// <summary>
/// What is publicly known of Treasure Data's hosted workflow service: operators, images, limits, names, hosts. It all stands in
/// the data file <c>hosted.json</c>, so that a new fact is no change of code.
/// </summary>
public sealed class HostedService
{
    private static readonly Lazy<HostedService> Loaded = new(Load);

    private readonly ConfigMap _data;

    private HostedService(ConfigMap data)
    {
        _data = data;
        var operators = data.GetMap("operators");
        Unavailable = Words(operators.GetMap("unavailable"));
        HostedOnly = Words(operators.GetMap("hostedOnly"));
        Undocumented = Words(operators.GetMap("undocumented"));
        var images = data.GetMap("images");
        NewestImage = Texts(images, "published").First();
        PublishedImages = Texts(images, "published").ToFrozenSet(StringComparer.Ordinal);
        DeprecatedImages = [.. Texts(images, "deprecated")];
        DockerKeys = [.. Texts(data.GetMap("docker"), "hostedKeys")];
        PythonKeys = [.. Texts(data, "pythonKeys")];
        Limits = HostedLimits.Read(data.GetMap("limits"));
        ForbiddenInNames = data.GetMap("names").GetString("forbidden");
        DoubtfulInNames = data.GetMap("names").GetString("doubtful");
        Sites = [.. data.GetList("sites").OfType<ConfigMap>().Select(s => new HostedSite(
            s.GetString("name"), s.GetString("api"), s.GetString("workflow"), s.GetString("console")))];
        AsOf = data.GetString("asOf");
    }

    /// <summary>The service as this release knows it.</summary>
    public static HostedService Known => Loaded.Value;

    /// <summary>Month in which the facts were collected, as <c>yyyy-MM</c>.</summary>
    public string AsOf { get; }

    /// <summary>Digdag's operators that the service does not have, each with what to use instead.</summary>
    public FrozenDictionary<string, string> Unavailable { get; }

    /// <summary>Operators that only the service has, each with what it does.</summary>
    public FrozenDictionary<string, string> HostedOnly { get; }

    /// <summary>Operators that its documentation no longer lists, each with the month of the first list without it.</summary>
    public FrozenDictionary<string, string> Undocumented { get; }

    /// <summary>Container images that it publishes for <c>py&gt;</c>.</summary>
    public FrozenSet<string> PublishedImages { get; }

    /// <summary>The image to use unless there is a reason for another.</summary>
    public string NewestImage { get; }

    /// <summary>Images that will go; a <c>*</c> at the end stands for any rest.</summary>
    public IReadOnlyList<string> DeprecatedImages { get; }

    /// <summary>Keys of <c>docker:</c> that only the service reads.</summary>
    public IReadOnlyList<string> DockerKeys { get; }

    /// <summary>Parameters of <c>py&gt;</c> that only the service reads.</summary>
    public IReadOnlyList<string> PythonKeys { get; }

    /// <summary>Its limits.</summary>
    public HostedLimits Limits { get; }

    /// <summary>Characters that names of projects and workflows must not have.</summary>
    public string ForbiddenInNames { get; }

    /// <summary>Those of them that may be allowed: the documentation can be read either way.</summary>
    public string DoubtfulInNames { get; }

    /// <summary>Its sites.</summary>
    public IReadOnlyList<HostedSite> Sites { get; }

    /// <summary>Whether an image will go.</summary>
    /// <param name="image">Name and tag.</param>
    /// <returns>Whether it will.</returns>
    public bool IsDeprecatedImage(string image) => DeprecatedImages.Any(
        d => d.EndsWith('*') ? image.StartsWith(d.AsSpan(0, d.Length - 1), StringComparison.Ordinal) : image == d);

    /// <summary>Where a rule comes from.</summary>
    /// <param name="code">Code of the rule, such as <c>WF0710</c>.</param>
    /// <returns>A document and its date; null for rules that are not about the service.</returns>
    public string? SourceOf(string code) =>
        _data.GetMap("rules").GetStringOrNull(code) is { } document ? _data.GetMap("sources").GetString(document) : null;

    private static HostedService Load()
    {
        using var reader = new StreamReader(typeof(HostedService).Assembly.GetManifestResourceStream("hosted.json")!, Encoding.UTF8);
        return new HostedService((ConfigMap)ConfigJson.Parse(reader.ReadToEnd()));
    }

    private static FrozenDictionary<string, string> Words(ConfigMap map) =>
        map.ToFrozenDictionary(e => e.Key, e => ConfigAccess.AsString(e.Key, e.Value), StringComparer.Ordinal);

    private static IEnumerable<string> Texts(ConfigMap map, string key) => map.GetList(key).Select(v => ConfigAccess.AsString(key, v));
}
