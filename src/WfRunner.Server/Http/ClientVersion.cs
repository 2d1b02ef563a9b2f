using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace WfRunner.Server.Http;

/// <summary>A version of Digdag's clients: numbers, then perhaps a qualifier. Digdag behaviour: rest-api 7.1.</summary>
internal sealed class ClientVersion : IComparable<ClientVersion>
{
    private readonly int[] _numbers;
    private readonly string? _qualifier;

    private ClientVersion(int[] numbers, string? qualifier)
    {
        _numbers = numbers;
        _qualifier = qualifier;
    }

    /// <exception cref="ApiException">The text is no version.</exception>
    public static ClientVersion Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var numbers = (dash < 0 ? text : text[..dash]).Split('.');
        var qualifier = dash < 0 ? null : text[(dash + 1)..];
        if (!Array.TrueForAll(numbers, IsNumber) || qualifier is not null && !IsQualifier(qualifier))
        {
            throw new ApiException(StatusCodes.Status400BadRequest, $"Invalid version string: {text}");
        }

        return new ClientVersion(Array.ConvertAll(numbers, n => Number(n, text)), qualifier);
    }

    public int CompareTo(ClientVersion? other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < Math.Max(_numbers.Length, other._numbers.Length); i++)
        {
            if (At(_numbers, i).CompareTo(At(other._numbers, i)) is var order and not 0)
            {
                return order;
            }
        }

        return (_qualifier, other._qualifier) switch
        {
            (null, null) => 0,
            (null, _) => 1,
            (_, null) => -1,
            var (mine, theirs) => string.CompareOrdinal(mine, theirs),
        };
    }

    private static int At(int[] numbers, int i) => i < numbers.Length ? numbers[i] : 0;

    private static bool IsNumber(string text) =>
        text.Length > 0 && text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0');

    private static bool IsQualifier(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static int Number(string digits, string version) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ApiException(StatusCodes.Status400BadRequest, $"Too big version number: {version}");
}
