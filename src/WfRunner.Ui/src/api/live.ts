import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { useSyncExternalStore } from 'react';
import { ApiError, requestHeaders, UnreachableError, urlOf } from './client';
import type { AttemptEvent, Task, TaskEvent } from './types';

/** How the page learns of changes: from the stream, by asking again and again, or not at all since an instant. */
export type Connection = { kind: 'live' } | { kind: 'polling' } | { kind: 'offline'; since: number };

let connection: Connection = { kind: 'polling' };
const listeners = new Set<() => void>();

function setConnection(next: Connection): void {
  if (next.kind === connection.kind) return;
  connection = next;
  for (const listener of listeners) listener();
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => connection,
  );
}

/** Whether changes are pushed, so that asking for them is only a safety net. */
export function isLive(): boolean {
  return connection.kind === 'live';
}

/** Milliseconds until the next question: what runs and is seen asks often, the rest seldom, a live page hardly. */
export function pollInterval(running: boolean): number {
  if (isLive()) return 120_000;
  return running ? 2_000 : 15_000;
}

/** Any answer shows that the server is there; no answer shows that it is not. */
export function heardFromServer(): void {
  if (connection.kind === 'offline') setConnection({ kind: 'polling' });
}

export function lostServer(): void {
  if (connection.kind !== 'offline') setConnection({ kind: 'offline', since: Date.now() });
}

const firstDelay = 1_000;
const longestDelay = 30_000;
const silence = 40_000;

/**
 * Keeps one stream of events per tab and turns events into fresh data: small ones are put into the cache, the rest makes the
 * queries they touch stale. Ends when the signal is aborted.
 */
export async function followEvents(client: QueryClient, signal: AbortSignal): Promise<void> {
  let cursor: string | undefined;
  let delay = firstDelay;
  const refresher = new Refresher(client);
  // A function, because the compiler believes that what it has seen once stays so.
  const isAborted = (): boolean => signal.aborted;
  while (!isAborted()) {
    try {
      await readStream(cursor, signal, {
        opened: () => {
          delay = firstDelay;
          setConnection({ kind: 'live' });
          // What happened while nobody listened is not in the stream when it was the first one or a reset.
          if (cursor === undefined) refresher.everything();
        },
        event: (message) => {
          if (message.id !== undefined && message.id !== '') cursor = message.id;
          refresher.take(message);
        },
      });
    } catch (failure) {
      if (isAborted()) return;
      if (failure instanceof ApiError && failure.status === 404) {
        setConnection({ kind: 'polling' });
        return;
      }
      if (failure instanceof UnreachableError) lostServer();
      else setConnection({ kind: 'polling' });
    }
    if (isAborted()) return;
    if (connection.kind === 'live') setConnection({ kind: 'polling' });
    await sleep(delay * (0.75 + Math.random() / 2), signal);
    delay = Math.min(delay * 2, longestDelay);
  }
}

interface StreamHandlers {
  opened: () => void;
  event: (message: EventSourceMessage) => void;
}

async function readStream(cursor: string | undefined, signal: AbortSignal, on: StreamHandlers): Promise<void> {
  const stop = new AbortController();
  const forward = (): void => stop.abort();
  signal.addEventListener('abort', forward);
  let watchdog = 0;
  const heard = (): void => {
    clearTimeout(watchdog);
    watchdog = self.setTimeout(() => stop.abort(), silence);
  };
  try {
    let response: Response;
    try {
      response = await fetch(urlOf('events'), {
        headers: {
          Accept: 'text/event-stream',
          ...requestHeaders(),
          ...(cursor === undefined ? {} : { 'Last-Event-ID': cursor }),
        },
        credentials: 'same-origin',
        cache: 'no-store',
        signal: stop.signal,
      });
    } catch (failure) {
      throw new UnreachableError(failure);
    }
    if (!response.ok || !response.body || !response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      throw new ApiError(response.ok ? 404 : response.status, response.statusText, undefined);
    }
    on.opened();
    heard();
    const parser = createParser({ onEvent: on.event });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      parser.feed(value);
    }
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener('abort', forward);
    stop.abort();
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
    // Somebody who looks at the page again does not wait.
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && resolve(), { once: true, signal });
  });
}

/** Collects what became stale and asks for it at most a few times a second, however many events come. */
class Refresher {
  private readonly stale = new Map<string, QueryKey>();
  private timer = 0;
  private last = 0;

  constructor(private readonly client: QueryClient) {}

  take(message: EventSourceMessage): void {
    if (message.event === 'reset') {
      this.everything();
      return;
    }
    let data: Record<string, unknown>;
    try {
      data = JSON.parse(message.data) as Record<string, unknown>;
    } catch {
      return;
    }
    switch (message.event) {
      case 'session':
      case 'attempt':
        this.attempt(data as unknown as AttemptEvent);
        break;
      case 'task':
        this.task(data as unknown as TaskEvent);
        break;
      case 'log':
        this.mark(['logs', data['attemptId']]);
        break;
      case 'schedule':
        this.mark(['schedules']);
        this.mark(['overview']);
        break;
      case 'project':
        this.mark(['projects']);
        this.mark(['project', data['projectId']]);
        this.mark(['workflows']);
        this.mark(['schedules']);
        break;
      default:
        break;
    }
  }

  everything(): void {
    void this.client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'archive' && query.queryKey[0] !== 'features' });
  }

  private attempt(event: AttemptEvent): void {
    this.mark(['sessions']);
    this.mark(['session', event.sessionId]);
    this.mark(['attempt', event.attemptId]);
    this.mark(['history', event.projectId, event.workflowName]);
    this.mark(['overview']);
    this.mark(['tasks', event.attemptId]);
  }

  private task(event: TaskEvent): void {
    const key = ['tasks', event.attemptId];
    this.client.setQueryData<Task[]>(key, (tasks) =>
      tasks?.map((t) =>
        t.id === event.taskId ? { ...t, state: event.state, updatedAt: event.updatedAt, startedAt: event.startedAt ?? t.startedAt } : t,
      ),
    );
    this.mark(key);
  }

  private mark(key: QueryKey): void {
    this.stale.set(JSON.stringify(key), key);
    if (this.timer !== 0) return;
    const wait = Math.max(60, this.last + 400 - Date.now());
    this.timer = self.setTimeout(() => {
      this.timer = 0;
      this.last = Date.now();
      const keys = [...this.stale.values()];
      this.stale.clear();
      for (const queryKey of keys) void this.client.invalidateQueries({ queryKey });
    }, wait);
  }
}
