import { expect, it } from 'vitest';
import { between, formatBarDuration, formatDuration, formatShortDuration, parseDuration, quantile } from './duration';

it.each([
  [0, '0s'],
  [999, '0s'],
  [75_000, '1m 15s'],
  [3_600_000, '1h 0m 0s'],
  [90_061_000, '1d 1h 1m 1s'],
  [-5, '0s'],
])('%d ms are %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

it('labels of bars have two digits', () => {
  expect(formatBarDuration(3_600_000)).toBe('1h 00m 00s');
  expect(formatBarDuration(90_061_000)).toBe('1d 1h 01m 01s');
});

it('short durations keep the two largest units', () => {
  expect(formatShortDuration(90_061_000)).toBe('1d 1h');
});

it('a span needs both ends and is never negative', () => {
  expect(between('2024-05-01T00:00:00Z', null)).toBeUndefined();
  expect(between(null, '2024-05-01T00:00:00Z')).toBeUndefined();
  expect(between('2024-05-01T00:00:10Z', '2024-05-01T00:00:00Z')).toBe(0);
  expect(between('rubbish', '2024-05-01T00:00:00Z')).toBeUndefined();
  expect(between('2024-05-01T00:00:00Z', '2024-05-01T09:01:15+09:00')).toBe(75_000);
});

it('quantiles lie between the values', () => {
  expect(quantile([], 0.5)).toBeUndefined();
  expect(quantile([7], 0.95)).toBe(7);
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
});

it.each([
  ['90', 90_000],
  ['90s', 90_000],
  ['1h 30m', 5_400_000],
  ['1D2H', 93_600_000],
  [' 5 m ', 300_000],
  ['', undefined],
  ['soon', undefined],
  ['1m 1h', undefined],
  ['-5s', undefined],
])('the duration %j is %j ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});
