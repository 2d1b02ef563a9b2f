import type { Task } from '../api/types';

/** A task with what a test does not care about filled in. */
export function task(id: string, fullName: string, parentId: string | null, more: Partial<Task> = {}): Task {
  return {
    id,
    fullName,
    parentId,
    config: {},
    upstreams: [],
    isGroup: false,
    state: 'success',
    cancelRequested: false,
    exportParams: {},
    storeParams: {},
    stateParams: {},
    updatedAt: '2024-05-01T00:00:10Z',
    retryAt: null,
    startedAt: null,
    error: {},
    ...more,
  };
}

/** A time some seconds into the test's hour. */
export const at = (seconds: number): string => new Date(Date.UTC(2024, 4, 1) + seconds * 1000).toISOString().slice(0, 19) + 'Z';
