import { describe, expect, it } from 'vitest';
import { ApiError, UnreachableError } from '../api/client';
import type { Session } from '../api/types';
import { BulkRun, isAble } from './bulk';

function session(id: number, last: Partial<NonNullable<Session['lastAttempt']>> = {}): Session {
  return {
    id: String(id),
    sessionTime: '2024-05-01T00:00:00+00:00',
    sessionUuid: '',
    project: { id: '1', name: 'p' },
    workflow: { id: '1', name: 'w' },
    lastAttempt: { id: String(id * 10), done: true, success: false, cancelRequested: false, params: {}, createdAt: '2024-05-01T00:00:00Z', finishedAt: null, retryAttemptName: null, ...last },
  };
}

/** Work whose end the test decides. */
function controlled(): { act: (s: Session) => Promise<void>; begun: string[]; end: (id: string, failure?: Error) => Promise<void>; most: () => number } {
  const open = new Map<string, { resolve: () => void; reject: (e: Error) => void }>();
  const begun: string[] = [];
  let most = 0;
  return {
    begun,
    most: () => most,
    act: (s) =>
      new Promise((resolve, reject) => {
        begun.push(s.id);
        open.set(s.id, { resolve, reject });
        most = Math.max(most, open.size);
      }),
    end: async (id, failure) => {
      const one = open.get(id)!;
      open.delete(id);
      if (failure) one.reject(failure);
      else one.resolve();
      for (let i = 0; i < 5; i++) await Promise.resolve();
    },
  };
}

describe('the same for many sessions', () => {
  it('does a few at once and all in the end', async () => {
    const work = controlled();
    const run = new BulkRun([1, 2, 3, 4, 5].map((i) => session(i)), work.act);
    const ended = run.start();
    expect(work.begun).toEqual(['1', '2']);
    for (const id of ['2', '1', '3', '4', '5']) await work.end(id);
    await ended;
    expect(work.most()).toBe(2);
    expect(run.snapshot()).toMatchObject({ phase: 'done', done: 5, failed: 0 });
  });

  it('begins nothing more once it is stopped, and goes on where it stopped', async () => {
    const work = controlled();
    const run = new BulkRun([1, 2, 3, 4].map((i) => session(i)), work.act);
    const ended = run.start();
    run.stop();
    expect(run.snapshot().phase).toBe('stopping');
    await work.end('1');
    await work.end('2');
    await ended;
    expect(work.begun).toEqual(['1', '2']);
    expect(run.snapshot()).toMatchObject({ phase: 'stopped', done: 2 });
    const rest = run.start();
    await work.end('3');
    await work.end('4');
    await rest;
    expect(work.begun).toEqual(['1', '2', '3', '4']);
    expect(run.snapshot()).toMatchObject({ phase: 'done', done: 4 });
  });

  it('keeps what the server said of each that failed, and tries those again', async () => {
    const work = controlled();
    const run = new BulkRun([session(1), session(2)], work.act);
    const ended = run.start();
    await work.end('1', new ApiError(400, 'Too many attempts are running', undefined));
    await work.end('2');
    await ended;
    expect(run.snapshot()).toMatchObject({ phase: 'done', done: 1, failed: 1 });
    expect(run.resultOf(session(1))).toEqual({ state: 'failed', text: 'Too many attempts are running' });
    const again = run.retryFailed();
    expect(work.begun).toEqual(['1', '2', '1']);
    await work.end('1');
    await again;
    expect(run.snapshot()).toMatchObject({ phase: 'done', done: 2, failed: 0 });
  });

  it('stops by itself when the server is away, and counts that one as not begun', async () => {
    const work = controlled();
    const run = new BulkRun([1, 2, 3].map((i) => session(i)), work.act);
    const ended = run.start();
    await work.end('1', new UnreachableError(new Error('gone')));
    await work.end('2');
    await ended;
    expect(work.begun).toEqual(['1', '2']);
    expect(run.snapshot()).toMatchObject({ phase: 'stopped', done: 1, failed: 0 });
    expect(run.snapshot().reason).toContain('does not answer');
    expect(run.resultOf(session(1)).state).toBe('waiting');
  });
});

it('knows which sessions an action is for', () => {
  const failed = session(1);
  const good = session(2, { success: true });
  const running = session(3, { done: false });
  const canceling = session(4, { done: false, cancelRequested: true });
  const none = { ...session(5), lastAttempt: null };
  const able = (kind: Parameters<typeof isAble>[0]): string[] => [failed, good, running, canceling, none].filter((s) => isAble(kind, s)).map((s) => s.id);
  expect(able('failed')).toEqual(['1']);
  expect(able('all')).toEqual(['1', '2']);
  expect(able('kill')).toEqual(['3']);
});
