import type { LogFile } from '../api/types';

/** Log files in the order of time. */
export function inOrder(files: readonly LogFile[]): LogFile[] {
  return [...files].sort((a, b) => (a.fileTime < b.fileTime ? -1 : a.fileTime > b.fileTime ? 1 : a.fileName < b.fileName ? -1 : 1));
}
