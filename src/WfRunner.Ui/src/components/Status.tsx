import type { ReactElement } from 'react';
import { Link } from 'wouter';
import type { HistoryEntry } from '../api/types';
import { between, formatDuration } from '../domain/duration';
import { statusOfWord, type Status } from '../domain/status';
import { SquareShape, StatusShape } from './Icon';
import { useFormatTime } from './Time';

/** A status as shape, colour and word. */
export function StatusBadge({ status, to }: { status: Status; to?: string | undefined }): ReactElement {
  const inside = (
    <>
      <StatusShape tone={status.tone} />
      <span>{status.text}</span>
    </>
  );
  return to === undefined ? (
    <span className="status" data-tone={status.tone}>
      {inside}
    </span>
  ) : (
    <Link className="status" data-tone={status.tone} href={to}>
      {inside}
    </Link>
  );
}

/** How the last sessions went, oldest first as one reads. */
export function Squares({ history, count }: { history: readonly HistoryEntry[]; count: number }): ReactElement {
  const format = useFormatTime();
  const shown = history.slice(0, count).reverse();
  return (
    <span className="squares">
      {shown.map((entry) => {
        const status = statusOfWord(entry.status);
        const span = between(entry.startedAt, entry.finishedAt);
        const text = `${status.text}, session ${format(entry.sessionTime)}${span === undefined ? '' : `, took ${formatDuration(span)}`}`;
        return (
          <Link key={entry.sessionId} href={`/sessions/${entry.sessionId}`} aria-label={text} data-tip={text} tabIndex={-1}>
            <SquareShape tone={status.tone} />
          </Link>
        );
      })}
    </span>
  );
}
