/** The one setting for times: the browser's zone, the workflow's or UTC. */
export type ZoneChoice = 'browser' | 'workflow' | 'utc';

/** An IANA zone or an offset such as `+09:00`. */
export type Zone = string;

export const browserZone: Zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const offsetPattern = /^([+-])(\d\d):?(\d\d)$/;

/** The offset that a text of the API carries; `Z` counts as UTC. */
export function offsetOf(text: string): Zone | undefined {
  return /(?:[+-]\d\d:\d\d|Z)$/.exec(text)?.[0].replace('Z', '+00:00');
}

export function resolveZone(choice: ZoneChoice, workflowZone: Zone | undefined): Zone {
  if (choice === 'utc') return 'UTC';
  return choice === 'workflow' ? (workflowZone ?? browserZone) : browserZone;
}

const formatters = new Map<string, Intl.DateTimeFormat | undefined>();

function formatterOf(zone: Zone): Intl.DateTimeFormat | undefined {
  if (!formatters.has(zone)) {
    let made: Intl.DateTimeFormat | undefined;
    try {
      made = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
      });
    } catch {
      // A zone this browser does not know: UTC it is.
    }
    formatters.set(zone, made);
  }
  return formatters.get(zone);
}

/** Minutes that a zone is ahead of UTC at an instant. */
export function offsetMinutes(instant: number, zone: Zone): number {
  const fixed = offsetPattern.exec(zone);
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3]));
  if (zone === 'UTC' || zone === 'Z') return 0;
  const formatter = formatterOf(zone);
  if (!formatter) return 0;
  const part: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(instant)) part[type] = Number(value);
  const local = Date.UTC(part['year']!, part['month']! - 1, part['day'], part['hour'], part['minute'], part['second']);
  return Math.round((local - Math.floor(instant / 1000) * 1000) / 60000);
}

/** `+09:00` */
export function formatOffset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
}

export interface LocalTime {
  date: string;
  time: string;
  /** `UTC` or an offset. */
  zone: string;
}

export function toLocal(instant: number, zone: Zone): LocalTime {
  const minutes = offsetMinutes(instant, zone);
  const iso = new Date(instant + minutes * 60000).toISOString();
  return { date: iso.slice(0, 10), time: iso.slice(11, 19), zone: minutes === 0 ? 'UTC' : formatOffset(minutes) };
}

/** `2024-05-01 09:30:00 +09:00` */
export function formatFull(instant: number, zone: Zone): string {
  const local = toLocal(instant, zone);
  return `${local.date} ${local.time} ${local.zone}`;
}

/** ISO with the zone's offset, as the API reads it: `2024-05-01T09:30:00+09:00`. */
export function formatIso(instant: number, zone: Zone): string {
  const minutes = offsetMinutes(instant, zone);
  return new Date(instant + minutes * 60000).toISOString().slice(0, 19) + formatOffset(minutes);
}

/** The instant of a local date and time (`2024-05-01T09:30` or with seconds) in a zone; NaN when it is none. */
export function fromLocal(text: string, zone: Zone): number {
  const guess = Date.parse(text.trim().replace(' ', 'T') + 'Z');
  if (Number.isNaN(guess)) return NaN;
  // The offset depends on the instant looked for: two steps reach it, also beside a change of the clocks.
  const first = guess - offsetMinutes(guess, zone) * 60000;
  return guess - offsetMinutes(first, zone) * 60000;
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'long' });

/** `3 minutes ago`, `in 2 hours`. */
export function formatRelative(instant: number, now: number): string {
  const seconds = Math.round((instant - now) / 1000);
  const size = Math.abs(seconds);
  if (size < 10) return seconds > 0 ? 'in a moment' : 'just now';
  if (size < 60) return relative.format(seconds, 'second');
  if (size < 3600) return relative.format(Math.trunc(seconds / 60), 'minute');
  if (size < 86400) return relative.format(Math.trunc(seconds / 3600), 'hour');
  if (size < 86400 * 60) return relative.format(Math.trunc(seconds / 86400), 'day');
  if (size < 86400 * 730) return relative.format(Math.trunc(seconds / (86400 * 30.44)), 'month');
  return relative.format(Math.trunc(seconds / (86400 * 365.25)), 'year');
}
