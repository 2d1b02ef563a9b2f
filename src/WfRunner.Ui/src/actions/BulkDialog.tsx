import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { getJson, path, postJson, putJson } from '../api/client';
import type { Attempt, Session, Workflow } from '../api/types';
import { Dialog } from '../components/Dialog';
import { describeError } from '../components/states';
import { routes } from '../components/urlState';

export type BulkKind = 'failed' | 'all' | 'kill';

const words: Record<BulkKind, { title: string; button: string; done: string }> = {
  failed: { title: 'Retry what failed', button: 'Retry', done: 'retried' },
  all: { title: 'Run again from the start', button: 'Run again', done: 'started' },
  kill: { title: 'Kill', button: 'Kill', done: 'asked to stop' },
};

interface Result {
  state: 'waiting' | 'busy' | 'done' | 'failed';
  text: string;
}

const atOnce = 3;

/** Does the same to several sessions and says for each how it went. */
export function BulkDialog({ kind, sessions, onClose }: { kind: BulkKind; sessions: readonly Session[]; onClose: () => void }): ReactElement {
  const client = useQueryClient();
  const [results, setResults] = useState<Record<string, Result>>({});
  const [state, setState] = useState<'ready' | 'busy' | 'done'>('ready');
  const able = sessions.filter((s) => isAble(kind, s));
  const text = words[kind];

  const run = async (): Promise<void> => {
    setState('busy');
    const queue = [...able];
    const work = async (): Promise<void> => {
      for (let session = queue.shift(); session; session = queue.shift()) {
        const { id } = session;
        const set = (result: Result): void => setResults((all) => ({ ...all, [id]: result }));
        set({ state: 'busy', text: '…' });
        try {
          await act(kind, session);
          set({ state: 'done', text: text.done });
        } catch (failure) {
          set({ state: 'failed', text: describeError(failure) });
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    setState('done');
    for (const key of ['sessions', 'session', 'overview', 'history']) void client.invalidateQueries({ queryKey: [key] });
  };

  return (
    <Dialog
      title={`${text.title}: ${able.length} ${able.length === 1 ? 'session' : 'sessions'}`}
      onClose={onClose}
      onSubmit={() => void (state === 'done' ? onClose() : run())}
      footer={
        state === 'done' ? (
          <button type="submit" className="button primary">
            Close
          </button>
        ) : (
          <>
            <button type="button" className="button" onClick={onClose} disabled={state === 'busy'}>
              Cancel
            </button>
            <button type="submit" className={kind === 'kill' ? 'button danger' : 'button primary'} disabled={state === 'busy' || able.length === 0}>
              {state === 'busy' ? 'Working…' : text.button}
            </button>
          </>
        )
      }
    >
      {able.length < sessions.length && (
        <p className="muted">
          {sessions.length - able.length} of the {sessions.length} selected are left out: {kind === 'kill' ? 'they do not run' : kind === 'failed' ? 'they did not fail' : 'they still run'}.
        </p>
      )}
      <ul className="bulk-list" aria-live="polite">
        {able.map((s) => {
          const result = results[s.id] ?? { state: 'waiting', text: '' };
          return (
            <li key={s.id}>
              <Link href={routes.session(s.id)} onClick={onClose}>
                {s.workflow.name} <span className="muted">{s.sessionTime}</span>
              </Link>
              <span className="sub" data-tone={result.state === 'failed' ? 'failure' : 'success'}>
                {result.text}
              </span>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}

function isAble(kind: BulkKind, session: Session): boolean {
  const last = session.lastAttempt;
  if (!last) return false;
  if (kind === 'kill') return !last.done;
  if (kind === 'failed') return last.done && !last.success;
  return last.done;
}

async function act(kind: BulkKind, session: Session): Promise<void> {
  const last = session.lastAttempt!;
  if (kind === 'kill') {
    await postJson(path`attempts/${last.id}/kill`);
    return;
  }
  const workflow = await getJson<Workflow>(path`projects/${session.project.id}/workflows/${session.workflow.name}`);
  await putJson<Attempt>('attempts', {
    workflowId: workflow.id,
    sessionTime: session.sessionTime,
    params: last.params,
    retryAttemptName: crypto.randomUUID?.() ?? `retry-${Date.now()}-${session.id}`,
    ...(kind === 'failed' ? { resume: { mode: 'failed', attemptId: last.id } } : {}),
  });
}
