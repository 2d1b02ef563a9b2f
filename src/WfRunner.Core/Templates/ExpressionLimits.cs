namespace WfRunner.Core.Templates;

/// <summary>What the expressions of one text may use. Digdag has no limits; these are far above what workflows need.</summary>
internal static class ExpressionLimits
{
    /// <summary>Run time.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(10);

    /// <summary>Bytes allocated while running.</summary>
    public const long Memory = 256L * 1024 * 1024;

    /// <summary>Depth of function calls.</summary>
    public const int Recursion = 400;

    /// <summary>Elements of an array.</summary>
    public const uint ArrayLength = 10_000_000;
}
