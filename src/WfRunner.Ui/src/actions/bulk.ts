import { ApiError, getJson, path, postJson, putJson, UnreachableError } from '../api/client';
import type { Attempt, Session, Workflow } from '../api/types';
import { describeError } from '../components/states';
import { uniqueName } from '../domain/uuid';

export type BulkKind = 'failed' | 'all' | 'kill';

export interface BulkResult {
  state: 'waiting' | 'busy' | 'done' | 'failed';
  /** Why it failed, in the server's words; empty otherwise. */
  text: string;
}

export type BulkPhase = 'ready' | 'busy' | 'stopping' | 'stopped' | 'done';

/** What a run of many looks like at one moment. */
export interface BulkProgress {
  phase: BulkPhase;
  results: ReadonlyMap<string, BulkResult>;
  done: number;
  failed: number;
  /** Why it stopped by itself. */
  reason: string | undefined;
}

/** Two at once leave one of the page's connections to what the user does meanwhile. */
const atOnce = 2;
const waiting: BulkResult = { state: 'waiting', text: '' };

/** Does the same to many sessions, a few at a time. It can be stopped, gone on with, and tried again where it failed. */
export class BulkRun {
  private readonly listeners = new Set<() => void>();
  private progress: BulkProgress = { phase: 'ready', results: new Map(), done: 0, failed: 0, reason: undefined };

  constructor(
    readonly sessions: readonly Session[],
    private readonly act: (session: Session) => Promise<unknown>,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): BulkProgress => this.progress;

  resultOf(session: Session): BulkResult {
    return this.progress.results.get(session.id) ?? waiting;
  }

  /** Begins, or goes on with those that were not reached. What runs already is not begun twice. */
  async start(): Promise<void> {
    if (this.progress.phase === 'busy' || this.progress.phase === 'stopping') return;
    this.change({ phase: 'busy', reason: undefined });
    const queue = this.sessions.filter((s) => this.resultOf(s).state === 'waiting');
    const work = async (): Promise<void> => {
      while (this.progress.phase === 'busy') {
        const session = queue.shift();
        if (!session) return;
        await this.one(session);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    const isComplete = this.sessions.every((s) => this.resultOf(s).state !== 'waiting');
    this.change({ phase: isComplete ? 'done' : 'stopped' });
  }

  /** Begins no further session; those that were begun come to their end. */
  stop(): void {
    if (this.progress.phase === 'busy') this.change({ phase: 'stopping' });
  }

  /** Tries again those that failed. */
  retryFailed(): Promise<void> {
    const results = new Map([...this.progress.results].filter(([, r]) => r.state !== 'failed'));
    this.change({ results, failed: 0 });
    return this.start();
  }

  private async one(session: Session): Promise<void> {
    this.set(session, { state: 'busy', text: '' });
    try {
      await this.act(session);
      this.set(session, { state: 'done', text: '' });
    } catch (failure) {
      if (failure instanceof UnreachableError) {
        // The others would fail in the same way: they wait until somebody says that it goes on.
        this.set(session, waiting);
        this.change({ phase: 'stopping', reason: 'The server does not answer.' });
        return;
      }
      this.set(session, { state: 'failed', text: describeError(failure) });
    }
  }

  private set(session: Session, result: BulkResult): void {
    const results = new Map(this.progress.results).set(session.id, result);
    this.change({
      results,
      done: this.progress.done + (result.state === 'done' ? 1 : 0),
      failed: this.progress.failed + (result.state === 'failed' ? 1 : 0),
    });
  }

  private change(values: Partial<BulkProgress>): void {
    this.progress = { ...this.progress, ...values };
    for (const listener of this.listeners) listener();
  }
}

/** Whether the action makes sense for a session as it was last seen. */
export function isAble(kind: BulkKind, session: Session): boolean {
  const last = session.lastAttempt;
  if (!last) return false;
  if (kind === 'kill') return !last.done && !last.cancelRequested;
  if (kind === 'failed') return last.done && !last.success;
  return last.done;
}

/** What is done to one session. The names of the new attempts are kept, so that a request whose answer was lost may be repeated. */
export function actionOf(kind: BulkKind): (session: Session) => Promise<void> {
  const names = new Map<string, string>();
  const workflows = new Map<string, Promise<Workflow>>();
  if (kind === 'kill') {
    return async (session) => {
      await postJson(path`attempts/${session.lastAttempt!.id}/kill`);
    };
  }
  const newest = (session: Session): Promise<Workflow> => {
    const where = path`projects/${session.project.id}/workflows/${session.workflow.name}`;
    let found = workflows.get(where);
    if (!found) {
      found = getJson<Workflow>(where);
      workflows.set(where, found);
      found.catch(() => workflows.delete(where));
    }
    return found;
  };
  return async (session) => {
    const last = session.lastAttempt!;
    const name = names.get(session.id) ?? uniqueName();
    names.set(session.id, name);
    try {
      await putJson<Attempt>('attempts', {
        workflowId: (await newest(session)).id,
        sessionTime: session.sessionTime,
        params: last.params,
        retryAttemptName: name,
        ...(kind === 'failed' ? { resume: { mode: 'failed', attemptId: last.id } } : {}),
      });
    } catch (failure) {
      const isOurs = failure instanceof ApiError && failure.status === 409 && (failure.body as Attempt | null)?.retryAttemptName === name;
      if (!isOurs) throw failure;
    }
  };
}
