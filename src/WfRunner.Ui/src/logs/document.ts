/** Levels as small numbers, the way they are kept for each line. */
export const levels = ['', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

/** The lines of one log file. */
export interface LogPart {
  /** Where each line begins in the text, and the text's length at the end. */
  starts: Uint32Array;
  /** The level of each line; one without takes that of the line before, as lines of a stack trace do. */
  levels: Uint8Array;
  text: string;
}

const levelPattern = /^.{0,40}?\[(TRACE|DEBUG|INFO|WARN|ERROR)\]|^(?:\S+ ){0,3}(TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL)\b/;

function levelOf(line: string): number {
  const found = levelPattern.exec(line);
  const word = found?.[1] ?? found?.[2];
  switch (word) {
    case 'TRACE':
      return 1;
    case 'DEBUG':
      return 2;
    case 'INFO':
      return 3;
    case 'WARN':
    case 'WARNING':
      return 4;
    case 'ERROR':
    case 'FATAL':
      return 5;
    default:
      return 0;
  }
}

/** Finds the lines of a text. */
export function splitLines(text: string): LogPart {
  let starts = new Uint32Array(1024);
  let count = 0;
  const push = (at: number): void => {
    if (count === starts.length) {
      const wider = new Uint32Array(starts.length * 2);
      wider.set(starts);
      starts = wider;
    }
    starts[count++] = at;
  };
  let at = 0;
  while (at < text.length) {
    push(at);
    const end = text.indexOf('\n', at);
    at = end === -1 ? text.length : end + 1;
  }
  const lines = count;
  push(text.length);
  const found = new Uint8Array(lines);
  let last = 0;
  for (let i = 0; i < lines; i++) {
    const level = levelOf(text.slice(starts[i], Math.min(starts[i]! + 80, starts[i + 1]!)));
    if (level !== 0) last = level;
    found[i] = last;
  }
  return { text, starts: starts.slice(0, count), levels: found };
}

/** A file among those shown. */
export interface LogSource {
  fileName: string;
  taskName: string;
  fileTime: string;
  agentId: string;
  /** Which try of the task, from 1. */
  attempt: number;
  size: number;
  part: LogPart;
}

/** A line, or the heading of a file. */
export type LogRow = { kind: 'line'; source: LogSource; index: number; number: number } | { kind: 'head'; source: LogSource };

/** Several files one after the other as one run of rows: each file's heading, then its lines; lines are numbered through. */
export class LogDocument {
  /** Row and line at which each source begins. */
  private readonly rows: number[] = [];
  private readonly lines: number[] = [];
  readonly rowCount: number;
  readonly lineCount: number;

  constructor(
    readonly sources: readonly LogSource[],
    private readonly hasHeads: boolean,
  ) {
    let row = 0;
    let line = 0;
    for (const source of sources) {
      this.rows.push(row);
      this.lines.push(line);
      row += source.part.levels.length + (hasHeads ? 1 : 0);
      line += source.part.levels.length;
    }
    this.rowCount = row;
    this.lineCount = line;
  }

  row(at: number): LogRow {
    const s = lastNotAbove(this.rows, at);
    const source = this.sources[s]!;
    const inside = at - this.rows[s]! - (this.hasHeads ? 1 : 0);
    return inside < 0 ? { kind: 'head', source } : { kind: 'line', source, index: inside, number: this.lines[s]! + inside + 1 };
  }

  /** The row of a line, by its number from 1. */
  rowOfLine(number: number): number {
    const s = lastNotAbove(this.lines, Math.max(0, Math.min(number, this.lineCount) - 1));
    return this.rows[s]! + (this.hasHeads ? 1 : 0) + (number - 1 - this.lines[s]!);
  }

  text(source: LogSource, index: number): string {
    const { part } = source;
    const end = part.starts[index + 1]!;
    return part.text.slice(part.starts[index], part.text.charCodeAt(end - 1) === 10 ? end - 1 : end);
  }

  /** Rows whose line is at least of a level; headings stay. */
  rowsFrom(level: number): Uint32Array {
    const kept: number[] = [];
    this.sources.forEach((source, s) => {
      const first = this.rows[s]!;
      if (this.hasHeads) kept.push(first);
      const offset = first + (this.hasHeads ? 1 : 0);
      for (let i = 0; i < source.part.levels.length; i++) if (source.part.levels[i]! >= level) kept.push(offset + i);
    });
    return Uint32Array.from(kept);
  }

  /** Numbers of the lines that hold a text, in any case. */
  search(needle: string): number[] {
    const wanted = needle.toLowerCase();
    const found: number[] = [];
    if (wanted === '') return found;
    this.sources.forEach((source, s) => {
      const text = lowerOf(source.part);
      const { starts } = source.part;
      let at = text.indexOf(wanted);
      while (at !== -1 && found.length < mostMatches) {
        const line = lastNotAbove(starts, at);
        found.push(this.lines[s]! + line + 1);
        at = text.indexOf(wanted, starts[line + 1]);
      }
    });
    return found;
  }
}

/** More matches than anybody goes through. */
export const mostMatches = 100_000;

const lowered = new WeakMap<LogPart, string>();

function lowerOf(part: LogPart): string {
  let text = lowered.get(part);
  if (text === undefined) {
    text = part.text.toLowerCase();
    // A few letters change their length; then places would not fit.
    if (text.length !== part.text.length) text = part.text;
    lowered.set(part, text);
  }
  return text;
}

/** Index of the last value that is not above another; the values rise. */
function lastNotAbove(values: ArrayLike<number>, wanted: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle]! <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
