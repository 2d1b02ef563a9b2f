using NodaTime;
using WfRunner.Cli.CommandLine;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary>Which sessions are asked for: filters that any server can be asked with, because the client applies them page by page.</summary>
internal sealed class SessionSearch
{
    public static readonly OptionSyntax Status = OptionSyntax.Value(
        "STATUS", "only sessions in this state: blocked, queued, running, canceling, success, error, killed, pending, or all", "--status") with
    {
        Words = [.. AttemptStatus.Known, "pending", "all"],
    };

    public static readonly OptionSyntax From = OptionSyntax.Value("TIME", "only sessions whose time is this or later", "--from");
    public static readonly OptionSyntax To = OptionSyntax.Value("TIME", "only sessions whose time is earlier", "--to");
    public static readonly OptionSyntax Limit = OptionSyntax.Value("N", "the most sessions to show (default: 100)", "--limit");

    private const int DefaultLimit = 100;
    private const int LargestPage = 100;

    private readonly string? _status;
    private readonly Instant? _from;
    private readonly Instant? _to;
    private readonly int _limit;

    private SessionSearch(string? status, Instant? from, Instant? to, int limit)
    {
        _status = status;
        _from = from;
        _to = to;
        _limit = limit;
    }

    /// <summary>The options.</summary>
    public static IReadOnlyList<OptionSyntax> Options { get; } = [Status, From, To, Limit];

    /// <summary>Reads the options.</summary>
    /// <param name="call">The options, and the zone of times without one.</param>
    /// <returns>The search; null when none of the options is given, so that Digdag's single page is enough.</returns>
    /// <exception cref="CommandLineException">A value is wrong.</exception>
    public static SessionSearch? Of(ClientCall call)
    {
        if (!Options.Any(call.Arguments.Has))
        {
            return null;
        }

        var limit = call.Arguments.Int32(Limit) ?? call.Arguments.Int32(Paging.PageSize) ?? DefaultLimit;
        var status = call.Arguments.Value(Status);
        if (limit < 1)
        {
            throw new CommandLineException("--limit must be 1 or more");
        }

        return new SessionSearch(status == "all" ? null : status, Time(call, From), Time(call, To), limit);
    }

    /// <summary>Finds the sessions, newest first; pages are read until there are enough or none can match any more.</summary>
    /// <param name="page">Reads a page: the last id before it, and its size.</param>
    /// <param name="lastId">Where to start.</param>
    public async Task<IReadOnlyList<SessionView>> FindAsync(Func<long?, int, Task<IReadOnlyList<SessionView>>> page, long? lastId)
    {
        var found = new List<SessionView>();
        while (found.Count < _limit && await page(lastId, LargestPage).ConfigureAwait(false) is { Count: > 0 } sessions && !sessions.All(s => s.Id >= lastId))
        {
            found.AddRange(sessions.Where(Matches));
            lastId = sessions.Min(s => s.Id);

            // A session is seldom created before its time: when all of a page is older in both ways, so is the rest.
            if (_from is { } from && sessions.All(s => s.Time.ToInstant() < from && (s.LastAttempt?.CreatedAt ?? from) < from))
            {
                break;
            }
        }

        return found.Count > _limit ? found.GetRange(0, _limit) : found;
    }

    private bool Matches(SessionView session) =>
        (_status is null || session.Status == _status)
        && (_from is null || session.Time.ToInstant() >= _from)
        && (_to is null || session.Time.ToInstant() < _to);

    private static Instant? Time(ClientCall call, OptionSyntax option)
    {
        if (call.Arguments.Value(option) is not { } text)
        {
            return null;
        }

        if (!text.All(char.IsAsciiDigit) && ClientTime.ReadLocal(text) is { } local)
        {
            return NodaTime.Text.LocalDateTimePattern.GeneralIso.Parse(local).GetValueOrThrow().InZoneLeniently(call.Context.SystemTimeZone).ToInstant();
        }

        return ClientTime.ReadZoned(option, text, call.Context);
    }
}
