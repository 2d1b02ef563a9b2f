import type { SessionAttempt, Task } from '../api/types';

/** What a status means for the eye: each has a colour, a shape and a word. */
export type Tone = 'success' | 'failure' | 'canceled' | 'canceling' | 'running' | 'waiting' | 'retrying' | 'planned' | 'unknown';

export interface Status {
  tone: Tone;
  text: string;
}

/** Digdag behaviour: ui 5.1. The original's "Pending" is said as "Running" here, since it covers what runs. */
export function attemptStatus(attempt: Pick<SessionAttempt, 'done' | 'success' | 'cancelRequested'> & { status?: string } | null | undefined): Status {
  if (!attempt) return { tone: 'waiting', text: 'Pending' };
  if (attempt.status === 'queued') return { tone: 'waiting', text: 'Queued' };
  if (attempt.done && attempt.success) return { tone: 'success', text: 'Success' };
  if (attempt.done) return attempt.cancelRequested ? { tone: 'canceled', text: 'Canceled' } : { tone: 'failure', text: 'Failure' };
  return attempt.cancelRequested ? { tone: 'canceling', text: 'Canceling' } : { tone: 'running', text: 'Running' };
}

/** The words of the API for a status: of attempts, of events and of history. */
export function statusOfWord(word: string): Status {
  switch (word) {
    case 'success':
      return { tone: 'success', text: 'Success' };
    case 'error':
    case 'failure':
      return { tone: 'failure', text: 'Failure' };
    case 'killed':
    case 'canceled':
      return { tone: 'canceled', text: 'Canceled' };
    case 'canceling':
      return { tone: 'canceling', text: 'Canceling' };
    case 'running':
      return { tone: 'running', text: 'Running' };
    case 'queued':
      return { tone: 'waiting', text: 'Queued' };
    default:
      return { tone: 'unknown', text: capitalised(word) };
  }
}

/** Digdag behaviour: ui 5.2. */
export function taskStatus(task: Pick<Task, 'state' | 'cancelRequested'>): Status {
  const canceling = (): Status => ({ tone: 'canceling', text: 'Canceling' });
  switch (task.state) {
    case 'blocked':
      return task.cancelRequested ? { tone: 'canceled', text: 'Canceled' } : { tone: 'waiting', text: 'Blocked' };
    case 'ready':
      return task.cancelRequested ? canceling() : { tone: 'waiting', text: 'Ready' };
    case 'retry_waiting':
      return task.cancelRequested ? canceling() : { tone: 'retrying', text: 'Retry Waiting' };
    case 'group_retry_waiting':
      return task.cancelRequested ? canceling() : { tone: 'retrying', text: 'Group Retry Waiting' };
    case 'planned':
      return task.cancelRequested ? canceling() : { tone: 'planned', text: 'Planned' };
    case 'running':
      return { tone: 'running', text: 'Running' };
    case 'group_error':
      return { tone: 'failure', text: 'Group Error' };
    case 'error':
      return { tone: 'failure', text: 'Error' };
    case 'canceled':
      return { tone: 'canceled', text: 'Canceled' };
    case 'success':
      return { tone: 'success', text: 'Success' };
    default:
      return { tone: 'unknown', text: capitalised(task.state) };
  }
}

const doneStates = new Set(['success', 'error', 'group_error', 'canceled']);

/** Whether a task's state will not change any more. */
export function isTaskDone(state: string): boolean {
  return doneStates.has(state);
}

export function isTaskFailed(task: Pick<Task, 'state'>): boolean {
  return task.state === 'error' || task.state === 'group_error';
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).replaceAll('_', ' ');
}
