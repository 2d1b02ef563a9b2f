import { useQueries } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { getBytes, getDirect, path } from '../api/client';
import { useLogFiles } from '../api/queries';
import type { LogFile } from '../api/types';
import { LogDocument, type LogPart, type LogSource } from './document';
import { inOrder } from './order';
import { readLog } from './reader';

/** Files that are read without being asked for: the first screen must not cost hundreds of requests. */
const batch = 8;

export interface Log {
  files: LogFile[] | undefined;
  failure: unknown;
  document: LogDocument;
  loading: boolean;
  /** Files not read yet, before and after those that are. */
  earlier: number;
  later: number;
  loadEarlier: () => void;
  loadLater: () => void;
}

/** The logs of an attempt, or of one of its tasks, in the order of time; files that grow are read again. */
export function useLog(attemptId: string, taskName: string | undefined, running: boolean): Log {
  const list = useLogFiles(attemptId, running);
  const files = useMemo(() => {
    const all = (list.data ?? []).filter((f) => taskName === undefined || f.taskName === taskName);
    return inOrder(all);
  }, [list.data, taskName]);
  const [grown, setGrown] = useState({ before: 0, after: 0 });
  const begin = useRef<number | undefined>(undefined);
  // Somebody who watches a run wants its end; somebody who looks back, the beginning.
  if (begin.current === undefined && files.length > 0) begin.current = running ? Math.max(0, files.length - batch) : 0;
  const first = Math.max(0, (begin.current ?? 0) - grown.before * batch);
  const last = running && grown.after === 0 ? files.length : Math.min(files.length, (begin.current ?? 0) + batch * (1 + grown.after * 4));
  const shown = files.slice(first, last);
  const cache = useRef(new Map<string, LogPart>());
  const parts = useQueries({
    queries: shown.map((f) => ({
      queryKey: ['log', attemptId, f.fileName, f.fileSize],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const part = await readLog(
          f.direct === null ? await getBytes(path`logs/${attemptId}/files/${f.fileName}`, undefined, signal) : await getDirect(f.direct, signal),
        );
        cache.current.set(f.fileName, part);
        return part;
      },
      staleTime: Infinity,
      gcTime: 60_000,
      structuralSharing: false,
    })),
  });
  const key = parts.map((p, i) => `${shown[i]!.fileName}:${p.dataUpdatedAt}`).join('|');
  const document = useMemo(
    () => {
      const tries = new Map<string, number>();
      const sources: LogSource[] = [];
      files.forEach((f, i) => {
        const attempt = (tries.get(f.taskName) ?? 0) + 1;
        tries.set(f.taskName, attempt);
        if (i < first || i >= last) return;
        // While a grown file is read again, what was read before stays.
        const part = parts[i - first]?.data ?? cache.current.get(f.fileName);
        if (part) sources.push({ fileName: f.fileName, taskName: f.taskName, fileTime: f.fileTime, agentId: f.agentId, attempt, size: f.fileSize, part });
      });
      return new LogDocument(sources, files.length > 1);
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key names all that the parts hold
    [key, files, first, last],
  );
  return {
    files: list.data,
    failure: list.error ?? parts.find((p) => p.isError)?.error,
    document,
    loading: list.isLoading || parts.some((p) => p.isLoading),
    earlier: first,
    later: files.length - last,
    loadEarlier: () => setGrown((g) => ({ ...g, before: g.before + 4 })),
    loadLater: () => setGrown((g) => ({ ...g, after: g.after + 1 })),
  };
}
