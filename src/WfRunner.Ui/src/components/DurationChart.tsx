import type { ReactElement } from 'react';
import { Link } from 'wouter';
import type { HistoryEntry } from '../api/types';
import { between, formatDuration, formatShortDuration, quantile } from '../domain/duration';
import { statusOfWord } from '../domain/status';
import { useFormatTime, useNow } from './Time';
import { routes } from './urlState';

/** How long the last sessions took: a bar each, oldest first, with median and 95th percentile of the successful ones. */
export function DurationChart({ history, current }: { history: readonly HistoryEntry[]; current?: string }): ReactElement | null {
  const running = history.some((h) => h.finishedAt === null);
  const now = useNow(1_000, running);
  const format = useFormatTime();
  const bars = history
    .map((h) => ({ entry: h, span: (h.finishedAt ? between(h.startedAt, h.finishedAt) : Math.max(0, now - Date.parse(h.startedAt))) ?? 0 }))
    .reverse();
  if (bars.length === 0) return null;
  const successes = bars.filter((b) => b.entry.status === 'success').map((b) => b.span);
  const median = quantile(successes, 0.5);
  const p95 = quantile(successes, 0.95);
  const top = Math.max(1_000, ...bars.map((b) => b.span), p95 ?? 0) * 1.08;
  const lines = [
    ...(median === undefined ? [] : [{ text: `median ${formatShortDuration(median)}`, at: median / top }]),
    // Two lines that lie on each other say nothing.
    ...(p95 === undefined || median === undefined || (p95 - median) / top < 0.12 ? [] : [{ text: `p95 ${formatShortDuration(p95)}`, at: p95 / top }]),
  ];
  return (
    <div className="chart">
      <ul className="chart-bars" aria-label={`Durations of the last ${bars.length} sessions${median === undefined ? '' : `, median ${formatDuration(median)}`}`}>
      {bars.map(({ entry, span }) => {
        const status = statusOfWord(entry.status);
        const text = `${status.text}, ${formatDuration(span)}${entry.finishedAt ? '' : ' so far'}\nSession ${format(entry.sessionTime)}`;
        return (
          <li key={entry.sessionId} className="chart-bar" data-tone={status.tone}>
            {/* Narrow targets, for the mouse; the table of sessions leads to the same places. */}
            <Link tabIndex={-1} href={routes.session(entry.sessionId)} aria-current={entry.sessionId === current ? 'true' : undefined} aria-label={text.replace('\n', ', ')} data-tip={text}>
              <i style={{ height: `${(span / top) * 100}%` }} />
            </Link>
          </li>
        );
      })}
      </ul>
      {lines.map((line) => (
        <div key={line.text} className="chart-line" style={{ bottom: `${line.at * 100}%` }} aria-hidden="true">
          <span>{line.text}</span>
        </div>
      ))}
    </div>
  );
}
