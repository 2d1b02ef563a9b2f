import { useId, useState, type ReactElement } from 'react';
import { path, postJson } from '../api/client';
import { useWorkflow } from '../api/queries';
import type { Schedule } from '../api/types';
import { Cli } from '../components/Cli';
import { Dialog } from '../components/Dialog';
import { Problem } from '../components/states';
import { toast } from '../components/toasts';
import { command } from '../domain/cli';
import { formatFull, formatIso, fromLocal, toLocal } from '../domain/time';
import { useAction } from './useAction';

/** Moves a schedule forward without running what it passes. */
export function SkipDialog({ schedule, onClose }: { schedule: Schedule; onClose: () => void }): ReactElement {
  const id = useId();
  const zone = useWorkflow(schedule.workflow.id).data?.timezone ?? /[+-]\d\d:\d\d$/.exec(schedule.nextScheduleTime)?.[0] ?? 'UTC';
  const [how, setHow] = useState<'count' | 'until'>('count');
  const [count, setCount] = useState('1');
  const [until, setUntil] = useState(() => {
    const local = toLocal(Date.parse(schedule.nextRunTime) + 86_400_000, zone);
    return `${local.date}T${local.time.slice(0, 5)}`;
  });
  const [preview, setPreview] = useState<Schedule>();
  const look = useAction<Schedule>();
  const skip = useAction<Schedule>(['schedules'], ['overview'], ['project']);
  const request = (dryRun: boolean): Promise<Schedule> => {
    if (how === 'count') {
      const number = Number(count);
      if (!Number.isInteger(number) || number < 1) throw new Error('The number of runs to skip is a whole number from 1.');
      return postJson<Schedule>(path`schedules/${schedule.id}/skip`, { fromTime: schedule.nextScheduleTime, count: number, dryRun });
    }
    const instant = fromLocal(until, zone);
    if (Number.isNaN(instant)) throw new Error('The time is no date with a time.');
    return postJson<Schedule>(path`schedules/${schedule.id}/skip`, { nextTime: formatIso(instant, zone), dryRun });
  };
  const changed = (): void => {
    setPreview(undefined);
    look.clear();
    skip.clear();
  };
  const choose = (next: typeof how): void => {
    setHow(next);
    changed();
  };
  const submit = async (): Promise<void> => {
    if (!preview) {
      const found = await look.run(async () => request(true));
      if (found) setPreview(found);
      return;
    }
    if (!(await skip.run(async () => request(false)))) return;
    toast({ text: `${schedule.workflow.name} runs next at ${formatFull(Date.parse(preview.nextRunTime), zone)}.`, tone: 'success' });
    onClose();
  };
  const failure = skip.failure ?? look.failure;
  return (
    <Dialog
      title={`Skip runs of ${schedule.workflow.name}`}
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={look.busy || skip.busy}>
            {preview ? 'Skip' : 'Preview'}
          </button>
        </>
      }
    >
      {failure !== undefined && <Problem failure={failure} />}
      <p>
        Next run: {formatFull(Date.parse(schedule.nextRunTime), zone)} <span className="muted">(session {formatFull(Date.parse(schedule.nextScheduleTime), zone)})</span>
      </p>
      <fieldset>
        <legend className="legend">Skip</legend>
        <label className="choice">
          <input type="radio" name={id} checked={how === 'count'} onChange={() => choose('count')} />
          <span>a number of runs</span>
        </label>
        {how === 'count' && <input className="input" type="number" min="1" aria-label="Runs to skip" value={count} onChange={(e) => {
              setCount(e.target.value);
              changed();
            }} />}
        <label className="choice">
          <input type="radio" name={id} checked={how === 'until'} onChange={() => choose('until')} />
          <span>all before a time</span>
        </label>
        {how === 'until' && (
          <input className="input" type="datetime-local" step="1" aria-label={`Skip all before, in ${zone}`} value={until} onChange={(e) => {
              setUntil(e.target.value);
              changed();
            }} />
        )}
      </fieldset>
      {preview && (
        <p role="status">
          Then it runs at <strong>{formatFull(Date.parse(preview.nextRunTime), zone)}</strong> <span className="muted">(session {formatFull(Date.parse(preview.nextScheduleTime), zone)})</span>.
        </p>
      )}
      <Cli
        command={how === 'count' ? command('wf', 'reschedule', schedule.id, '--skip', count) : command('wf', 'reschedule', schedule.id, '--skip-to', until.replace('T', ' ') + ':00')}
      />
    </Dialog>
  );
}
