import { gunzipSync, gzipSync } from 'fflate';
import { packTar, unpackTar, type ParsedTarEntryWithData } from 'modern-tar';

/** One file of a project's archive. */
export interface ArchiveFile {
  path: string;
  data: Uint8Array<ArrayBuffer>;
  mode: number;
  isText: boolean;
}

/** A project's archive. `entries` keeps what is not shown, links above all, for writing it back unharmed. */
export interface Archive {
  files: ArchiveFile[];
  entries: ParsedTarEntryWithData[];
}

/** Unpacks a `.tar.gz` in memory; nothing is written anywhere, so paths need no care beyond their display. */
export async function readArchive(bytes: Uint8Array): Promise<Archive> {
  const entries = await unpackTar(gunzipSync(bytes));
  const files = entries
    .filter((e) => (e.header.type ?? 'file') === 'file')
    .map((e) => {
      const data = e.data ?? new Uint8Array(0);
      return { path: cleanPath(e.header.name), data, mode: e.header.mode ?? 0o644, isText: looksLikeText(data) };
    })
    .sort((a, b) => order(a.path, b.path));
  return { files, entries };
}

/** Changes to an archive: new text of files, new files, and `null` for files to leave out. */
export type ArchiveChanges = ReadonlyMap<string, string | Uint8Array<ArrayBuffer> | null>;

/** Packs an archive with changes; every untouched entry is kept byte for byte, with its mode. */
export async function writeArchive(archive: Archive, changes: ArchiveChanges): Promise<Uint8Array<ArrayBuffer>> {
  const left = new Map(changes);
  const entries: ParsedTarEntryWithData[] = [];
  for (const entry of archive.entries) {
    const path = cleanPath(entry.header.name);
    if (!left.has(path) || (entry.header.type ?? 'file') !== 'file') {
      entries.push(entry);
      continue;
    }
    const change = left.get(path);
    left.delete(path);
    if (change === null || change === undefined) continue;
    const data = bytesOf(change);
    entries.push({ header: { ...entry.header, size: data.length, mtime: new Date() }, data });
  }
  for (const [path, change] of left) {
    if (change === null) continue;
    const data = bytesOf(change);
    entries.push({ header: { name: path, size: data.length, mode: 0o644, type: 'file', mtime: new Date() }, data });
  }
  return gzipSync(await packTar(entries));
}

export function textOf(file: ArchiveFile): string {
  return new TextDecoder().decode(file.data);
}

/** Digdag behaviour: ui 6.4: `<name>.dig`; archives of old versions hold `<name>.yml` beside a `digdag.yml`. */
export function workflowFile(archive: Archive, workflow: string): ArchiveFile | undefined {
  const find = (path: string): ArchiveFile | undefined => archive.files.find((f) => f.path === path);
  return find(`${workflow}.dig`) ?? (find('digdag.yml') ? find(`${workflow}.yml`) : undefined);
}

function bytesOf(change: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return typeof change === 'string' ? new TextEncoder().encode(change) : change;
}

function cleanPath(name: string): string {
  return name.replace(/^(\.\/)+/, '');
}

function looksLikeText(data: Uint8Array): boolean {
  const head = data.subarray(0, 8192);
  if (head.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(data.length > 8192 ? head.subarray(0, 8180) : head, { stream: data.length > 8192 });
    return true;
  } catch {
    return false;
  }
}

// Workflows first: they are what people look for.
function order(a: string, b: string): number {
  const rank = (path: string): number => (path.endsWith('.dig') ? (path.includes('/') ? 1 : 0) : 2);
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}
