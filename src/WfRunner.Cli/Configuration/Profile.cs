using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Configuration;

/// <summary>
/// Named sets of settings in the configuration: what stands under <c>profile.NAME.KEY</c> counts as <c>KEY</c> when the profile is
/// chosen, for example <c>profile.prod.client.http.endpoint</c>.
/// </summary>
internal static class Profile
{
    private const string Prefix = "profile.";

    /// <summary>The configuration with the settings of a profile on top.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="name">The profile; null for none.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="CommandLineException">There is no such profile.</exception>
    public static IReadOnlyDictionary<string, string> Apply(IReadOnlyDictionary<string, string> config, string? name)
    {
        if (name is null)
        {
            return config;
        }

        var own = config.Where(p => NameOf(p.Key) == name).ToList();
        if (own.Count == 0)
        {
            var known = config.Keys.Select(NameOf).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
            throw new CommandLineException(
                $"There is no profile '{name}'. " + (known.Count > 0
                    ? $"Profiles of the configuration: {string.Join(", ", known)}."
                    : $"Write its settings into the configuration, for example {Prefix}{name}.client.http.endpoint = URL"));
        }

        var merged = new Dictionary<string, string>(config, StringComparer.Ordinal);
        foreach (var (key, value) in own)
        {
            merged[key[(Prefix.Length + name.Length + 1)..]] = value;
        }

        return merged;
    }

    private static string? NameOf(string key)
    {
        var dot = key.StartsWith(Prefix, StringComparison.Ordinal) ? key.IndexOf('.', Prefix.Length) : -1;
        return dot > Prefix.Length ? key[Prefix.Length..dot] : null;
    }
}
