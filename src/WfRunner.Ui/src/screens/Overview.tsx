import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { pageTitle } from '../api/config';
import { useOverview, useRecentSessions, useSchedules, useSessions } from '../api/queries';
import type { Schedule } from '../api/types';
import { DataTable, type Column } from '../components/DataTable';
import { Icon, StatusShape } from '../components/Icon';
import { PageHead, Section } from '../components/Page';
import { SessionTable } from '../components/SessionTable';
import { Empty, Loaded, Skeleton } from '../components/states';
import { Time, useNow } from '../components/Time';
import { routes } from '../components/urlState';
import { attemptStatus, type Tone } from '../domain/status';

const day = 24 * 60 * 60 * 1000;
/** A schedule is late when its run is overdue by more than this. */
const lateAfter = 60_000;

/** What goes on: what runs, what failed, what comes next. */
export function Overview(): ReactElement {
  const overview = useOverview();
  const recent = useRecentSessions();
  const schedules = useSchedules();
  const now = useNow(60_000);
  const dayAgo = new Date(Math.floor((now - day) / 3_600_000) * 3_600_000).toISOString();
  const failures = useSessions({ status: ['error'] });
  const sessions = recent.data ?? [];
  const running = sessions.filter((s) => s.lastAttempt && !s.lastAttempt.done);
  const failedRecently = sessions.filter((s) => attemptStatus(s.lastAttempt).tone === 'failure' && Date.parse(s.lastAttempt!.finishedAt ?? s.lastAttempt!.createdAt) > now - day);
  const active = (schedules.data ?? []).filter((s) => s.disabledAt === null);
  const late = active.filter((s) => Date.parse(s.nextRunTime) < now - lateAfter);
  const next = [...active].sort((a, b) => Date.parse(a.nextRunTime) - Date.parse(b.nextRunTime)).slice(0, 12);
  const data = overview.data;
  const more = sessions.length >= 100 ? '+' : '';
  return (
    <>
      <PageHead title={pageTitle} heading="Overview" />
      <div className="figures">
        <Figure to="/sessions?status=running" number={data?.running ?? count(recent.isSuccess, running.length)} text="running now" tone="running" />
        <Figure
          to={`/sessions?status=error&from=${encodeURIComponent(dayAgo)}`}
          number={data?.failed24h ?? count(recent.isSuccess, failedRecently.length, more)}
          text="failed in 24 hours"
          tone={(data?.failed24h ?? failedRecently.length) > 0 ? 'failure' : 'success'}
        />
        {data && <Figure to="/sessions?status=queued&status=running" number={data.queued} text={data.queued === 1 ? 'session waiting' : 'sessions waiting'} tone="waiting" />}
        <Figure to="/schedules?show=late" number={data?.lateSchedules ?? count(schedules.isSuccess, late.length)} text="late schedules" tone={(data?.lateSchedules ?? late.length) > 0 ? 'canceled' : 'success'} />
        <Figure to="/schedules" number={count(schedules.isSuccess, active.length)} text="active schedules" tone="planned" />
        {data && <Figure to="/admin" number={data.nodes.length} text={data.nodes.length === 1 ? 'server' : 'servers'} tone="planned" />}
      </div>
      <div className="columns">
        <Section title="Running now" aside={<Link href="/sessions?status=running">All running</Link>}>
          <Loaded query={recent} rows={3}>
            {() => (running.length === 0 ? <Empty title="Nothing runs." /> : <SessionTable caption="Running sessions" sessions={running.slice(0, 10)} compact />)}
          </Loaded>
        </Section>
        <Section title="Next runs" aside={<Link href="/schedules">All schedules</Link>}>
          <Loaded query={schedules} rows={5}>
            {() => (next.length === 0 ? <Empty title="No schedule is active." /> : <DataTable caption="Next runs" columns={nextRunColumns} rowKey={(s) => s.id} rows={next} />)}
          </Loaded>
        </Section>
      </div>
      <Section title="Last failures" aside={<Link href="/sessions?status=error">All failures</Link>}>
        <Loaded query={failures} rows={4}>
          {(page) => (page.sessions.length === 0 ? <Empty title="No session has failed." /> : <SessionTable caption="Failed sessions" sessions={page.sessions.slice(0, 10)} />)}
        </Loaded>
      </Section>
      {recent.isSuccess && sessions.length === 0 && <FirstSteps />}
      {recent.isLoading && <Skeleton rows={2} />}
    </>
  );
}

function count(known: boolean, number: number, more = ''): string {
  return known ? `${number}${number > 0 ? more : ''}` : '–';
}

function Figure({ to, number, text, tone }: { to: string; number: number | string; text: string; tone: Tone }): ReactElement {
  return (
    <Link className="figure" href={to} data-tone={tone}>
      <span className="figure-number">
        <StatusShape tone={tone} /> {typeof number === 'number' ? number.toLocaleString('en') : number}
      </span>
      <span className="figure-text">{text}</span>
    </Link>
  );
}

const nextRunColumns: Column<Schedule>[] = [
  {
    key: 'workflow',
    head: 'Workflow',
    cell: (s) => (
      <Link className="name" data-rowlink="" href={routes.workflow(s.project.id, s.workflow.name)}>
        {s.workflow.name}
      </Link>
    ),
    className: 'clip',
    card: 'main',
  },
  { key: 'project', head: 'Project', cell: (s) => <Link href={routes.project(s.project.id)}>{s.project.name}</Link>, className: 'clip' },
  { key: 'runs', head: 'Runs', cell: (s) => <Time value={s.nextRunTime} show="relative" /> },
];

function FirstSteps(): ReactElement {
  return (
    <Empty title="No workflow has run yet.">
      <p>
        Push a project with <code>wf push NAME</code>, or <Link href="/projects/new">write one here</Link>, then run one of its <Link href="/workflows">workflows</Link>.
      </p>
      <Icon name="play" />
    </Empty>
  );
}
