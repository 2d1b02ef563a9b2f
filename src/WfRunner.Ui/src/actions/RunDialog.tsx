import { useId, useState, type ReactElement } from 'react';
import { Link, useLocation } from 'wouter';
import { ApiError, getJson, path, putJson } from '../api/client';
import { useRevisions } from '../api/queries';
import type { Attempt, JsonObject, StartRequest, Workflow } from '../api/types';
import { Cli } from '../components/Cli';
import { Dialog } from '../components/Dialog';
import { Problem } from '../components/states';
import { toast } from '../components/toasts';
import { routes } from '../components/urlState';
import { command } from '../domain/cli';
import { formatFull, formatIso, fromLocal, toLocal } from '../domain/time';
import { parametersOf, ParametersField, parameterWords } from './ParametersField';
import { useAction } from './useAction';
import { uniqueName } from '../domain/uuid';

type When = 'now' | 'hour' | 'day' | 'schedule' | 'chosen';

interface RunDialogProps {
  workflow: Workflow;
  /** Parameters of the run before. */
  lastParams?: JsonObject | undefined;
  onClose: () => void;
}

/** Starts a session of a workflow. */
export function RunDialog({ workflow, lastParams, onClose }: RunDialogProps): ReactElement {
  const [, navigate] = useLocation();
  const id = useId();
  const zone = workflow.timezone;
  const isScheduled = workflow.config['schedule'] !== undefined;
  const revisions = useRevisions(workflow.project.id);
  const [revision, setRevision] = useState(workflow.revision);
  const [when, setWhen] = useState<When>('now');
  const [chosen, setChosen] = useState(() => {
    const local = toLocal(Date.now(), zone);
    return `${local.date}T${local.time.slice(0, 5)}`;
  });
  const [parameters, setParameters] = useState('');
  const [parametersFailure, setParametersFailure] = useState<string>();
  const [name, setName] = useState('');
  const [existing, setExisting] = useState<Attempt>();
  const action = useAction<Attempt | 'exists'>(['sessions'], ['overview'], ['history']);
  const usable = withoutTimes(lastParams);

  const start = async (retryName: string): Promise<void> => {
    let params: JsonObject;
    try {
      params = await parametersOf(parameters);
      setParametersFailure(undefined);
    } catch (failure) {
      setParametersFailure(failure instanceof Error ? failure.message : String(failure));
      return;
    }
    const done = await action.run(async () => {
      const workflowId =
        revision === workflow.revision
          ? workflow.id
          : (await getJson<Workflow>(path`projects/${workflow.project.id}/workflows/${workflow.name}`, { revision })).id;
      const request: StartRequest = {
        workflowId,
        sessionTime: await sessionTimeOf(workflowId, when, chosen, zone),
        params,
        ...(retryName.trim() === '' ? {} : { retryAttemptName: retryName.trim() }),
      };
      try {
        return await putJson<Attempt>('attempts', request);
      } catch (failure) {
        // The conflict's body is the attempt that is there already.
        if (failure instanceof ApiError && failure.status === 409 && isAttempt(failure.body)) {
          setExisting(failure.body);
          return 'exists';
        }
        throw failure;
      }
    });
    if (done === undefined || done === 'exists') return;
    onClose();
    toast({ text: `Started ${workflow.name}.`, tone: 'running' });
    navigate(routes.session(done.sessionId));
  };

  const cli = command(
    'wf',
    'start',
    workflow.project.name,
    workflow.name,
    '--session',
    when === 'chosen' ? chosen.replace('T', ' ') + (chosen.length === 16 ? ':00' : '') : when === 'hour' ? 'hourly' : when === 'day' ? 'daily' : 'now',
    ...(revision === workflow.revision ? [] : ['--revision', revision]),
    ...(name.trim() === '' ? [] : ['--retry', name.trim()]),
    ...parameterWords(parameters),
  );

  return (
    <Dialog
      title={`Run ${workflow.name}`}
      onClose={onClose}
      onSubmit={() => void start(name)}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={action.busy}>
            {action.busy ? 'Starting…' : 'Run'}
          </button>
        </>
      }
    >
      {action.failure !== undefined && <Problem failure={action.failure} title="Not started." />}
      {existing && (
        <div className="problem warning" role="alert">
          <p>
            Session {formatFull(Date.parse(existing.sessionTime), zone)} exists already (attempt {existing.id}).
          </p>
          <Link className="button small" href={routes.session(existing.sessionId)} onClick={onClose}>
            Open it
          </Link>
          <button
            type="button"
            className="button small"
            onClick={() => {
              const fresh = uniqueName();
              setName(fresh);
              setExisting(undefined);
              void start(fresh);
            }}
          >
            Run again under a new name
          </button>
        </div>
      )}
      <fieldset>
        <legend className="legend">
          Session time <span className="hint">in {zone}</span>
        </legend>
        <Choice name={id} value="now" current={when} onChange={setWhen} text="Now" hint={formatFull(Date.now(), zone)} />
        <Choice name={id} value="hour" current={when} onChange={setWhen} text="Start of this hour" />
        <Choice name={id} value="day" current={when} onChange={setWhen} text="Start of this day" />
        {isScheduled && <Choice name={id} value="schedule" current={when} onChange={setWhen} text="Next time of the schedule" />}
        <Choice name={id} value="chosen" current={when} onChange={setWhen} text="Another" />
        {when === 'chosen' && (
          <input type="datetime-local" step="1" className="input" aria-label={`Session time in ${zone}`} value={chosen} onChange={(e) => setChosen(e.target.value)} />
        )}
      </fieldset>
      <ParametersField
        value={parameters}
        onChange={setParameters}
        failure={parametersFailure}
        hint={
          Object.keys(usable).length > 0 && (
            <button type="button" className="link-button" onClick={() => void import('../domain/yaml').then((y) => setParameters(y.writeYaml(usable) + '\n'))}>
              Take those of the last run
            </button>
          )
        }
      />
      <details>
        <summary>More</summary>
        <div className="more-fields">
          <div className="field">
            <label htmlFor={`${id}-revision`}>Revision</label>
            <select id={`${id}-revision`} className="select" value={revision} onChange={(e) => setRevision(e.target.value)}>
              {!revisions.data?.some((r) => r.revision === workflow.revision) && <option>{workflow.revision}</option>}
              {revisions.data?.map((r, i) => (
                <option key={r.revision} value={r.revision}>
                  {r.revision}
                  {i === 0 ? ' (newest)' : ''}
                </option>
              ))}
            </select>
          </div>
          <div className="field">
            <label htmlFor={`${id}-name`}>Name of the attempt</label>
            <input id={`${id}-name`} className="input" value={name} onChange={(e) => setName(e.target.value)} autoComplete="off" />
            <p className="hint">Needed only to run a session again that has run already.</p>
          </div>
        </div>
      </details>
      <Cli command={cli} />
    </Dialog>
  );
}

function Choice<T extends string>({ name, value, current, text, hint, onChange }: { name: string; value: T; current: T; text: string; hint?: string; onChange: (value: T) => void }): ReactElement {
  return (
    <label className="choice">
      <input type="radio" name={name} checked={value === current} onChange={() => onChange(value)} />
      <span>
        {text} {hint !== undefined && <span className="hint">{hint}</span>}
      </span>
    </label>
  );
}

async function sessionTimeOf(workflowId: string, when: When, chosen: string, zone: string): Promise<string> {
  if (when === 'now') return formatIso(Date.now(), zone);
  if (when === 'chosen') {
    const instant = fromLocal(chosen, zone);
    if (Number.isNaN(instant)) throw new Error('The session time is no date with a time.');
    return formatIso(instant, zone);
  }
  const answer = await getJson<{ sessionTime: string }>(path`workflows/${workflowId}/truncated_session_time`, {
    session_time: new Date().toISOString().slice(0, 19) + 'Z',
    mode: when,
  });
  return answer.sessionTime;
}

function isAttempt(body: unknown): body is Attempt {
  return typeof body === 'object' && body !== null && 'sessionId' in body && 'id' in body;
}

/** The server adds times of the schedule to each run; they belong to that run only. */
export function withoutTimes(params: JsonObject | undefined): JsonObject {
  const own = ['last_session_time', 'next_session_time', 'last_executed_session_time'];
  return Object.fromEntries(Object.entries(params ?? {}).filter(([name]) => !own.includes(name)));
}
