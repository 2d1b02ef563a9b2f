import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useState } from 'react';

interface Action<T> {
  busy: boolean;
  failure: unknown;
  /** Does it; the answer is undefined when it failed. */
  run: (work: () => Promise<T>) => Promise<T | undefined>;
  clear: () => void;
}

/** One thing a user does: busy while it runs, the failure if it failed, and fresh data for what it changed. */
export function useAction<T>(...stale: QueryKey[]): Action<T> {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const run = async (work: () => Promise<T>): Promise<T | undefined> => {
    setBusy(true);
    setFailure(undefined);
    try {
      const done = await work();
      for (const queryKey of stale) void client.invalidateQueries({ queryKey });
      return done;
    } catch (problem) {
      setFailure(problem);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { busy, failure, run, clear: () => setFailure(undefined) };
}
