import type { ReactElement } from 'react';
import { Link } from 'wouter';
import type { Attempt } from '../../api/types';
import { DataTable, type Column } from '../../components/DataTable';
import { StatusBadge } from '../../components/Status';
import { Duration, Time } from '../../components/Time';
import { routes } from '../../components/urlState';
import { attemptStatus } from '../../domain/status';

export function AttemptsTab({ attempts, shown }: { attempts: readonly Attempt[]; shown: string }): ReactElement {
  const columns: Column<Attempt>[] = [
    { key: 'status', head: 'Status', cell: (a) => <StatusBadge status={attemptStatus(a)} /> },
    {
      key: 'attempt',
      head: 'Attempt',
      cell: (a) => (
        <Link className="name" data-rowlink="" href={routes.attempt(a.id)} aria-current={a.id === shown ? 'true' : undefined}>
          {a.id}
          {a.id === shown && <span className="muted"> shown</span>}
        </Link>
      ),
      card: 'main',
    },
    { key: 'index', head: 'No.', cell: (a) => a.index ?? '', card: { label: 'no.' } },
    { key: 'name', head: 'Retry name', cell: (a) => <span className="mono">{a.retryAttemptName ?? ''}</span>, className: 'clip' },
    { key: 'created', head: 'Started', cell: (a) => <Time value={a.createdAt} show="both" /> },
    { key: 'finished', head: 'Finished', cell: (a) => <Time value={a.finishedAt} />, card: 'none' },
    { key: 'duration', head: 'Duration', cell: (a) => <Duration start={a.createdAt} end={a.finishedAt} running={!a.done} />, card: { label: 'took' } },
  ];
  return <DataTable caption="Attempts" columns={columns} rows={attempts} rowKey={(a) => a.id} />;
}
