import { useMemo, useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { RunDialog } from '../actions/RunDialog';
import { useScheduleSwitch } from '../actions/useScheduleSwitch';
import { mergeHistory, useHistory, useRecentSessions, useSchedules, useWorkflows } from '../api/queries';
import type { HistoryEntry, Schedule, Session, Workflow } from '../api/types';
import { DataTable, type Column } from '../components/DataTable';
import { Icon } from '../components/Icon';
import { PageHead } from '../components/Page';
import { Empty, Loaded } from '../components/states';
import { Squares, StatusBadge } from '../components/Status';
import { Switch } from '../components/Switch';
import { Duration, Time } from '../components/Time';
import { routes, useUrlState } from '../components/urlState';
import { useWasVisible } from '../components/useVisible';
import { between, formatDuration, formatShortDuration, quantile } from '../domain/duration';
import { matches } from '../domain/match';
import { statusOfWord } from '../domain/status';

const keyOf = (projectId: string, name: string): string => `${projectId}/${name}`;

/** All workflows with how they fared and when they run next. */
export default function Workflows(): ReactElement {
  const [params, set] = useUrlState();
  const search = params.get('q') ?? '';
  const project = params.get('project') ?? '';
  const show = params.get('show') ?? '';
  const workflows = useWorkflows();
  const schedules = useSchedules();
  const recent = useRecentSessions();
  const scheduleSwitch = useScheduleSwitch();
  const [running, setRunning] = useState<Workflow>();

  const scheduleOf = useMemo(() => new Map((schedules.data ?? []).map((s) => [keyOf(s.project.id, s.workflow.name), s])), [schedules.data]);
  const recentOf = useMemo(() => {
    const map = new Map<string, Session[]>();
    for (const s of recent.data ?? []) {
      const key = keyOf(s.project.id, s.workflow.name);
      map.set(key, [...(map.get(key) ?? []), s]);
    }
    return map;
  }, [recent.data]);
  const projects = useMemo(() => [...new Set((workflows.data ?? []).map((w) => w.project.name))].sort(), [workflows.data]);
  const rows = useMemo(
    () =>
      (workflows.data ?? [])
        .filter((w) => {
          const schedule = scheduleOf.get(keyOf(w.project.id, w.name));
          return (
            (project === '' || w.project.name === project) &&
            (show === '' || (show === 'scheduled' ? schedule !== undefined && schedule.disabledAt === null : show === 'paused' ? !!schedule?.disabledAt : true)) &&
            matches(search, w.name, w.project.name)
          );
        })
        .sort((a, b) => compare(a.project.name, b.project.name) || compare(a.name, b.name)),
    [workflows.data, scheduleOf, project, show, search],
  );

  const sessionsOf = (w: Workflow): readonly Session[] => recentOf.get(keyOf(w.project.id, w.name)) ?? none;
  const columns: Column<Workflow>[] = [
    {
      key: 'name',
      head: 'Workflow',
      cell: (w) => (
        <Link className="name" data-rowlink="" href={routes.workflow(w.project.id, w.name)}>
          {w.name}
        </Link>
      ),
      card: 'main',
      className: 'clip',
    },
    { key: 'project', head: 'Project', cell: (w) => <Link href={routes.project(w.project.id)}>{w.project.name}</Link>, className: 'clip' },
    { key: 'glance', head: 'Last ten', cell: (w) => <Glance workflow={w} recent={sessionsOf(w)} part="squares" /> },
    { key: 'last', head: 'Last run', cell: (w) => <Glance workflow={w} recent={sessionsOf(w)} part="last" /> },
    { key: 'duration', head: 'Duration', cell: (w) => <Glance workflow={w} recent={sessionsOf(w)} part="duration" />, card: 'none' },
    {
      key: 'next',
      head: 'Next run',
      cell: (w) => {
        const schedule = scheduleOf.get(keyOf(w.project.id, w.name));
        if (!schedule) return null;
        return schedule.disabledAt === null ? <Time value={schedule.nextRunTime} show="relative" zone={w.timezone} /> : <span className="muted">paused</span>;
      },
      card: { label: 'next' },
    },
    {
      key: 'switch',
      head: 'Schedule',
      cell: (w) => <ScheduleSwitch schedule={scheduleOf.get(keyOf(w.project.id, w.name))} action={scheduleSwitch} />,
      card: 'none',
    },
    {
      key: 'run',
      head: <span className="visually-hidden">Actions</span>,
      cell: (w) => (
        <button type="button" className="button small" aria-label={`Run ${w.name}`} onClick={() => setRunning(w)}>
          <Icon name="play" /> Run
        </button>
      ),
      className: 'number',
    },
  ];

  return (
    <>
      <PageHead
        title="Workflows"
        actions={
          <Link className="button" href="/projects/new">
            <Icon name="plus" /> New project
          </Link>
        }
      />
      <div className="filters" role="search" aria-label="Filter workflows">
        <input className="input" type="search" aria-label="Search workflows" placeholder="Name or project" value={search} onChange={(e) => set({ q: e.target.value })} />
        <select className="select" aria-label="Project" value={project} onChange={(e) => set({ project: e.target.value })}>
          <option value="">All projects</option>
          {projects.map((p) => (
            <option key={p}>{p}</option>
          ))}
        </select>
        <div className="chips" role="group" aria-label="Schedule">
          {(['scheduled', 'paused'] as const).map((key) => (
            <button key={key} type="button" className="chip" aria-pressed={show === key} onClick={() => set({ show: show === key ? null : key })}>
              {key === 'scheduled' ? 'Scheduled' : 'Paused'}
            </button>
          ))}
        </div>
        <span className="muted" role="status">
          {workflows.data && (rows.length === workflows.data.length ? `${rows.length}` : `${rows.length} of ${workflows.data.length}`)}
        </span>
      </div>
      <Loaded query={workflows} rows={10}>
        {(all) =>
          all.length === 0 ? (
            <Empty title="No workflow yet.">
              <p>
                Push a project with <code>wf push NAME</code>, or <Link href="/projects/new">write one here</Link>.
              </p>
            </Empty>
          ) : rows.length === 0 ? (
            <Empty title="No workflow matches." />
          ) : (
            <DataTable caption="Workflows" columns={columns} rows={rows} rowKey={(w) => w.id} />
          )
        }
      </Loaded>
      {running && <RunDialog workflow={running} lastParams={sessionsOf(running)[0]?.lastAttempt?.params} onClose={() => setRunning(undefined)} />}
    </>
  );
}

const none: readonly Session[] = [];
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function ScheduleSwitch({ schedule, action }: { schedule: Schedule | undefined; action: ReturnType<typeof useScheduleSwitch> }): ReactElement | null {
  if (!schedule) return null;
  const on = schedule.disabledAt === null;
  return (
    <Switch on={on} label={`Schedule of ${schedule.workflow.name}`} text={on ? 'On' : 'Off'} disabled={action.busy.has(schedule.id)} onChange={(next) => void action.set(schedule, next)} />
  );
}

/** What the last sessions tell; asked for when the row comes into view. */
function Glance({ workflow, recent, part }: { workflow: Workflow; recent: readonly Session[]; part: 'squares' | 'last' | 'duration' }): ReactElement {
  const [element, visible] = useWasVisible<HTMLSpanElement>();
  const told = useHistory(workflow.project.id, workflow, 10, { enabled: visible, polls: false });
  const history = useMemo(() => mergeHistory(told.data ?? [], recent), [told.data, recent]);
  return (
    <span ref={element} className="glance">
      {part === 'squares' ? <Squares history={history} count={10} /> : part === 'last' ? <LastRun entry={history[0]} asked={told.isSuccess} /> : <AgainstMedian history={history} />}
    </span>
  );
}

function LastRun({ entry, asked }: { entry: HistoryEntry | undefined; asked: boolean }): ReactElement | null {
  if (!entry) return asked ? <span className="muted">never</span> : null;
  return (
    <span className="last-run">
      <StatusBadge status={statusOfWord(entry.status)} to={routes.session(entry.sessionId)} /> <span className="muted"><Time value={entry.startedAt} show="relative" /></span>
    </span>
  );
}

/** The last duration beside the median of the successful ones. */
export function AgainstMedian({ history }: { history: readonly HistoryEntry[] }): ReactElement | null {
  const last = history[0];
  if (!last) return null;
  const median = quantile(history.filter((h) => h.status === 'success').flatMap((h) => between(h.startedAt, h.finishedAt) ?? []), 0.5);
  const span = between(last.startedAt, last.finishedAt ?? new Date().toISOString());
  if (median === undefined || span === undefined) return <Duration start={last.startedAt} end={last.finishedAt} running />;
  const share = Math.min(1, span / Math.max(median, 1000) / 2);
  return (
    <span className="against-median" data-tip={`Last ${formatDuration(span)}, median ${formatDuration(median)}`}>
      <span className="median-track" aria-hidden="true">
        <span className="median-fill" data-tone={span > median * 1.5 + 2000 ? 'canceled' : 'waiting'} style={{ width: `${share * 100}%` }} />
      </span>
      {formatShortDuration(span)}
    </span>
  );
}
