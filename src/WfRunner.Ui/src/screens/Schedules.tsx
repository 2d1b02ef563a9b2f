import { useQueries } from '@tanstack/react-query';
import { useMemo, useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { BackfillDialog } from '../actions/BackfillDialog';
import { SkipDialog } from '../actions/SkipDialog';
import { useScheduleSwitch } from '../actions/useScheduleSwitch';
import { getJson, path } from '../api/client';
import { useSchedules } from '../api/queries';
import type { Schedule } from '../api/types';
import { DataTable, type Column } from '../components/DataTable';
import { Icon } from '../components/Icon';
import { PageHead, Section } from '../components/Page';
import { Segmented } from '../components/SettingsDialog';
import { Empty, Loaded } from '../components/states';
import { Time, useNow, useZone } from '../components/Time';
import { routes, useUrlState } from '../components/urlState';
import { matches } from '../domain/match';
import { formatFull, fromLocal, toLocal } from '../domain/time';
import { ScheduleSwitch } from './Workflows';

type Span = 'day' | 'week';

const hour = 3_600_000;
const lateAfter = 60_000;

/** All schedules: when they run next, on a line of time and in a table. */
export default function Schedules(): ReactElement {
  const [params, set] = useUrlState();
  const search = params.get('q') ?? '';
  const show = params.get('show') ?? '';
  const span: Span = params.get('span') === 'week' ? 'week' : 'day';
  const schedules = useSchedules();
  const action = useScheduleSwitch();
  const now = useNow(60_000);
  const [dialog, setDialog] = useState<{ kind: 'skip' | 'backfill'; schedule: Schedule }>();
  const rows = useMemo(
    () =>
      (schedules.data ?? [])
        .filter(
          (s) =>
            matches(search, s.workflow.name, s.project.name) &&
            (show === '' || (show === 'paused' ? s.disabledAt !== null : show === 'late' ? s.disabledAt === null && Date.parse(s.nextRunTime) < now - lateAfter : s.disabledAt === null)),
        )
        .sort((a, b) => Number(a.disabledAt !== null) - Number(b.disabledAt !== null) || Date.parse(a.nextRunTime) - Date.parse(b.nextRunTime)),
    [schedules.data, search, show, now],
  );
  const columns: Column<Schedule>[] = [
    {
      key: 'workflow',
      head: 'Workflow',
      cell: (s) => (
        <Link className="name" data-rowlink="" href={routes.workflow(s.project.id, s.workflow.name)}>
          {s.workflow.name}
        </Link>
      ),
      card: 'main',
      className: 'clip',
    },
    { key: 'project', head: 'Project', cell: (s) => <Link href={routes.project(s.project.id)}>{s.project.name}</Link>, className: 'clip' },
    {
      key: 'next',
      head: 'Next run',
      cell: (s) => (s.disabledAt === null ? <Time value={s.nextRunTime} show="both" /> : <span className="muted">paused <Time value={s.disabledAt} show="relative" /></span>),
      card: { label: 'next' },
    },
    { key: 'session', head: 'Its session time', cell: (s) => <Time value={s.nextScheduleTime} />, card: 'none' },
    { key: 'switch', head: 'Schedule', cell: (s) => <ScheduleSwitch schedule={s} action={action} /> },
    {
      key: 'actions',
      head: <span className="visually-hidden">Actions</span>,
      cell: (s) => (
        <span className="row-actions">
          <button type="button" className="button small" aria-label={`Skip runs of ${s.workflow.name}`} onClick={() => setDialog({ kind: 'skip', schedule: s })}>
            <Icon name="skip" /> Skip
          </button>
          <button type="button" className="button small" aria-label={`Backfill ${s.workflow.name}`} onClick={() => setDialog({ kind: 'backfill', schedule: s })}>
            <Icon name="backfill" /> Backfill
          </button>
        </span>
      ),
      className: 'number',
    },
  ];
  return (
    <>
      <PageHead title="Schedules" />
      <div className="filters" role="search" aria-label="Filter schedules">
        <input className="input" type="search" aria-label="Search schedules" placeholder="Workflow or project" value={search} onChange={(e) => set({ q: e.target.value })} />
        <div className="chips" role="group" aria-label="State">
          {(
            [
              ['active', 'Active'],
              ['paused', 'Paused'],
              ['late', 'Late'],
            ] as const
          ).map(([key, text]) => (
            <button key={key} type="button" className="chip" aria-pressed={show === key} onClick={() => set({ show: show === key ? null : key })}>
              {text}
            </button>
          ))}
        </div>
        <span className="muted" role="status">
          {schedules.data && (rows.length === schedules.data.length ? `${rows.length}` : `${rows.length} of ${schedules.data.length}`)}
        </span>
      </div>
      <Loaded query={schedules} rows={8}>
        {(all) =>
          all.length === 0 ? (
            <Empty title="No workflow has a schedule.">
              <p>
                A workflow with a <code>schedule:</code> block appears here once it is pushed.
              </p>
            </Empty>
          ) : rows.length === 0 ? (
            <Empty title="No schedule matches." />
          ) : (
            <>
              <Section
                title="Coming runs"
                aside={<Segmented name="span" value={span} onChange={(s) => set({ span: s === 'week' ? 'week' : null })} options={[['day', '24 hours'], ['week', '7 days']]} />}
              >
                <Calendar schedules={rows.filter((s) => s.disabledAt === null).slice(0, shownInCalendar)} span={span} now={now} />
              </Section>
              <DataTable caption="Schedules" columns={columns} rows={rows} rowKey={(s) => s.id} />
            </>
          )
        }
      </Loaded>
      {dialog?.kind === 'skip' && <SkipDialog schedule={dialog.schedule} onClose={() => setDialog(undefined)} />}
      {dialog?.kind === 'backfill' && <BackfillDialog schedule={dialog.schedule} onClose={() => setDialog(undefined)} />}
    </>
  );
}

const shownInCalendar = 30;
/** Runs of a schedule that are asked for one by one; what is denser is drawn as a band. */
const asked = 12;
/** More marks than this cannot be told apart. */
const mostMarks = 60;

/** The coming times of a schedule, from the server, one question each: the only way every server knows. */
async function comingTimes(schedule: Schedule, until: number, signal: AbortSignal): Promise<number[]> {
  const times = [Date.parse(schedule.nextScheduleTime)];
  while (times.length < asked && times[times.length - 1]! < until) {
    const after = new Date(times[times.length - 1]!).toISOString().slice(0, 19) + 'Z';
    const next = await getJson<{ sessionTime: string }>(path`workflows/${schedule.workflow.id}/truncated_session_time`, { session_time: after, mode: 'next_schedule' }, signal);
    const instant = Date.parse(next.sessionTime);
    if (!(instant > times[times.length - 1]!)) break;
    times.push(instant);
  }
  return times;
}

function Calendar({ schedules, span, now }: { schedules: readonly Schedule[]; span: Span; now: number }): ReactElement {
  const zone = useZone();
  const length = span === 'day' ? 24 * hour : 7 * 24 * hour;
  const start = Math.floor(now / hour) * hour;
  const end = start + length;
  const times = useQueries({
    queries: schedules.map((s) => ({
      queryKey: ['coming', s.id, s.nextScheduleTime, span],
      queryFn: ({ signal }: { signal: AbortSignal }) => comingTimes(s, end, signal),
      staleTime: Infinity,
    })),
  });
  const ticks = useMemo(() => ticksOf(start, end, span, zone), [start, end, span, zone]);
  const at = (instant: number): string => `${((instant - start) / length) * 100}%`;
  if (schedules.length === 0) return <p className="muted">All schedules shown are paused.</p>;
  return (
    <div className="calendar" role="table" aria-label={`Runs of the coming ${span === 'day' ? '24 hours' : '7 days'}`}>
      <div className="calendar-axis" aria-hidden="true">
        <span />
        <div className="calendar-line">
          {ticks.map((t) => (
            <span key={t.at} className="calendar-tick" style={{ left: at(t.at) }}>
              {t.text}
            </span>
          ))}
        </div>
      </div>
      {schedules.map((s, i) => {
        // A run may be delayed against its session time; the delay is the same each time.
        const delay = Date.parse(s.nextRunTime) - Date.parse(s.nextScheduleTime);
        const found = goOn(times[i]?.data ?? [Date.parse(s.nextScheduleTime)], end).map((t) => t + delay);
        const inside = found.filter((t) => t >= start && t < end);
        const last = found[found.length - 1]!;
        const isDense = found.length >= asked && last < end && last - found[0]! < length / 2;
        return (
          <div key={s.id} className="calendar-row" role="row">
            <div role="rowheader" className="calendar-name">
              <Link href={routes.workflow(s.project.id, s.workflow.name)}>{s.workflow.name}</Link>
            </div>
            <div className="calendar-line" role="cell" aria-label={inside.map((t) => formatFull(t, zone)).join(', ') + (isDense ? ' and so on' : '')}>
              {ticks.map((t) => (
                <i key={t.at} className="calendar-grid" style={{ left: at(t.at) }} />
              ))}
              {isDense && <span className="calendar-band" style={{ left: at(Math.max(start, inside[0] ?? start)), right: 0 }} data-tip={`Runs again and again, about every ${Math.max(1, Math.round((last - found[0]!) / (found.length - 1) / 60_000))} minutes`} />}
              {(isDense ? inside.slice(0, 1) : inside).map((t) => (
                <span key={t} className="calendar-run" style={{ left: at(t) }} data-tip={`${s.workflow.name}\n${formatFull(t, zone)}`} />
              ))}
            </div>
          </div>
        );
      })}
    </div>
  );
}

/** A schedule of equal steps goes on as it began; one of unequal steps is known only as far as it was asked for. */
function goOn(times: readonly number[], until: number): number[] {
  const step = times[1]! - times[0]!;
  const isRegular = times.length >= asked && times.every((t, i) => i === 0 || t - times[i - 1]! === step);
  if (!isRegular || (until - times[0]!) / step > mostMarks) return [...times];
  const all = [...times];
  while (all[all.length - 1]! + step < until) all.push(all[all.length - 1]! + step);
  return all;
}

function ticksOf(start: number, end: number, span: Span, zone: string): { at: number; text: string }[] {
  const ticks: { at: number; text: string }[] = [];
  if (span === 'week') {
    for (let at = start; at < end + 24 * hour; at += 24 * hour) {
      const { date } = toLocal(at, zone);
      const midnight = fromLocal(`${date}T00:00`, zone);
      if (midnight >= start && midnight < end) ticks.push({ at: midnight, text: date.slice(5) });
    }
    return ticks;
  }
  for (let at = start; at < end; at += hour) {
    const { time, date } = toLocal(at, zone);
    if (Number(time.slice(0, 2)) % 3 === 0 && time.slice(3, 5) === '00') ticks.push({ at, text: time.startsWith('00') ? date.slice(5) : time.slice(0, 5) });
  }
  return ticks;
}
