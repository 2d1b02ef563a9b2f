import { useId, useState, type ReactElement } from 'react';
import { getJson, path, postJson } from '../api/client';
import { useWorkflow } from '../api/queries';
import type { Attempt, Schedule } from '../api/types';
import { Cli } from '../components/Cli';
import { Dialog } from '../components/Dialog';
import { Problem } from '../components/states';
import { WorkflowZone } from '../components/Time';
import { toast } from '../components/toasts';
import { command } from '../domain/cli';
import { formatFull, formatIso, fromLocal, toLocal } from '../domain/time';
import { useAction } from './useAction';
import { uniqueName } from '../domain/uuid';

const day = 86_400_000;

/** Starts the sessions of a time span that a schedule did not run; what would start is shown first. */
export function BackfillDialog({ schedule, onClose }: { schedule: Schedule; onClose: () => void }): ReactElement {
  const id = useId();
  const workflow = useWorkflow(schedule.workflow.id);
  const zone = workflow.data?.timezone ?? /[+-]\d\d:\d\d$/.exec(schedule.nextScheduleTime)?.[0] ?? 'UTC';
  const [from, setFrom] = useState(() => `${toLocal(Date.now() - day, zone).date}T00:00`);
  const [count, setCount] = useState('');
  const [name] = useState(() => `backfill-${uniqueName()}`);
  const [preview, setPreview] = useState<Attempt[]>();
  const look = useAction<Attempt[]>();
  const start = useAction<Attempt[]>(['sessions'], ['schedules'], ['overview'], ['history']);

  const request = async (dryRun: boolean): Promise<Attempt[]> => {
    if (Number.isNaN(fromLocal(from, zone))) throw new Error('“From” is no date with a time.');
    // The server reads the local time in the workflow's zone, beside changes of the clocks too.
    const { sessionTime } = await getJson<{ sessionTime: string }>(path`workflows/${schedule.workflow.id}/truncated_session_time`, {
      session_time: from.length === 16 ? `${from}:00` : from,
    });
    const { attempts } = await postJson<{ attempts: Attempt[] }>(path`schedules/${schedule.id}/backfill`, {
      fromTime: formatIso(Date.parse(sessionTime), 'UTC').replace('+00:00', 'Z'),
      dryRun,
      attemptName: name,
      count: count.trim() === '' ? null : Number(count),
    });
    return attempts;
  };
  const changed = (): void => {
    setPreview(undefined);
    look.clear();
    start.clear();
  };
  const submit = async (): Promise<void> => {
    if (preview === undefined) {
      const found = await look.run(() => request(true));
      if (found) setPreview(found);
      return;
    }
    const made = await start.run(() => request(false));
    if (!made) return;
    toast({
      text: `Started ${made.length} ${made.length === 1 ? 'session' : 'sessions'} of ${schedule.workflow.name}.`,
      tone: 'running',
      link: { to: `/sessions?workflow=${encodeURIComponent(schedule.workflow.name)}&project=${encodeURIComponent(schedule.project.name)}`, text: 'Show' },
    });
    onClose();
  };
  const failure = start.failure ?? look.failure;
  return (
    <WorkflowZone value={zone}>
      <Dialog
        title={`Backfill ${schedule.workflow.name}`}
        onClose={onClose}
        onSubmit={() => void submit()}
        footer={
          <>
            <button type="button" className="button" onClick={onClose}>
              Cancel
            </button>
            <button type="submit" className="button primary" disabled={look.busy || start.busy || preview?.length === 0}>
              {preview === undefined ? (look.busy ? 'Looking…' : 'Preview') : start.busy ? 'Starting…' : `Start ${preview.length} ${preview.length === 1 ? 'session' : 'sessions'}`}
            </button>
          </>
        }
      >
        {failure !== undefined && <Problem failure={failure} />}
        <div className="field">
          <label htmlFor={`${id}-from`}>From</label>
          <input id={`${id}-from`} type="datetime-local" step="1" className="input" value={from} onChange={(e) => {
              setFrom(e.target.value);
              changed();
            }} />
          <p className="hint">
            In {zone}. The last session is the one before the schedule’s next, {formatFull(Date.parse(schedule.nextScheduleTime), zone)}.
          </p>
        </div>
        <div className="field">
          <label htmlFor={`${id}-count`}>At most</label>
          <input id={`${id}-count`} type="number" min="1" inputMode="numeric" className="input" placeholder="all up to the next run" value={count} onChange={(e) => {
              setCount(e.target.value);
              changed();
            }} />
        </div>
        {preview && (
          <section aria-label="Preview" aria-live="polite">
            <h3>{preview.length === 0 ? 'No session lies in that time.' : `${preview.length} would start, one after the other`}</h3>
            <ol className="preview-list">
              {preview.map((a) => (
                <li key={a.sessionTime}>{formatFull(Date.parse(a.sessionTime), zone)}</li>
              ))}
            </ol>
          </section>
        )}
        <Cli
          command={command('wf', 'backfill', schedule.id, '--from', from.replace('T', ' ') + (from.length === 16 ? ':00' : ''), ...(count.trim() === '' ? [] : ['--count', count]), '--name', name)}
        />
      </Dialog>
    </WorkflowZone>
  );
}
