import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Archive } from '../domain/archive';
import { attemptStatus, isTaskDone } from '../domain/status';
import { ApiError, getBytes, getJson, path, type Query } from './client';
import { useFeature } from './features';
import { pollInterval } from './live';
import type { Attempt, HistoryEntry, LogFile, Overview, Pool, PoolRule, Project, Revision, Schedule, Session, Task, TaskTypical, Trigger, Workflow } from './types';

const forever = { staleTime: Infinity, refetchOnWindowFocus: false } as const;

export function useVersion(): UseQueryResult<{ version: string }> {
  return useQuery({ queryKey: ['version'], queryFn: ({ signal }) => getJson<{ version: string }>('version', undefined, signal), ...forever });
}

/** All pages of a list that the server gives in pages, one after the other. */
async function allPages<T extends { id: string }>(
  where: string,
  name: string,
  query: Record<string, string | number | undefined>,
  pageSize: number,
  signal: AbortSignal,
): Promise<T[]> {
  const all: T[] = [];
  let last: string | undefined;
  for (;;) {
    const page = (await getJson<Record<string, T[]>>(where, { ...query, last_id: last }, signal))[name] ?? [];
    all.push(...page);
    if (page.length < pageSize) return all;
    last = page[page.length - 1]!.id;
  }
}

const listPage = 1000;

export function useWorkflows(): UseQueryResult<Workflow[]> {
  return useQuery({
    queryKey: ['workflows'],
    queryFn: ({ signal }) => allPages<Workflow>('workflows', 'workflows', { count: listPage }, listPage, signal),
    staleTime: 60_000,
  });
}

export function useProjects(): UseQueryResult<Project[]> {
  return useQuery({
    queryKey: ['projects'],
    queryFn: ({ signal }) => allPages<Project>('projects', 'projects', { count: listPage }, listPage, signal),
    staleTime: 60_000,
  });
}

export function useSchedules(): UseQueryResult<Schedule[]> {
  return useQuery({
    queryKey: ['schedules'],
    queryFn: ({ signal }) => allPages<Schedule>('schedules', 'schedules', {}, 100, signal),
    refetchInterval: () => pollInterval(false),
  });
}

export function useProject(id: string): UseQueryResult<Project> {
  return useQuery({ queryKey: ['project', id], queryFn: ({ signal }) => getJson<Project>(path`projects/${id}`, undefined, signal), staleTime: 30_000 });
}

export function useRevisions(projectId: string): UseQueryResult<Revision[]> {
  return useQuery({
    queryKey: ['project', projectId, 'revisions'],
    queryFn: async ({ signal }) => (await getJson<{ revisions: Revision[] }>(path`projects/${projectId}/revisions`, undefined, signal)).revisions,
  });
}

export function useProjectWorkflows(projectId: string, revision?: string): UseQueryResult<Workflow[]> {
  return useQuery({
    queryKey: ['project', projectId, 'workflows', revision ?? ''],
    queryFn: async ({ signal }) => (await getJson<{ workflows: Workflow[] }>(path`projects/${projectId}/workflows`, { revision }, signal)).workflows,
    staleTime: 30_000,
  });
}

export function useProjectWorkflow(projectId: string, name: string, enabled = true): UseQueryResult<Workflow> {
  return useQuery({
    queryKey: ['project', projectId, 'workflow', name],
    queryFn: ({ signal }) => getJson<Workflow>(path`projects/${projectId}/workflows/${name}`, undefined, signal),
    staleTime: 30_000,
    enabled,
  });
}

export function useWorkflow(id: string | null | undefined): UseQueryResult<Workflow> {
  return useQuery({
    queryKey: ['workflow', id ?? ''],
    queryFn: ({ signal }) => getJson<Workflow>(path`workflows/${id!}`, undefined, signal),
    enabled: !!id,
    ...forever,
  });
}

// Buckets seldom let pages of other sites read them, so files come through the server.
const throughServer = { direct_download: false };

/** The files of a revision. A revision never changes, so its archive is read once. */
export function useArchive(projectId: string, revision: string | undefined): UseQueryResult<Archive | null> {
  return useQuery({
    queryKey: ['archive', projectId, revision ?? ''],
    queryFn: async ({ signal }) => {
      try {
        const { readArchive } = await import('../domain/archive');
        return await readArchive(await getBytes(path`projects/${projectId}/archive`, { revision, ...throughServer }, signal));
      } catch (failure) {
        if (failure instanceof ApiError && failure.status === 404) return null;
        throw failure;
      }
    },
    enabled: revision !== undefined,
    gcTime: 10 * 60_000,
    structuralSharing: false,
    ...forever,
  });
}

/** Which workflow starts after which; nothing where the server knows no triggers. */
export function useTriggers(): Trigger[] {
  const known = useFeature('triggers');
  const triggers = useQuery({
    queryKey: ['triggers'],
    queryFn: async ({ signal }) => (await getJson<{ triggers: Trigger[] }>('triggers', undefined, signal)).triggers,
    enabled: known,
  });
  return triggers.data ?? [];
}

/** Pools in the server's order, each with its rules in the order they are tried; for admins. */
export function usePools(): UseQueryResult<(Pool & { rules: PoolRule[] })[]> {
  return useQuery({
    queryKey: ['pools'],
    queryFn: async ({ signal }) => {
      const [{ pools }, { poolRules }] = await Promise.all([
        getJson<{ pools: Pool[] }>('pools', undefined, signal),
        getJson<{ poolRules: PoolRule[] }>('pool_rules', undefined, signal),
      ]);
      return pools.map((p) => ({ ...p, rules: poolRules.filter((r) => r.poolId === p.id) }));
    },
    enabled: useFeature('pools'),
  });
}

export function useSecretKeys(projectId: string): UseQueryResult<string[]> {
  return useQuery({
    queryKey: ['project', projectId, 'secrets'],
    queryFn: async ({ signal }) => {
      const answer = await getJson<{ secrets: ({ key: string } | string)[] }>(path`projects/${projectId}/secrets`, undefined, signal);
      return answer.secrets.map((s) => (typeof s === 'string' ? s : s.key)).sort();
    },
  });
}

export type SessionStatus = 'queued' | 'running' | 'success' | 'error' | 'canceled';

export interface SessionFilter {
  status?: SessionStatus[] | undefined;
  workflow?: string | undefined;
  project?: string | undefined;
  /** ISO instants over session time. */
  from?: string | undefined;
  to?: string | undefined;
  /** Durations such as `1h 30m`; only for servers that filter by them. */
  atLeast?: string | undefined;
  atMost?: string | undefined;
}

export interface SessionPage {
  sessions: Session[];
  /** Where the next older page begins; undefined when there is none. */
  next: string | undefined;
  /** How many sessions were looked at; only set when the server cannot filter and the search was given up. */
  searched?: number;
}

export const sessionPageSize = 50;

function statusWord(session: Session): SessionStatus {
  const { tone } = attemptStatus(session.lastAttempt);
  if (session.lastAttempt?.status === 'queued') return 'queued';
  if (tone === 'success') return 'success';
  if (tone === 'failure') return 'error';
  return tone === 'canceled' ? 'canceled' : 'running';
}

function passes(session: Session, filter: SessionFilter): boolean {
  const time = Date.parse(session.sessionTime);
  return (
    (!filter.status?.length || filter.status.includes(statusWord(session))) &&
    (!filter.workflow || session.workflow.name === filter.workflow) &&
    (!filter.project || session.project.name === filter.project) &&
    (!filter.from || time >= Date.parse(filter.from)) &&
    (!filter.to || time < Date.parse(filter.to))
  );
}

const stockPage = 100;
const stockPagesSearched = 10;

export function isFiltered(filter: SessionFilter): boolean {
  return !!filter.status?.length || !!filter.workflow || !!filter.project || !!filter.from || !!filter.to || !!filter.atLeast || !!filter.atMost;
}

function filterQuery(filter: SessionFilter): Query {
  if (!isFiltered(filter)) return {};
  const { status, workflow, project, from, to, atLeast, atMost } = filter;
  return { status, workflow, project, from, to, min_duration: atLeast, max_duration: atMost };
}

async function loadSessions(filter: SessionFilter, before: string | undefined, serverFilters: boolean, signal: AbortSignal): Promise<SessionPage> {
  if (serverFilters || !isFiltered(filter)) {
    // One more than shown tells whether there is an older page.
    const { sessions } = await getJson<{ sessions: Session[] }>('sessions', { ...filterQuery(filter), page_size: sessionPageSize + 1, last_id: before }, signal);
    const shown = sessions.slice(0, sessionPageSize);
    return { sessions: shown, next: sessions.length > sessionPageSize ? shown[shown.length - 1]!.id : undefined };
  }
  // A stock server cannot filter: look through its pages, up to a limit.
  const found: Session[] = [];
  let last = before;
  for (let page = 1; page <= stockPagesSearched; page++) {
    const { sessions } = await getJson<{ sessions: Session[] }>('sessions', { page_size: stockPage, last_id: last }, signal);
    for (const session of sessions) {
      if (!passes(session, filter)) continue;
      if (found.length === sessionPageSize) return { sessions: found, next: found[found.length - 1]!.id };
      found.push(session);
    }
    if (sessions.length < stockPage) return { sessions: found, next: undefined };
    last = sessions[sessions.length - 1]!.id;
  }
  return { sessions: found, next: last, searched: stockPage * stockPagesSearched };
}

/** All sessions that match a filter, newest first, one page of the server after the other. */
export async function* matchingSessions(filter: SessionFilter, serverFilters: boolean, signal: AbortSignal): AsyncGenerator<Session[]> {
  let last: string | undefined;
  for (;;) {
    // The server chooses the size of its pages, so only an empty one is the end.
    const { sessions } = await getJson<{ sessions: Session[] }>('sessions', { ...(serverFilters ? filterQuery(filter) : {}), last_id: last }, signal);
    if (sessions.length === 0) return;
    yield serverFilters ? sessions : sessions.filter((s) => passes(s, filter));
    last = sessions[sessions.length - 1]!.id;
  }
}

export function useSessions(filter: SessionFilter, before?: string): UseQueryResult<SessionPage> {
  const serverFilters = useFeature('filters');
  return useQuery({
    queryKey: ['sessions', 'page', filter, before ?? '', serverFilters],
    queryFn: ({ signal }) => loadSessions(filter, before, serverFilters, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => pollInterval(query.state.data?.sessions.some((s) => !s.lastAttempt?.done) ?? false),
  });
}

/** Sessions of one workflow, newest first; a path that every server knows. */
export function useWorkflowSessions(projectId: string, name: string, count: number): UseQueryResult<Session[]> {
  return useQuery({
    queryKey: ['sessions', 'workflow', projectId, name, count],
    queryFn: async ({ signal }) =>
      (await getJson<{ sessions: Session[] }>(path`projects/${projectId}/sessions`, { workflow: name, page_size: count }, signal)).sessions,
    refetchInterval: (query) => pollInterval(query.state.data?.some((s) => !s.lastAttempt?.done) ?? false),
  });
}

/** The newest sessions of all workflows, for a glance at how each has fared. */
export function useRecentSessions(): UseQueryResult<Session[]> {
  return useQuery({
    queryKey: ['sessions', 'recent'],
    queryFn: async ({ signal }) => (await getJson<{ sessions: Session[] }>('sessions', { page_size: 100 }, signal)).sessions,
    refetchInterval: (query) => pollInterval(query.state.data?.some((s) => !s.lastAttempt?.done) ?? false),
  });
}

export function useSession(id: string | undefined): UseQueryResult<Session> {
  return useQuery({
    queryKey: ['session', id ?? ''],
    queryFn: ({ signal }) => getJson<Session>(path`sessions/${id!}`, undefined, signal),
    enabled: !!id,
    refetchInterval: (query) => pollInterval(query.state.data ? !query.state.data.lastAttempt?.done : false),
  });
}

export function useSessionAttempts(id: string | undefined): UseQueryResult<Attempt[]> {
  return useQuery({
    queryKey: ['session', id ?? '', 'attempts'],
    queryFn: async ({ signal }) =>
      (await getJson<{ attempts: Attempt[] }>(path`sessions/${id!}/attempts`, { include_retried: true }, signal)).attempts,
    enabled: !!id,
  });
}

export function useAttempt(id: string | undefined): UseQueryResult<Attempt> {
  return useQuery({
    queryKey: ['attempt', id ?? ''],
    queryFn: ({ signal }) => getJson<Attempt>(path`attempts/${id!}`, undefined, signal),
    enabled: !!id,
    refetchInterval: (query) => (query.state.data?.done ? false : pollInterval(true)),
  });
}

export function useTasks(attemptId: string | undefined): UseQueryResult<Task[]> {
  return useQuery({
    queryKey: ['tasks', attemptId ?? ''],
    queryFn: async ({ signal }) => (await getJson<{ tasks: Task[] }>(path`attempts/${attemptId!}/tasks`, undefined, signal)).tasks,
    enabled: !!attemptId,
    refetchInterval: (query) => (query.state.data?.every((t) => isTaskDone(t.state)) ? false : pollInterval(true)),
  });
}

/** What a task took in earlier runs of its workflow. */
export interface Typical {
  /** In milliseconds. */
  median: number;
  runs: number;
}

const noTypicals: ReadonlyMap<string, Typical> = new Map();
/** What was seen less often says nothing about what is usual. */
const fewestRuns = 3;

/** How long each task usually takes, by its full name; empty where the server does not tell. */
export function useTypicals(attemptId: string | undefined): ReadonlyMap<string, Typical> {
  const told = useFeature('task-durations');
  const { data } = useQuery({
    queryKey: ['typicals', attemptId ?? ''],
    queryFn: async ({ signal }) => {
      const { tasks } = await getJson<{ tasks: TaskTypical[] }>(path`attempts/${attemptId!}/task_durations`, undefined, signal);
      return new Map<string, Typical>(
        tasks.filter((t) => t.runs >= fewestRuns).map((t) => [t.fullName, { median: t.medianMilliseconds, runs: t.runs }]),
      );
    },
    enabled: told && !!attemptId,
    structuralSharing: false,
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
  });
  return data ?? noTypicals;
}

export function useLogFiles(attemptId: string | undefined, running: boolean): UseQueryResult<LogFile[]> {
  return useQuery({
    queryKey: ['logs', attemptId ?? ''],
    queryFn: async ({ signal }) => (await getJson<{ files: LogFile[] }>(path`logs/${attemptId!}/files`, throughServer, signal)).files,
    enabled: !!attemptId,
    // Files of a running task grow without an event on servers that do not tell.
    refetchInterval: running ? 1_500 : false,
  });
}

/** How the last sessions of a workflow went: told by the server, or worked out from its sessions. */
export function useHistory(
  projectId: string,
  workflow: { id: string | null; name: string },
  count: number,
  options: { enabled?: boolean; polls?: boolean } = {},
): UseQueryResult<HistoryEntry[]> {
  const told = useFeature('history');
  return useQuery({
    queryKey: ['history', projectId, workflow.name, count, told],
    queryFn: async ({ signal }) => {
      if (told && workflow.id !== null) {
        return (await getJson<{ sessions: HistoryEntry[] }>(path`workflows/${workflow.id}/history`, { count }, signal)).sessions;
      }
      const { sessions } = await getJson<{ sessions: Session[] }>(
        path`projects/${projectId}/sessions`,
        { workflow: workflow.name, page_size: count },
        signal,
      );
      return sessions.flatMap(historyOf);
    },
    enabled: options.enabled ?? true,
    staleTime: 30_000,
    refetchInterval: (query) => options.polls === false ? false : pollInterval(query.state.data?.some((h) => h.finishedAt === null) ?? false),
  });
}

export function historyOf(session: Session): HistoryEntry[] {
  const last = session.lastAttempt;
  if (!last) return [];
  return [
    {
      sessionId: session.id,
      attemptId: last.id,
      sessionTime: session.sessionTime,
      status: statusWord(session),
      startedAt: last.createdAt,
      finishedAt: last.finishedAt,
    },
  ];
}

/** Histories with what newer lists of sessions tell; newest first. */
export function mergeHistory(history: readonly HistoryEntry[], sessions: readonly Session[]): HistoryEntry[] {
  const all = new Map(history.map((h) => [h.sessionId, h]));
  for (const session of sessions) for (const entry of historyOf(session)) all.set(entry.sessionId, entry);
  return [...all.values()].sort((a, b) => Number(b.sessionId) - Number(a.sessionId));
}

export function useOverview(): UseQueryResult<Overview> {
  const told = useFeature('overview');
  return useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => getJson<Overview>('overview', undefined, signal),
    enabled: told,
    refetchInterval: () => pollInterval(true),
  });
}
