using System.Globalization;
using System.Text;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Signals;

namespace WfRunner.Storage.PostgreSql;

/// <summary>Signals as notifications of the database: the texts they travel as. They are sent with the commit, or not at all.</summary>
internal static class SignalText
{
    /// <summary>A channel a schema, so that servers on one database that keep their tables apart do not wake each other.</summary>
    public const string Channel = "'wf_' || md5(current_schema())";

    public const string AttemptsFree = "free";

    public const string SchedulesChanged = "schedules";

    private const string MessagePrefix = "message ";

    private const string CancelPrefix = "cancel ";

    public static string Cancel(AttemptId attempt) => CancelPrefix + attempt;

    public static Task SendAsync(PostgreSqlSession session, string text, CancellationToken cancellationToken) =>
        session.QueryAsync($"SELECT pg_notify({Channel}, $1)", static _ => 0, cancellationToken, text);

    /// <summary>Sends messages of nodes, all in one statement.</summary>
    public static Task<List<int>> SendMessagesAsync(PostgreSqlSession session, IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        session.QueryAsync(
            $"SELECT pg_notify({Channel}, t) FROM unnest($1) AS t",
            static _ => 0,
            cancellationToken,
            texts.Where(t => Encoding.UTF8.GetByteCount(t) <= IStoreSignals.MaximumBytes).Select(t => MessagePrefix + t).ToArray());

    /// <summary>Reads one; null for what another version of this program may send.</summary>
    public static StoreSignal? Read(string text) => text switch
    {
        AttemptsFree => new StoreSignal.AttemptsFree(),
        SchedulesChanged => new StoreSignal.SchedulesChanged(),
        _ when text.StartsWith(MessagePrefix, StringComparison.Ordinal) => new StoreSignal.Message(text[MessagePrefix.Length..]),
        _ when text.StartsWith(CancelPrefix, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(CancelPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) =>
            new StoreSignal.CancelRequested(new AttemptId(id)),
        _ => null,
    };
}
