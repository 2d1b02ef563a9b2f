import { useEffect, useState } from 'react';
import { postArchive } from '../../api/client';
import { useFeature } from '../../api/features';
import type { CheckReport } from '../../api/types';
import { writeArchive, type Archive, type ArchiveChanges } from '../../domain/archive';

export type Check =
  /** The server does not check, or there is nothing to check. */
  | { state: 'none' }
  /** `report` is of an earlier text while a new one is checked. */
  | { state: 'checking'; report: CheckReport | undefined }
  | { state: 'checked'; report: CheckReport }
  | { state: 'failed'; failure: unknown };

/** The time without a key before the server is asked. */
const pause = 500;

/** Lets the server check a project while it is written, a moment after each change. */
export function useCheck(base: Archive, changes: ArchiveChanges, projectName: string): Check {
  const told = useFeature('check');
  const [check, setCheck] = useState<Check>({ state: 'none' });
  useEffect(() => {
    if (!told || (base.files.length === 0 && changes.size === 0)) return;
    const stop = new AbortController();
    const ask = async (): Promise<void> => {
      setCheck((before) => ({ state: 'checking', report: 'report' in before ? before.report : undefined }));
      try {
        const query = projectName.trim() === '' ? {} : { project: projectName.trim() };
        const report = await postArchive<CheckReport>('check', await writeArchive(base, changes), query, stop.signal);
        if (!stop.signal.aborted) setCheck({ state: 'checked', report });
      } catch (failure) {
        if (!stop.signal.aborted) setCheck({ state: 'failed', failure });
      }
    };
    const timer = setTimeout(() => void ask(), pause);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [told, base, changes, projectName]);
  return check;
}
