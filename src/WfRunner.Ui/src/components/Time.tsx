import { createContext, useContext, useSyncExternalStore, type ReactElement } from 'react';
import { useSearch } from 'wouter';
import { formatDuration } from '../domain/duration';
import { browserZone, formatFull, formatRelative, offsetOf, resolveZone, toLocal, type Zone, type ZoneChoice } from '../domain/time';
import { useSetting } from './settings';

/** The zone of the workflow that a part of a page is about. */
export const WorkflowZone = createContext<Zone | undefined>(undefined);

/** The chosen zone; a link may carry one, `?tz=utc`. */
export function useZoneChoice(): ZoneChoice {
  const [setting] = useSetting('zone');
  const inLink = new URLSearchParams(useSearch()).get('tz');
  return inLink === 'browser' || inLink === 'workflow' || inLink === 'utc' ? inLink : setting;
}

export function useZone(): Zone {
  return resolveZone(useZoneChoice(), useContext(WorkflowZone));
}

/** Writes instants of the API in the chosen zone, for texts. */
export function useFormatTime(): (value: string) => string {
  const choice = useZoneChoice();
  const zone = useContext(WorkflowZone);
  return (value) => formatFull(Date.parse(value), resolveZone(choice, zone ?? offsetOf(value)));
}

const clocks = new Map<number, { now: number; listeners: Set<() => void>; timer: number }>();

/** The present time, renewed at an interval; one timer for all who use the same. */
export function useNow(interval: number, enabled = true): number {
  let clock = clocks.get(interval);
  if (!clock) clocks.set(interval, (clock = { now: Date.now(), listeners: new Set(), timer: 0 }));
  const mine = clock;
  return useSyncExternalStore(
    (listener) => {
      if (!enabled) return () => undefined;
      mine.listeners.add(listener);
      if (mine.timer === 0) {
        mine.now = Date.now();
        mine.timer = window.setInterval(() => {
          if (document.visibilityState === 'hidden') return;
          mine.now = Date.now();
          for (const one of mine.listeners) one();
        }, interval);
      }
      return () => {
        mine.listeners.delete(listener);
        if (mine.listeners.size > 0) return;
        clearInterval(mine.timer);
        mine.timer = 0;
      };
    },
    () => (mine.timer === 0 && Date.now() - mine.now > interval ? (mine.now = Date.now()) : mine.now),
  );
}

interface TimeProps {
  value: string | null | undefined;
  /** The zone of the workflow, when the text has no offset and no context tells. */
  zone?: Zone | undefined;
  /** `both` adds how long ago, `relative` shows only that. */
  show?: 'full' | 'both' | 'relative';
}

/** A time with its zone beside it; all three zones in the tip. */
export function Time({ value, zone, show = 'full' }: TimeProps): ReactElement | null {
  const choice = useZoneChoice();
  const context = useContext(WorkflowZone);
  const now = useNow(60_000, show !== 'full');
  if (!value) return null;
  const instant = Date.parse(value);
  if (Number.isNaN(instant)) return <span>{value}</span>;
  // A session time carries the offset of its workflow; an instant in UTC says nothing about it.
  const carried = value.endsWith('Z') ? undefined : offsetOf(value);
  const workflowZone = zone ?? context ?? carried;
  const local = toLocal(instant, resolveZone(choice, workflowZone));
  const relative = formatRelative(instant, Math.max(now, Date.now() - 60_000));
  const tip = [
    `${formatFull(instant, browserZone)}  your browser (${browserZone})`,
    ...(workflowZone === undefined ? [] : [`${formatFull(instant, workflowZone)}  workflow (${workflowZone})`]),
    `${formatFull(instant, 'UTC')}`,
    relative,
  ].join('\n');
  return (
    <time dateTime={value} data-tip={tip} className="nowrap">
      {show === 'relative' ? (
        relative
      ) : (
        <>
          {local.date} {local.time} <span className="muted">{local.zone}</span>
          {show === 'both' && <span className="muted"> · {relative}</span>}
        </>
      )}
    </time>
  );
}

/** How long something took, or has taken so far. */
export function Duration({ start, end, running }: { start: string | null | undefined; end: string | null | undefined; running?: boolean }): ReactElement | null {
  const live = running === true && !end;
  const now = useNow(1_000, live);
  if (!start || (!end && !live)) return null;
  return <span className="nowrap">{formatDuration((end ? Date.parse(end) : Math.max(now, Date.now() - 1_000)) - Date.parse(start))}</span>;
}
