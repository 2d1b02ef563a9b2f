using System.Globalization;

namespace WfRunner.Storage.Projects;

/// <summary>Identity of a revision of a project; never shown to users.</summary>
/// <param name="Value">The number, from 1.</param>
public readonly record struct RevisionId(long Value)
{
    /// <summary>The number in digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
