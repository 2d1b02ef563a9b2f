/** How a duration compares with what is usual. */
export type Pace = 'usual' | 'slow' | 'fast';

/** Differences below this are noise, whatever they are as a share. */
const leastDifference = 5_000;

/** Twice as long as usual is slow, half as long is fast; short tasks need a difference of seconds. */
export function paceOf(took: number, median: number): Pace {
  if (Math.abs(took - median) < leastDifference) return 'usual';
  if (took >= median * 2) return 'slow';
  return took <= median / 2 ? 'fast' : 'usual';
}
