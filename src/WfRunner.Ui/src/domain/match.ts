/** Whether a text holds every word of a search, in any order and case. */
export function matches(search: string, ...texts: string[]): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const whole = texts.join('\n').toLowerCase();
  return words.every((word) => whole.includes(word));
}
