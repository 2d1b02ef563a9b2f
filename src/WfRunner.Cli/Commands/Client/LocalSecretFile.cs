using System.Text;

namespace WfRunner.Cli.Commands.Client;

/// <summary>Secrets of local runs: one file a key, which only its owner may read.</summary>
internal static class LocalSecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Write(string folder, string key, string value)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }

        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(Path.Combine(folder, key), options);
        file.Write(Encoding.UTF8.GetBytes(value));
    }
}
