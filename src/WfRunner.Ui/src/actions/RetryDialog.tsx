import { useEffect, useId, useState, type ReactElement } from 'react';
import { getJson, path, putJson } from '../api/client';
import { useTasks } from '../api/queries';
import type { Attempt, StartRequest, Workflow } from '../api/types';
import { Cli } from '../components/Cli';
import { Dialog } from '../components/Dialog';
import { Problem } from '../components/states';
import { toast } from '../components/toasts';
import { command } from '../domain/cli';
import { parametersOf, ParametersField, parameterWords } from './ParametersField';
import { withoutTimes } from './RunDialog';
import { useAction } from './useAction';
import { uniqueName } from '../domain/uuid';

type What = 'failed' | 'all' | 'from';

interface RetryDialogProps {
  attempt: Attempt;
  /** Where to begin again, when the dialog was opened at a task. */
  from?: string | undefined;
  onClose: () => void;
  onStarted: (attempt: Attempt) => void;
}

/** Runs a session again: what failed, everything, or from a task on. */
export function RetryDialog({ attempt, from, onClose, onStarted }: RetryDialogProps): ReactElement {
  const id = useId();
  const tasks = useTasks(attempt.id);
  const [what, setWhat] = useState<What>(from !== undefined ? 'from' : attempt.done && !attempt.success ? 'failed' : 'all');
  const [task, setTask] = useState(from ?? '');
  const [newest, setNewest] = useState(true);
  const [parameters, setParameters] = useState('');
  const [original, setOriginal] = useState('');
  const [parametersFailure, setParametersFailure] = useState<string>();
  const [name] = useState(() => uniqueName());
  const action = useAction<Attempt>(['sessions'], ['session', attempt.sessionId], ['overview'], ['history']);
  const names = (tasks.data ?? []).filter((t) => t.parentId !== null && !t.fullName.includes('^')).map((t) => t.fullName);

  useEffect(() => {
    const known = withoutTimes(attempt.params);
    if (Object.keys(known).length === 0) return;
    void import('../domain/yaml').then(({ writeYaml }) => {
      const text = writeYaml(known) + '\n';
      setParameters(text);
      setOriginal(text);
    });
  }, [attempt.params]);

  const submit = async (): Promise<void> => {
    let params = attempt.params;
    try {
      if (parameters !== original) params = await parametersOf(parameters);
      setParametersFailure(undefined);
    } catch (failure) {
      setParametersFailure(failure instanceof Error ? failure.message : String(failure));
      return;
    }
    const done = await action.run(async () => {
      const workflowId = newest || attempt.workflow.id === null
        ? (await getJson<Workflow>(path`projects/${attempt.project.id}/workflows/${attempt.workflow.name}`)).id
        : attempt.workflow.id;
      const request: StartRequest = {
        workflowId,
        sessionTime: attempt.sessionTime,
        params,
        retryAttemptName: name,
        ...(what === 'failed' ? { resume: { mode: 'failed', attemptId: attempt.id } } : {}),
        ...(what === 'from' ? { resume: { mode: 'from', attemptId: attempt.id, from: task } } : {}),
      };
      return putJson<Attempt>('attempts', request);
    });
    if (!done) return;
    toast({ text: 'Running again.', tone: 'running' });
    onStarted(done);
    onClose();
  };

  const cli = command(
    'wf',
    'retry',
    attempt.id,
    newest ? '--latest-revision' : '--keep-revision',
    ...(what === 'failed' ? ['--resume'] : what === 'all' ? ['--all'] : ['--resume-from', task || '+task']),
    ...(parameters === original ? [] : parameterWords(parameters)),
  );

  return (
    <Dialog
      title={`Retry ${attempt.workflow.name}`}
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" data-autofocus="" disabled={action.busy || (what === 'from' && task === '')}>
            {action.busy ? 'Starting…' : 'Retry'}
          </button>
        </>
      }
    >
      {action.failure !== undefined && <Problem failure={action.failure} title="Not started." />}
      <fieldset>
        <legend className="legend">What runs again</legend>
        <label className="choice">
          <input type="radio" name={`${id}-what`} checked={what === 'failed'} disabled={!attempt.done || attempt.success} onChange={() => setWhat('failed')} />
          <span>
            What did not succeed <span className="hint">Successful tasks are skipped.</span>
          </span>
        </label>
        <label className="choice">
          <input type="radio" name={`${id}-what`} checked={what === 'all'} onChange={() => setWhat('all')} />
          <span>Everything</span>
        </label>
        <label className="choice">
          <input type="radio" name={`${id}-what`} checked={what === 'from'} onChange={() => setWhat('from')} />
          <span>From a task on</span>
        </label>
        {what === 'from' && (
          <select className="select" aria-label="Task to begin with" value={task} onChange={(e) => setTask(e.target.value)}>
            <option value="">Choose a task…</option>
            {[...new Set(names)].map((n) => (
              <option key={n}>{n}</option>
            ))}
          </select>
        )}
      </fieldset>
      <fieldset>
        <legend className="legend">Revision</legend>
        <label className="choice">
          <input type="radio" name={`${id}-revision`} checked={newest} onChange={() => setNewest(true)} />
          <span>The newest</span>
        </label>
        <label className="choice">
          <input type="radio" name={`${id}-revision`} checked={!newest} disabled={attempt.workflow.id === null} onChange={() => setNewest(false)} />
          <span>The same as before</span>
        </label>
      </fieldset>
      <ParametersField value={parameters} onChange={setParameters} failure={parametersFailure} hint="They are those of the attempt until you change them." />
      <Cli command={cli} />
    </Dialog>
  );
}
