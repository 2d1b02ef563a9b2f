/** Digdag behaviour: ui 5.3: `1m 15s`, `1h 0m 0s`, `1d 1h 1m 1s`. */
export function formatDuration(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const [days, hours, minutes, seconds] = parts(total);
  if (days > 0) return `${days}d ${hours}h ${minutes}m ${seconds}s`;
  if (hours > 0) return `${hours}h ${minutes}m ${seconds}s`;
  if (minutes > 0) return `${minutes}m ${seconds}s`;
  return `${seconds}s`;
}

/** Digdag behaviour: ui 7, labels of the timeline: `1h 00m 00s`. */
export function formatBarDuration(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const [days, hours, minutes, seconds] = parts(total);
  const two = (n: number): string => String(n).padStart(2, '0');
  if (days > 0) return `${days}d ${hours}h ${two(minutes)}m ${two(seconds)}s`;
  if (hours > 0) return `${hours}h ${two(minutes)}m ${two(seconds)}s`;
  if (minutes > 0) return `${minutes}m ${two(seconds)}s`;
  return `${seconds}s`;
}

/** For narrow places: the two largest units. */
export function formatShortDuration(milliseconds: number): string {
  const words = formatDuration(milliseconds).split(' ');
  return words.slice(0, 2).join(' ');
}

/** Milliseconds of a text such as `90s` or `1h 30m`, as the server reads it; a bare number is seconds. Undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1000;
  const found = /^\s*(?:(\d{1,6})\s*d)?\s*(?:(\d{1,9})\s*h)?\s*(?:(\d{1,9})\s*m)?\s*(?:(\d{1,9})\s*s)?\s*$/i.exec(text);
  if (!found || text.trim() === '') return undefined;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = found;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** Milliseconds between two instants of the API; undefined when one is missing. */
export function between(start: string | null | undefined, end: string | null | undefined): number | undefined {
  if (!start || !end) return undefined;
  const span = Date.parse(end) - Date.parse(start);
  return Number.isFinite(span) ? Math.max(0, span) : undefined;
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)]!;
  const high = sorted[Math.ceil(at)]!;
  return low + (high - low) * (at - Math.floor(at));
}

function parts(total: number): [number, number, number, number] {
  return [Math.floor(total / 86400), Math.floor(total / 3600) % 24, Math.floor(total / 60) % 60, total % 60];
}
