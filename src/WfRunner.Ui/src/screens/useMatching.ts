import { useEffect, useRef, useState } from 'react';
import { useFeature } from '../api/features';
import { matchingSessions, type SessionFilter } from '../api/queries';
import type { Session } from '../api/types';

/** The most that are selected at once: each is held in memory until the work is done. */
export const mostMatching = 10_000;

type State =
  | { state: 'none' }
  | { state: 'looking'; count: number }
  /** What was found when the search ended; incomplete when it was stopped, broke off, or met the limit. */
  | { state: 'found'; sessions: readonly Session[]; isComplete: boolean };

interface Matching {
  state: State['state'];
  /** Sessions found so far. */
  count: number;
  /** All that were found, once the search has ended. */
  found: readonly Session[] | undefined;
  isComplete: boolean;
  failure: unknown;
  start: () => void;
  /** Ends the search; what was found until then is selected. */
  stop: () => void;
  clear: () => void;
}

/** Finds every session that matches a filter, page after page, for actions on all of them. */
export function useMatching(filter: SessionFilter): Matching {
  const serverFilters = useFeature('filters');
  const [state, setState] = useState<State>({ state: 'none' });
  const [failure, setFailure] = useState<unknown>();
  const search = useRef<{ stopped: boolean; ended: AbortController } | undefined>(undefined);
  const end = (): void => {
    search.current?.ended.abort();
    search.current = undefined;
  };
  useEffect(() => end, []);

  const start = async (): Promise<void> => {
    end();
    const mine = { stopped: false, ended: new AbortController() };
    search.current = mine;
    setFailure(undefined);
    setState({ state: 'looking', count: 0 });
    const sessions: Session[] = [];
    let isComplete = true;
    try {
      for await (const some of matchingSessions(filter, serverFilters, mine.ended.signal)) {
        sessions.push(...some);
        if (mine.stopped || sessions.length > mostMatching) {
          isComplete = false;
          break;
        }
        setState({ state: 'looking', count: sessions.length });
      }
    } catch (problem) {
      if (mine.ended.signal.aborted) return;
      isComplete = false;
      setFailure(problem);
    }
    setState(sessions.length === 0 ? { state: 'none' } : { state: 'found', sessions: sessions.slice(0, mostMatching), isComplete });
  };

  return {
    state: state.state,
    count: state.state === 'looking' ? state.count : 0,
    found: state.state === 'found' ? state.sessions : undefined,
    isComplete: state.state === 'found' && state.isComplete,
    failure,
    start: () => void start(),
    stop: () => {
      if (search.current) search.current.stopped = true;
    },
    clear: () => {
      end();
      setFailure(undefined);
      setState({ state: 'none' });
    },
  };
}
