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

/** A clock that ticks while somebody looks at it. */
class Clock {
  now = Date.now();
  private readonly listeners = new Set<() => void>();
  private timer = 0;

  constructor(private readonly interval: number) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.timer === 0) {
      this.timer = window.setInterval(this.tick, this.interval);
      if (Date.now() - this.now >= this.interval) this.tick();
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      this.timer = 0;
    };
  };

  private readonly tick = (): void => {
    if (document.visibilityState === 'hidden') return;
    this.now = Date.now();
    for (const listener of this.listeners) listener();
  };
}

const clocks = new Map<number, Clock>();
const never = (): (() => void) => () => undefined;

/** The present time, renewed at an interval; one timer for all who use the same. */
export function useNow(interval: number, enabled = true): number {
  let clock = clocks.get(interval);
  if (!clock) clocks.set(interval, (clock = new Clock(interval)));
  const mine = clock;
  return useSyncExternalStore(enabled ? mine.subscribe : never, () => mine.now);
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
    formatFull(instant, 'UTC'),
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
