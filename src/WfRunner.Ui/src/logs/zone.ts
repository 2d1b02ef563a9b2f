import { toLocal, type Zone } from '../domain/time';

const stamp = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)([.,]\d+)? ([+-]\d\d):?(\d\d)(?= )/;

/** The time at the beginning of a line, in the zone the user has chosen. */
export function inZone(line: string, zone: Zone): string {
  const found = stamp.exec(line);
  if (!found) return line;
  const instant = Date.parse(`${found[1]}T${found[2]}${found[4]}:${found[5]}`);
  if (Number.isNaN(instant)) return line;
  const local = toLocal(instant, zone);
  return `${local.date} ${local.time}${found[3] ?? ''} ${local.zone === 'UTC' ? '+0000' : local.zone.replace(':', '')}${line.slice(found[0].length)}`;
}
