import { strToU8, Zip, ZipDeflate } from 'fflate';
import { getBytes, getDirect, path } from '../api/client';
import type { LogFile } from '../api/types';
import { inOrder } from './order';
import { readLog } from './reader';

export type LogFormat = 'zip' | 'text';

/** Names of the files in an archive: the task's, with a number from the second try on. Unique, and safe to unpack anywhere. */
export function entryNames(files: readonly LogFile[]): string[] {
  const used = new Map<string, number>();
  return files.map((f) => {
    const name = f.taskName.replaceAll(/[^\w.+@^=-]+/g, '_').replace(/^\.+/, '_').slice(0, 180) || '_';
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    return count === 1 ? `${name}.log` : `${name}.${count}.log`;
  });
}

/**
 * Reads all log files of an attempt, one after the other, and packs them: each as a file of its own, or one text with a line before
 * each file. Only the packed form is kept in memory.
 */
export async function wholeLog(attemptId: string, files: readonly LogFile[], format: LogFormat, signal: AbortSignal, onProgress: (done: number) => void): Promise<Blob> {
  const ordered = inOrder(files);
  const read = async (file: LogFile): Promise<string> => {
    const bytes = file.direct === null ? await getBytes(path`logs/${attemptId}/files/${file.fileName}`, undefined, signal) : await getDirect(file.direct, signal);
    signal.throwIfAborted();
    return (await readLog(bytes)).text;
  };
  if (format === 'text') {
    const parts: string[] = [];
    for (const [i, file] of ordered.entries()) {
      const text = await read(file);
      parts.push(`==== ${file.taskName} ${file.fileTime} ${file.agentId}\n`, text, text === '' || text.endsWith('\n') ? '' : '\n');
      onProgress(i + 1);
    }
    return new Blob(parts, { type: 'text/plain' });
  }
  const names = entryNames(ordered);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const zip = new Zip((error, chunk) => {
    // Thrown where the chunk was pushed.
    if (error) throw error;
    parts.push(new Uint8Array(chunk));
  });
  for (const [i, file] of ordered.entries()) {
    const text = await read(file);
    const entry = new ZipDeflate(names[i]!, { level: 6 });
    entry.mtime = validTime(file.fileTime);
    zip.add(entry);
    entry.push(strToU8(text), true);
    onProgress(i + 1);
  }
  zip.end();
  return new Blob(parts, { type: 'application/zip' });
}

// A ZIP knows no time before 1980.
function validTime(text: string): Date {
  const time = Date.parse(text);
  return new Date(Number.isNaN(time) ? Date.UTC(1980, 0, 2) : Math.max(time, Date.UTC(1980, 0, 2)));
}
