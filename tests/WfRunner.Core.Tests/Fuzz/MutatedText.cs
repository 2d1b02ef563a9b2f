using CsCheck;

namespace WfRunner.Core.Tests.Fuzz;

/// <summary>
/// Texts that nearly mean something: sound ones with pieces removed, repeated, exchanged and foreign characters put in. How many
/// are tried is <c>WF_FUZZ_ITERATIONS</c>, for long runs by hand; the failing text and its seed are printed.
/// </summary>
internal static class MutatedText
{
    private static readonly char[] Foreign = [.. "\0\t\n\r :-?,[]{}#&*!|>'\"%@`~$+_<=.\\/0189aezTF\u0085\u00A0\u2028\uFEFF\uD83D\uDE00日"];

    /// <summary>How many texts a test tries.</summary>
    public static int Iterations { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("WF_FUZZ_ITERATIONS"), out var given) ? given : 5_000;

    /// <summary>Texts made of some sound ones.</summary>
    /// <param name="seeds">The sound ones.</param>
    public static Gen<string> Of(params string[] seeds) =>
        Gen.Select(Gen.Int[0, seeds.Length - 1], Gen.Int[0, seeds.Length - 1], Mutation.List[0, 12])
            .Select((first, second, mutations) => mutations.Aggregate(seeds[first], (text, mutation) => Apply(text, seeds[second], mutation)));

    private static Gen<(int Kind, double At, int Length, int Character)> Mutation =>
        Gen.Select(Gen.Int[0, 5], Gen.Double[0, 1], Gen.Int[1, 12], Gen.Int[0, Foreign.Length - 1]);

    private static string Apply(string text, string other, (int Kind, double At, int Length, int Character) mutation)
    {
        var at = (int)(mutation.At * text.Length);
        var end = Math.Min(text.Length, at + mutation.Length);
        var from = (int)(mutation.At * other.Length);
        return mutation.Kind switch
        {
            0 => text.Remove(at, end - at),
            1 => text.Insert(at, Foreign[mutation.Character].ToString()),
            2 => text.Insert(at, text[at..end]),
            3 => text[..at] + other[from..],
            4 => text.Insert(at, other[from..Math.Min(other.Length, from + mutation.Length)]),
            _ => end < text.Length ? text[..at] + Foreign[mutation.Character] + text[end..] : text,
        };
    }
}
