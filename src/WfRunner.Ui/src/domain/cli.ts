/** Quotes a word for a shell, only when it needs it. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The command that does the same as a dialog; parts that are undefined are left out. */
export function command(...words: (string | undefined)[]): string {
  return words.filter((w) => w !== undefined).map((w) => shellWord(w)).join(' ');
}
