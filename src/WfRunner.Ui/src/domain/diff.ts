import { structuredPatch } from 'diff';
import { textOf, type Archive, type ArchiveFile } from './archive';

export interface DiffLine {
  kind: 'same' | 'add' | 'remove' | 'skip';
  text: string;
}

export interface FileDiff {
  path: string;
  kind: 'added' | 'removed' | 'changed' | 'binary changed' | 'mode changed';
  added: number;
  removed: number;
  lines: DiffLine[];
}

/** What differs between two archives, by path. */
export function compareArchives(older: Archive, newer: Archive): FileDiff[] {
  const before = new Map(older.files.map((f) => [f.path, f]));
  const after = new Map(newer.files.map((f) => [f.path, f]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => compareFiles(path, before.get(path), after.get(path)) ?? []);
}

function compareFiles(path: string, before: ArchiveFile | undefined, after: ArchiveFile | undefined): FileDiff | undefined {
  if (before && after && sameBytes(before.data, after.data)) {
    if ((before.mode & 0o111) === (after.mode & 0o111)) return undefined;
    return { path, kind: 'mode changed', added: 0, removed: 0, lines: [] };
  }
  if (!(before?.isText ?? true) || !(after?.isText ?? true)) {
    return { path, kind: !before ? 'added' : !after ? 'removed' : 'binary changed', added: 0, removed: 0, lines: [] };
  }
  const kind = !before ? 'added' : !after ? 'removed' : 'changed';
  const lines = compareTexts(before ? textOf(before) : '', after ? textOf(after) : '');
  return { path, kind, added: count(lines, 'add'), removed: count(lines, 'remove'), lines };
}

/** The changed lines of a text with a few around them. */
export function compareTexts(before: string, after: string): DiffLine[] {
  const patch = structuredPatch('', '', before, after, undefined, undefined, { context: 3 });
  return patch.hunks.flatMap((hunk, i) => [
    ...(i > 0 || hunk.oldStart > 1 ? [{ kind: 'skip', text: `line ${hunk.newStart}` } as const] : []),
    ...hunk.lines
      .filter((line) => !line.startsWith('\\'))
      .map((line): DiffLine => ({ kind: line.startsWith('+') ? 'add' : line.startsWith('-') ? 'remove' : 'same', text: line.slice(1) })),
  ]);
}

function count(lines: readonly DiffLine[], kind: DiffLine['kind']): number {
  return lines.filter((l) => l.kind === kind).length;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
