namespace WfRunner.Core.Dig;

/// <summary>Gives the text of .dig files and of what they include. The core opens no file itself.</summary>
public interface IDigFiles
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Absolute path.</param>
    /// <returns>The bytes, or null when there is no such file.</returns>
    /// <exception cref="WorkflowException">The file is outside of what may be read, or is too large.</exception>
    byte[]? Read(string path);

    /// <summary>How messages call a file: usually the path relative to the project.</summary>
    /// <param name="path">Absolute path.</param>
    /// <returns>The short name.</returns>
    string DisplayName(string path);
}
