import Anser from 'anser';

export interface Piece {
  text: string;
  /** Classes of the colours and styles that the program asked for. */
  className: string;
}

const hasEscape = /\u001b|\r|\u0008/;
// Everything that begins with ESC and is no colour, and cursor movements of progress bars.
const otherEscapes = /\u001b(?:\[[0-9;?]*[A-HJKSTfhlnsu]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()][0-9A-Z]|[=>78cDEHMNOZ])/g;
const allEscapes = /\u001b(?:\[[0-9;?]*[A-Za-z]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()][0-9A-Z]|[=>78cDEHMNOZ])/g;

/** Splits a line by its colours. Text stays text: nothing here makes markup. */
export function colourLine(line: string): Piece[] {
  if (!hasEscape.test(line)) return [{ text: line, className: '' }];
  const clean = lastOverwrite(line).replace(otherEscapes, '');
  return Anser.ansiToJson(clean, { use_classes: true, remove_empty: true }).map((part) => ({ text: part.content, className: classOf(part) }));
}

export function stripAnsi(text: string): string {
  return text.replace(allEscapes, '').replace(/[^\n]*\r(?!\n)/g, '');
}

// A progress bar writes over itself; what it last said is what stays.
function lastOverwrite(line: string): string {
  const end = line.endsWith('\r') ? line.slice(0, -1) : line;
  return end.slice(end.lastIndexOf('\r') + 1);
}

function classOf(part: { fg: string | null; bg: string | null; decorations: readonly string[] }): string {
  const named = (name: string | null, kind: string): string => (name !== null && /^ansi-(bright-)?[a-z]+$/.test(name) ? `${name}-${kind}` : '');
  return [named(part.fg, 'fg'), named(part.bg, 'bg'), ...part.decorations.filter((d) => /^[a-z]+$/.test(d)).map((d) => `ansi-${d}`)].filter(Boolean).join(' ');
}
