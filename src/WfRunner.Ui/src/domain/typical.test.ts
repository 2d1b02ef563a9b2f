import { expect, it } from 'vitest';
import { paceOf } from './typical';

it.each([
  [720_000, 180_000, 'slow'],
  [360_000, 180_000, 'slow'],
  [300_000, 180_000, 'usual'],
  [90_000, 180_000, 'fast'],
  [100_000, 180_000, 'usual'],
  [4_000, 1_000, 'usual'],
  [7_000, 1_000, 'slow'],
  [6_000, 0, 'slow'],
] as const)('%d ms against %d ms are %s', (took, median, pace) => {
  expect(paceOf(took, median)).toBe(pace);
});
