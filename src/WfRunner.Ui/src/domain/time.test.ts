import { expect, it } from 'vitest';
import { formatFull, formatIso, formatRelative, fromLocal, offsetMinutes, offsetOf, resolveZone, toLocal } from './time';

const instant = Date.parse('2024-05-01T00:00:00Z');

it('writes an instant in zones and offsets', () => {
  expect(formatFull(instant, 'UTC')).toBe('2024-05-01 00:00:00 UTC');
  expect(formatFull(instant, 'Asia/Tokyo')).toBe('2024-05-01 09:00:00 +09:00');
  expect(formatFull(instant, '-03:30')).toBe('2024-04-30 20:30:00 -03:30');
  expect(formatFull(instant, 'America/New_York')).toBe('2024-04-30 20:00:00 -04:00');
  expect(formatIso(instant, 'Asia/Kolkata')).toBe('2024-05-01T05:30:00+05:30');
});

it('takes a zone it does not know for UTC', () => {
  expect(formatFull(instant, 'Mars/Olympus')).toBe('2024-05-01 00:00:00 UTC');
});

it('knows the offset before 1970 and at a fraction of a second', () => {
  expect(offsetMinutes(Date.parse('1960-01-01T00:00:00.500Z'), 'Asia/Tokyo')).toBe(540);
});

it('reads local times, also beside a change of the clocks', () => {
  for (const local of ['2024-03-31T01:59', '2024-03-31T03:00', '2024-10-27T01:59', '2024-10-27T03:00', '2024-07-01T12:00']) {
    const found = toLocal(fromLocal(local, 'Europe/Berlin'), 'Europe/Berlin');
    expect(`${found.date}T${found.time.slice(0, 5)}`).toBe(local);
  }
  expect(fromLocal('yesterday', 'UTC')).toBeNaN();
  expect(fromLocal('2024-05-01 09:00:00', 'Asia/Tokyo')).toBe(instant);
});

it('finds the offset a text carries', () => {
  expect(offsetOf('2024-05-01T00:00:00+09:00')).toBe('+09:00');
  expect(offsetOf('2024-05-01T00:00:00Z')).toBe('+00:00');
  expect(offsetOf('2024-05-01')).toBeUndefined();
});

it('chooses the zone', () => {
  expect(resolveZone('utc', 'Asia/Tokyo')).toBe('UTC');
  expect(resolveZone('workflow', 'Asia/Tokyo')).toBe('Asia/Tokyo');
  expect(resolveZone('workflow', undefined)).toBe(resolveZone('browser', 'Asia/Tokyo'));
});

it.each([
  [-3 * 60_000, '3 minutes ago'],
  [2 * 3_600_000, 'in 2 hours'],
  [-4_000, 'just now'],
  [-45_000, '45 seconds ago'],
  [-3 * 86_400_000, '3 days ago'],
  [400 * 86_400_000, 'in 13 months'],
])('%d ms away is %s', (distance, text) => {
  expect(formatRelative(instant + distance, instant)).toBe(text);
});
