using System.Globalization;
using System.Text;

namespace WfRunner.Query.Backends;

/// <summary>Increasing job numbers of a folder of local databases, kept in a file beside them so that they go on with the next run.</summary>
internal static class JobNumbers
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(5);

    /// <summary>Takes the next number; several processes may ask at once.</summary>
    public static async Task<QueryJobId> NextAsync(string directory, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        while (true)
        {
            try
            {
                // Nobody else can have the file open meanwhile.
                using var file = new FileStream(Path.Combine(directory, "last_job_id"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return new QueryJobId(Increment(file).ToString(CultureInfo.InvariantCulture));
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                await Task.Delay(RetryPause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static long Increment(FileStream file)
    {
        Span<byte> text = stackalloc byte[20];
        var length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        var next = long.TryParse(text[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last + 1 : 1;
        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture)));
        return next;
    }
}
