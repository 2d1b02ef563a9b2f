namespace WfRunner.Cli.Commands.Client.Sync;

/// <summary>What a project has under a path: a file, or a link.</summary>
/// <param name="Sha256">Hash of a file's bytes in hexadecimal digits; of a link, its target behind <c>-&gt; </c>.</param>
/// <param name="IsExecutable">Whether its owner may run it; never on Windows.</param>
internal readonly record struct FileState(string Sha256, bool IsExecutable);
