namespace WfRunner.Core.Checking.Rules;

/// <summary>Looks for one kind of problem in a workflow file.</summary>
internal interface IFileRule
{
    /// <summary>Looks, and reports what it finds.</summary>
    /// <param name="session">The check.</param>
    /// <param name="file">The file.</param>
    void Check(CheckSession session, CheckedFile file);
}
