using WfRunner.Core.Config;

namespace WfRunner.Operators.Cloud.Aws.Emr;

/// <summary>What the runner on the cluster does for one step or bootstrap action. Digdag behaviour: operators-cloud 3.5.</summary>
/// <param name="name">The name of the step.</param>
/// <param name="workingDirectory">Where the command runs on the cluster.</param>
internal sealed class EmrCommand(string name, string workingDirectory)
{
    private readonly List<ConfigValue> _downloads = [];
    private readonly List<EmrParameter> _command = [];
    private readonly List<(string Name, EmrParameter Value)> _environment = [];

    /// <summary>The name of the step.</summary>
    public string Name => name;

    /// <summary>Adds words of the command.</summary>
    public void Add(params IEnumerable<EmrParameter> words) => _command.AddRange(words);

    /// <summary>Adds a variable.</summary>
    public void Set(string variable, EmrParameter value) => _environment.Add((variable, value));

    /// <summary>Has a file brought to its place of its own.</summary>
    /// <returns>That place.</returns>
    public string Bring(EmrFile file, bool isExecutable = false)
    {
        _downloads.Add(EmrStaging.Download(file, isExecutable: isExecutable));
        return file.LocalPath;
    }

    /// <summary>Has a file brought to the working directory.</summary>
    public void BringHere(EmrFile file) => _downloads.Add(EmrStaging.Download(file, $"{workingDirectory}/{file.Name}"));

    /// <summary>As the runner reads it.</summary>
    public ConfigMap ToConfig(string? kmsRegion) => ConfigMap.Of(
        ("download", new ConfigList(_downloads)),
        ("working_directory", workingDirectory),
        ("env", ConfigMap.Of(_environment.Select(e => (e.Name, (ConfigValue)e.Value.ToConfig())))),
        ("command", new ConfigList(_command.Select(c => c.ToConfig()))),
        ("kms_region", kmsRegion is null ? ConfigNull.Instance : kmsRegion));
}
