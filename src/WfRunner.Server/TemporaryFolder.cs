namespace WfRunner.Server;

/// <summary>Folders that are to be gone when they have served.</summary>
internal static class TemporaryFolder
{
    /// <summary>Deletes a folder. What is in it may still be in use or read-only; a leftover must not turn a success into a failure.</summary>
    public static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays until the system's temporary folder is cleaned.
        }
    }
}
