import type { LogFile } from '../api/types';

/**
 * Log files in the order of time. The API's times are whole seconds; the names of the files, which are Digdag's, tell the rest in
 * sixteen hexadecimal digits: seconds and nanoseconds.
 */
export function inOrder(files: readonly LogFile[]): LogFile[] {
  const keyed = files.map((file) => ({ file, time: Date.parse(file.fileTime), stamp: stampOf(file.fileName) }));
  keyed.sort((a, b) => a.time - b.time || compare(a.stamp, b.stamp) || compare(a.file.fileName, b.file.fileName));
  return keyed.map((k) => k.file);
}

function stampOf(fileName: string): string {
  return /@([0-9a-f]{16})\.(?!.*@[0-9a-f]{16}\.)/.exec(fileName)?.[1] ?? '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
