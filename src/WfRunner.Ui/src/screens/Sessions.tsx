import { useState, type ReactElement } from 'react';
import type { BulkKind } from '../actions/bulk';
import { BulkDialog } from '../actions/BulkDialog';
import { useFeature } from '../api/features';
import { isFiltered, useProjects, useSessions, useWorkflows, type SessionStatus } from '../api/queries';
import { PageHead } from '../components/Page';
import { SessionTable } from '../components/SessionTable';
import { Empty, Loaded, Problem, Warning } from '../components/states';
import { StatusShape } from '../components/Icon';
import { useZone } from '../components/Time';
import { phone, useMedia } from '../components/useMedia';
import { useUrlState } from '../components/urlState';
import { parseDuration } from '../domain/duration';
import type { Tone } from '../domain/status';
import { fromLocal, toLocal } from '../domain/time';
import { mostMatching, useMatching } from './useMatching';

const statuses: { key: SessionStatus; text: string; tone: Tone; feature?: string }[] = [
  { key: 'queued', text: 'Queued', tone: 'waiting', feature: 'queueing' },
  { key: 'running', text: 'Running', tone: 'running' },
  { key: 'error', text: 'Failure', tone: 'failure' },
  { key: 'canceled', text: 'Canceled', tone: 'canceled' },
  { key: 'success', text: 'Success', tone: 'success' },
];

/** All sessions, filtered by the server; the address holds the filter and the place in the list. */
export default function Sessions(): ReactElement {
  const [params, set] = useUrlState();
  const zone = useZone();
  const filtersDurations = useFeature('duration-filter');
  const queues = useFeature('queueing');
  const isPhone = useMedia(phone);
  const status = params.getAll('status').filter((s): s is SessionStatus => statuses.some((k) => k.key === s));
  const filter = {
    status,
    workflow: params.get('workflow') ?? undefined,
    project: params.get('project') ?? undefined,
    from: params.get('from') ?? undefined,
    to: params.get('to') ?? undefined,
    ...(filtersDurations ? { atLeast: durationOf(params, 'longer'), atMost: durationOf(params, 'shorter') } : {}),
  };
  // The way that led here: the last one is this page's beginning, the ones before lead back.
  const trail = (params.get('before') ?? '').split(',').filter(Boolean);
  const page = useSessions(filter, trail[trail.length - 1]);
  const projects = useProjects();
  const workflows = useWorkflows();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const matching = useMatching(filter);
  const [bulk, setBulk] = useState<BulkKind>();
  const clearSelection = (): void => {
    setSelected(new Set());
    matching.clear();
  };
  const change = (values: Parameters<typeof set>[0]): void => {
    clearSelection();
    set({ before: null, ...values });
  };
  const goTo = (before: readonly string[]): void => {
    clearSelection();
    set({ before: before.join(',') }, { push: true });
  };
  const narrowed = isFiltered(filter);
  const workflowNames = [...new Set((workflows.data ?? []).filter((w) => !filter.project || w.project.name === filter.project).map((w) => w.name))].sort();
  const shown = page.data?.sessions ?? [];
  const chosen = matching.found ?? shown.filter((s) => selected.has(s.id));
  const isPageSelected = shown.length > 0 && shown.every((s) => selected.has(s.id));
  const hasOtherPages = page.data?.next !== undefined || trail.length > 0;
  const localOf = (instant: string | undefined): string => {
    if (instant === undefined || Number.isNaN(Date.parse(instant))) return '';
    const local = toLocal(Date.parse(instant), zone);
    return `${local.date}T${local.time.slice(0, 5)}`;
  };
  const instantOf = (local: string): string | null => {
    const instant = local === '' ? NaN : fromLocal(local, zone);
    return Number.isNaN(instant) ? null : new Date(instant).toISOString().slice(0, 19) + 'Z';
  };
  return (
    <>
      <PageHead title="Sessions" />
      <div className="filters" role="search" aria-label="Filter sessions">
        <div className="chips" role="group" aria-label="Status">
          {statuses.filter((s) => s.feature === undefined || queues).map((s) => (
            <button
              key={s.key}
              type="button"
              className="chip status"
              data-tone={s.tone}
              aria-pressed={status.includes(s.key)}
              onClick={() => change({ status: status.includes(s.key) ? status.filter((k) => k !== s.key) : [...status, s.key] })}
            >
              <StatusShape tone={s.tone} />
              {s.text}
            </button>
          ))}
        </div>
        <select className="select" aria-label="Project" value={filter.project ?? ''} onChange={(e) => change({ project: e.target.value, workflow: null })}>
          <option value="">All projects</option>
          {filter.project !== undefined && !projects.data?.some((p) => p.name === filter.project) && <option>{filter.project}</option>}
          {projects.data?.map((p) => <option key={p.id}>{p.name}</option>)}
        </select>
        <select className="select" aria-label="Workflow" value={filter.workflow ?? ''} onChange={(e) => change({ workflow: e.target.value })}>
          <option value="">All workflows</option>
          {filter.workflow !== undefined && !workflowNames.includes(filter.workflow) && <option>{filter.workflow}</option>}
          {workflowNames.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        {/* On a phone they would push the sessions off the screen. */}
        <details className="more-filters" open={!isPhone || !!filter.from || !!filter.to || !!filter.atLeast || !!filter.atMost}>
          <summary>Time and duration</summary>
          <label className="inline-field">
            <span className="muted">Session from</span>
            <input className="input" type="datetime-local" value={localOf(filter.from)} onChange={(e) => change({ from: instantOf(e.target.value) })} />
          </label>
          <label className="inline-field">
            <span className="muted">to</span>
            <input className="input" type="datetime-local" value={localOf(filter.to)} onChange={(e) => change({ to: instantOf(e.target.value) })} />
          </label>
          {filtersDurations && (
            <>
              <DurationField label="Took at least" value={filter.atLeast} onChange={(longer) => change({ longer })} />
              <DurationField label="at most" value={filter.atMost} onChange={(shorter) => change({ shorter })} />
            </>
          )}
        </details>
        {narrowed && (
          <button type="button" className="button quiet" onClick={() => change({ status: null, project: null, workflow: null, from: null, to: null, longer: null, shorter: null })}>
            Clear
          </button>
        )}
      </div>
      {(chosen.length > 0 || matching.state === 'looking') && (
        <div className="bulk-bar" role="region" aria-label="Selected sessions">
          <strong role="status">
            {matching.state === 'looking' ? `Looking for all that match: ${matching.count.toLocaleString('en')} so far…` : `${chosen.length.toLocaleString('en')} selected`}
            {matching.state === 'found' && <span className="muted"> {matching.isComplete ? (narrowed ? 'all that match' : 'all there are') : 'the newest that match'}</span>}
          </strong>
          {matching.state === 'looking' ? (
            <button type="button" className="button small" onClick={matching.stop}>
              Stop
            </button>
          ) : (
            <>
              <button type="button" className="button small" onClick={() => setBulk('failed')}>
                Retry what failed
              </button>
              <button type="button" className="button small" onClick={() => setBulk('all')}>
                Run again
              </button>
              <button type="button" className="button small danger" onClick={() => setBulk('kill')}>
                Kill
              </button>
              {matching.state === 'none' && (hasOtherPages || !isPageSelected) && (
                <button type="button" className="button small" onClick={hasOtherPages ? matching.start : () => setSelected(new Set(shown.map((s) => s.id)))}>
                  {!hasOtherPages ? 'Select all' : narrowed ? 'Select all that match, on every page' : 'Select all, on every page'}
                </button>
              )}
            </>
          )}
          <button type="button" className="button small quiet" onClick={clearSelection}>
            Clear
          </button>
        </div>
      )}
      {matching.failure !== undefined && <Problem title="Not all were found." failure={matching.failure} retry={matching.start} />}
      {matching.state === 'found' && !matching.isComplete && chosen.length === mostMatching && (
        <Warning>More match than can be selected at once: these are the newest {mostMatching.toLocaleString('en')}. Repeat it for the rest, or narrow the filter.</Warning>
      )}
      <Loaded query={page} rows={12}>
        {(data) => (
          <div>
            {data.searched !== undefined && <Warning>This server cannot filter: only {data.searched} sessions were looked at. “Older” goes on from there.</Warning>}
            {data.sessions.length === 0 ? (
              <Empty title={narrowed ? 'No session matches.' : 'No session yet.'}>{narrowed && trail.length === 0 && <p>Clear the filter to see all.</p>}</Empty>
            ) : (
              <SessionTable
                caption="Sessions"
                sessions={data.sessions}
                selection={{
                  selected: matching.found ? new Set(data.sessions.map((s) => s.id)) : selected,
                  onChange: (next) => {
                    matching.clear();
                    setSelected(next);
                  },
                }}
              />
            )}
            <nav className="table-foot" aria-label="Pages">
              <button type="button" className="button" disabled={trail.length === 0} onClick={() => goTo([])}>
                Latest
              </button>
              <button type="button" className="button" disabled={trail.length === 0} onClick={() => goTo(trail.slice(0, -1))}>
                Newer
              </button>
              <button type="button" className="button" disabled={data.next === undefined} onClick={() => goTo([...trail, data.next!])}>
                Older
              </button>
              <span>
                {data.sessions.length} {data.sessions.length === 1 ? 'session' : 'sessions'}
                {trail.length > 0 && `, page ${trail.length + 1}`}
              </span>
            </nav>
          </div>
        )}
      </Loaded>
      {bulk && <BulkDialog kind={bulk} sessions={chosen} onClose={() => setBulk(undefined)} onWorked={clearSelection} />}
    </>
  );
}

/** A duration in the address; one that the server would refuse is left out. */
function durationOf(params: URLSearchParams, name: string): string | undefined {
  const text = params.get(name);
  return text !== null && parseDuration(text) !== undefined ? text : undefined;
}

/** A duration such as `1h 30m`; what is none yet is marked and changes nothing. */
function DurationField({ label, value, onChange }: { label: string; value: string | undefined; onChange: (text: string | null) => void }): ReactElement {
  const [text, setText] = useState(value ?? '');
  const [shown, setShown] = useState(value);
  // The address changes without this field as well: "Clear", back and forth.
  if (shown !== value) {
    setShown(value);
    if (value === undefined || parseDuration(text) !== parseDuration(value)) setText(value ?? '');
  }
  return (
    <label className="inline-field">
      <span className="muted">{label}</span>
      <input
        className="input duration"
        value={text}
        placeholder="1h 30m"
        autoComplete="off"
        spellCheck={false}
        aria-invalid={text.trim() !== '' && parseDuration(text) === undefined}
        onChange={(e) => {
          setText(e.target.value);
          if (e.target.value.trim() === '') onChange(null);
          else if (parseDuration(e.target.value) !== undefined) onChange(e.target.value.trim());
        }}
      />
    </label>
  );
}
