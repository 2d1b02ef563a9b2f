import type { ReactElement, ReactNode } from 'react';
import { Link } from 'wouter';
import type { ServerStatus } from '../api/types';
import { DataTable, type Column } from '../components/DataTable';
import { Section } from '../components/Page';
import { Time, useNow } from '../components/Time';
import { routes } from '../components/urlState';
import { formatDuration } from '../domain/duration';

type Held = ServerStatus['leases']['oldest'][number];
type Queued = ServerStatus['queue']['oldest'][number];

/** Which node runs what, and until when it may without saying that it is still there. */
export function Leases({ leases }: { leases: ServerStatus['leases'] }): ReactElement {
  const columns: Column<Held>[] = [
    ...subject<Held>(),
    { key: 'node', head: 'Node', cell: (h) => <span className="mono">{h.node}</span>, className: 'clip' },
    { key: 'token', head: 'Token', cell: (h) => h.token.toLocaleString('en'), card: { label: 'token' } },
    { key: 'expires', head: 'Lease ends', cell: (h) => <Expiry at={h.expiresAt} />, card: { label: 'lease ends' } },
    { key: 'tasks', head: 'Running tasks', cell: (h) => h.tasks.toLocaleString('en'), card: { label: 'tasks' } },
    { key: 'since', head: 'Created', cell: (h) => <Time value={h.createdAt} show="relative" /> },
  ];
  return (
    <Section title="Leases" aside={<Total list={leases} />}>
      {leases.oldest.length === 0 ? <p className="muted">No attempt runs.</p> : <DataTable caption="Leases, the oldest attempts first" columns={columns} rows={leases.oldest} rowKey={(h) => h.id} />}
    </Section>
  );
}

/** What no node runs yet, and why. */
export function Queue({ queue }: { queue: ServerStatus['queue'] }): ReactElement {
  const columns: Column<Queued>[] = [
    ...subject<Queued>(),
    {
      key: 'waits',
      head: 'Waits for',
      cell: (q) =>
        q.waitsForSessionId === null ? (
          q.waitsForPool === null ? 'a free node' : `room in the pool ${q.waitsForPool}`
        ) : (
          <span className="text-links">
            the end of session <Link href={routes.session(q.waitsForSessionId)}>{q.waitsForSessionId}</Link>
            {q.waitsForAttemptId !== null && (
              <>
                {' '}
                (attempt <Link href={routes.attempt(q.waitsForAttemptId)}>{q.waitsForAttemptId}</Link>)
              </>
            )}
          </span>
        ),
      card: { label: 'waits for' },
    },
    { key: 'since', head: 'Created', cell: (q) => <Time value={q.createdAt} show="relative" /> },
  ];
  return (
    <Section title="Waiting" aside={<Total list={queue} />}>
      {queue.oldest.length === 0 ? <p className="muted">Nothing waits.</p> : <DataTable caption="What waits, the oldest attempts first" columns={columns} rows={queue.oldest} rowKey={(q) => q.id} />}
    </Section>
  );
}

function subject<T extends { id: string; projectId: string; project: string; workflow: string }>(): Column<T>[] {
  return [
    {
      key: 'attempt',
      head: 'Attempt',
      cell: (a) => (
        <Link data-rowlink="" className="name" href={routes.attempt(a.id)}>
          {a.id}
        </Link>
      ),
      card: 'main',
    },
    { key: 'workflow', head: 'Workflow', cell: (a) => <Link href={routes.workflow(a.projectId, a.workflow)}>{a.workflow}</Link>, className: 'clip' },
    { key: 'project', head: 'Project', cell: (a) => <Link href={routes.project(a.projectId)}>{a.project}</Link>, className: 'clip' },
  ];
}

function Total({ list }: { list: { total: number; oldest: readonly unknown[] } }): ReactNode {
  if (list.total === 0) return null;
  const total = list.total.toLocaleString('en');
  return <span className="muted">{list.oldest.length < list.total ? `the oldest ${list.oldest.length} of ${total}` : total}</span>;
}

/** How long a lease holds unless it is renewed, which happens all the time. */
function Expiry({ at }: { at: string }): ReactElement {
  const left = Date.parse(at) - useNow(1_000);
  return left > 0 ? <>in {formatDuration(left)}</> : <span data-tone="failure" className="status">ran out {formatDuration(-left)} ago</span>;
}
