import type { ReactElement } from 'react';
import { jobUrl } from '../../api/config';
import { DataTable, type Column } from '../../components/DataTable';
import { StatusBadge } from '../../components/Status';
import { Duration, Time } from '../../components/Time';
import { useUrlState } from '../../components/urlState';
import { matches } from '../../domain/match';
import { taskStatus } from '../../domain/status';
import { errorMessage, jobIdOf, operatorOf, spanOf, type TaskNode, type TaskTree } from '../../domain/tasks';

/** All tasks as a table, depth first: the same facts as timeline and graph, for those who read rather than look. */
export function TasksTab({ tree, selected, onSelect }: { tree: TaskTree; selected: string | undefined; onSelect: (fullName: string) => void }): ReactElement {
  const [params, set] = useUrlState();
  const search = params.get('q') ?? '';
  const state = params.get('state') ?? '';
  const all = depthFirst(tree);
  const rows = all.filter((n) => matches(search, n.task.fullName) && (state === '' || n.task.state === state));
  const states = [...new Set(all.map((n) => n.task.state))].sort();
  const columns: Column<TaskNode>[] = [
    { key: 'state', head: 'State', cell: (n) => <StatusBadge status={taskStatus(n.task)} /> },
    {
      key: 'name',
      head: 'Task',
      cell: (n) => (
        <a
          className="name mono"
          data-rowlink=""
          href={`?task=${encodeURIComponent(n.task.fullName)}`}
          aria-current={n.task.fullName === selected ? 'true' : undefined}
          onClick={(e) => {
            e.preventDefault();
            onSelect(n.task.fullName);
          }}
        >
          {n.task.fullName}
          {n.attempt > 1 && <span className="muted"> try {n.attempt}</span>}
        </a>
      ),
      card: 'main',
    },
    { key: 'operator', head: 'Operator', cell: (n) => <span className="mono">{operatorOf(n.task.config) ?? (n.task.isGroup ? 'group' : '')}</span> },
    { key: 'job', head: 'Job', cell: (n) => <Job node={n} />, card: 'none' },
    { key: 'started', head: 'Started', cell: (n) => <Time value={n.task.startedAt} />, card: 'none' },
    {
      key: 'duration',
      head: 'Duration',
      cell: (n) => {
        const span = spanOf(n);
        return span && <Duration start={new Date(span.start).toISOString()} end={span.end === undefined ? null : new Date(span.end).toISOString()} running />;
      },
      card: { label: 'took' },
    },
    { key: 'retry', head: 'Retries at', cell: (n) => <Time value={n.task.retryAt} show="relative" />, card: 'none' },
    { key: 'error', head: 'Error', cell: (n) => <span className="task-error">{errorMessage(n.task) ?? ''}</span>, className: 'clip' },
    { key: 'id', head: 'ID', cell: (n) => <span className="muted">{n.task.id}</span>, card: 'none' },
  ];
  return (
    <>
      <div className="filters" role="search" aria-label="Filter tasks">
        <input className="input" type="search" aria-label="Search tasks" placeholder="Task name" value={search} onChange={(e) => set({ q: e.target.value })} />
        <select className="select" aria-label="State" value={state} onChange={(e) => set({ state: e.target.value })}>
          <option value="">All states</option>
          {states.map((s) => (
            <option key={s} value={s}>
              {taskStatus({ state: s, cancelRequested: false }).text}
            </option>
          ))}
        </select>
        <span className="muted" role="status">
          {rows.length === all.length ? `${all.length} tasks` : `${rows.length} of ${all.length} tasks`}
        </span>
      </div>
      <DataTable caption="Tasks" columns={columns} rows={rows} rowKey={(n) => n.task.id} />
    </>
  );
}

function Job({ node }: { node: TaskNode }): ReactElement | null {
  const id = jobIdOf(node.task);
  if (id === undefined) return null;
  const url = jobUrl(id);
  return url === undefined ? (
    <span>{id}</span>
  ) : (
    <a href={url} target="_blank" rel="noreferrer">
      {id}
    </a>
  );
}

function depthFirst(tree: TaskTree): TaskNode[] {
  const all: TaskNode[] = [];
  const add = (node: TaskNode): void => {
    all.push(node);
    node.children.forEach(add);
  };
  if (tree.root) add(tree.root);
  return all;
}
