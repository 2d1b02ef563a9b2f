using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WfRunner.Query.Functions;

/// <summary>
/// Session ids of <c>TD_SESSIONIZE_WINDOW</c> (operators-td 18.1). Treasure Data draws them at random; here the same rows give the
/// same ids, so that a repeated run agrees with itself.
/// </summary>
internal static class TdSession
{
    /// <summary>The session of the last of several times of one key.</summary>
    /// <param name="times">Times so far, in order; a gap of the time-out or more opens a session.</param>
    /// <param name="timeout">Seconds.</param>
    /// <param name="key">What the rows are partitioned by.</param>
    /// <returns>A UUID as text.</returns>
    public static string IdOf(List<long> times, long timeout, string key)
    {
        var start = times[0];
        var ordinal = 0;
        for (var i = 1; i < times.Count; i++)
        {
            if (times[i] - times[i - 1] >= timeout)
            {
                start = times[i];
                ordinal++;
            }
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{key}\n{start}\n{ordinal}")));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true).ToString();
    }
}
