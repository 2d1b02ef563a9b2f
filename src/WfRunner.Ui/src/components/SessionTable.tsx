import type { ReactElement } from 'react';
import { Link } from 'wouter';
import type { Session } from '../api/types';
import { attemptStatus } from '../domain/status';
import { DataTable, type Column } from './DataTable';
import { StatusBadge } from './Status';
import { Duration, Time } from './Time';
import { routes } from './urlState';

interface SessionTableProps {
  caption: string;
  sessions: readonly Session[];
  /** Left out where all rows are of one workflow. */
  showWorkflow?: boolean;
  /** Fewer columns, for half a page. */
  compact?: boolean;
  selection?: { selected: ReadonlySet<string>; onChange: (selected: ReadonlySet<string>) => void };
}

export function SessionTable({ caption, sessions, showWorkflow = true, compact = false, selection }: SessionTableProps): ReactElement {
  const lastAttempt: Column<Session> = { key: 'last', head: 'Last attempt', cell: (s) => <Time value={s.lastAttempt?.createdAt} show="relative" />, card: 'none' };
  const columns: Column<Session>[] = [
    {
      key: 'status',
      head: 'Status',
      cell: (s) => <StatusBadge status={attemptStatus(s.lastAttempt)} to={s.lastAttempt ? routes.attempt(s.lastAttempt.id) : undefined} />,
    },
    {
      key: 'session',
      head: 'Session',
      cell: (s) => (
        <>
          <Link className="name" data-rowlink="" href={routes.session(s.id)}>
            {showWorkflow ? s.workflow.name : `#${s.id}`}
          </Link>
          {compact && <span className="sub"> {s.project.name}</span>}
        </>
      ),
      card: 'main',
      className: 'clip',
    },
    ...(showWorkflow && !compact
      ? [
          { key: 'project', head: 'Project', cell: (s: Session) => <Link href={routes.project(s.project.id)}>{s.project.name}</Link>, className: 'clip' } satisfies Column<Session>,
          { key: 'id', head: 'ID', cell: (s: Session) => <span className="muted">{s.id}</span>, card: 'none' } satisfies Column<Session>,
        ]
      : []),
    { key: 'time', head: 'Session time', cell: (s) => <Time value={s.sessionTime} /> },
    ...(compact ? [] : [lastAttempt]),
    {
      key: 'duration',
      head: 'Duration',
      cell: (s) => <Duration start={s.lastAttempt?.createdAt} end={s.lastAttempt?.finishedAt} running={s.lastAttempt?.done === false} />,
      card: { label: 'took' },
    },
  ];
  return (
    <DataTable
      caption={caption}
      columns={columns}
      rows={sessions}
      rowKey={(s) => s.id}
      {...(selection ? { selection: { ...selection, label: (s: Session) => `Select session ${s.id} of ${s.workflow.name}` } } : {})}
    />
  );
}
