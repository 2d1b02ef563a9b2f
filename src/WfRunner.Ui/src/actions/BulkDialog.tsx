import { useQueryClient } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState, useSyncExternalStore, type ReactElement } from 'react';
import { Link } from 'wouter';
import type { Session } from '../api/types';
import { Dialog } from '../components/Dialog';
import { StatusShape } from '../components/Icon';
import { useFormatTime } from '../components/Time';
import { routes } from '../components/urlState';
import type { Tone } from '../domain/status';
import { actionOf, BulkRun, isAble, type BulkKind, type BulkProgress, type BulkResult } from './bulk';

const words: Record<BulkKind, { title: string; button: string; done: string; leftOut: string }> = {
  failed: { title: 'Retry what failed', button: 'Retry', done: 'retried', leftOut: 'they did not fail' },
  all: { title: 'Run again from the start', button: 'Run again', done: 'started', leftOut: 'they still run' },
  kill: { title: 'Kill', button: 'Kill', done: 'asked to stop', leftOut: 'they do not run' },
};

const virtualFrom = 60;

interface BulkDialogProps {
  kind: BulkKind;
  sessions: readonly Session[];
  onClose: () => void;
  /** The dialog is left after something was done. */
  onWorked: () => void;
}

/** Does the same to several sessions and says for each how it went. */
export function BulkDialog({ kind, sessions, onClose, onWorked }: BulkDialogProps): ReactElement {
  const client = useQueryClient();
  // Taken once: the list behind the dialog changes while the work goes on.
  const [chosen] = useState(sessions);
  const [run] = useState(() => new BulkRun(chosen.filter((s) => isAble(kind, s)), actionOf(kind)));
  const progress = useSyncExternalStore(run.subscribe, run.snapshot);
  const able = run.sessions;
  const text = words[kind];
  const { phase } = progress;
  const isWorking = phase === 'busy' || phase === 'stopping';

  const go = async (work: () => Promise<void>): Promise<void> => {
    await work();
    for (const key of ['sessions', 'session', 'overview', 'history']) void client.invalidateQueries({ queryKey: [key] });
  };
  const leave = (): void => {
    if (phase !== 'ready') onWorked();
    onClose();
  };
  const submit = (): void => {
    if (phase === 'ready' || phase === 'stopped') void go(() => run.start());
    else if (phase === 'done') leave();
  };

  return (
    <Dialog
      title={`${text.title}: ${counted(able.length)}`}
      // Closing must not leave work behind that nobody sees: the first time it stops, the second time it closes.
      onClose={() => (isWorking ? run.stop() : leave())}
      onSubmit={submit}
      footer={
        isWorking ? (
          <button type="button" className="button" disabled={phase === 'stopping'} onClick={() => run.stop()}>
            {phase === 'stopping' ? 'Stopping…' : 'Stop'}
          </button>
        ) : (
          <>
            {phase === 'done' ? (
              progress.failed > 0 && (
                <button type="button" className="button" onClick={() => void go(() => run.retryFailed())}>
                  Try the {progress.failed} that failed again
                </button>
              )
            ) : (
              <button type="button" className="button" onClick={leave}>
                {phase === 'ready' ? 'Cancel' : 'Close'}
              </button>
            )}
            <button type="submit" className={kind === 'kill' && phase !== 'done' ? 'button danger' : 'button primary'} disabled={able.length === 0}>
              {phase === 'done' ? 'Close' : phase === 'stopped' ? 'Go on' : text.button}
            </button>
          </>
        )
      }
    >
      {able.length < chosen.length && phase === 'ready' && (
        <p className="muted">
          {able.length === 0 ? 'None' : `${(chosen.length - able.length).toLocaleString('en')} of the ${chosen.length.toLocaleString('en')}`} selected{' '}
          {able.length === 0 ? 'can be changed in this way' : 'are left out'}: {text.leftOut}.
        </p>
      )}
      {phase !== 'ready' && <Progress progress={progress} total={able.length} done={text.done} />}
      {able.length > 0 && <Results run={run} progress={progress} done={text.done} onLeave={onClose} />}
    </Dialog>
  );
}

function Progress({ progress, total, done }: { progress: BulkProgress; total: number; done: string }): ReactElement {
  const { phase, reason } = progress;
  const reached = progress.done + progress.failed;
  const summary = `${progress.done.toLocaleString('en')} ${done}${progress.failed > 0 ? `, ${progress.failed.toLocaleString('en')} failed` : ''}`;
  const left = total - reached;
  return (
    <div className="bulk-progress">
      <progress aria-label="Progress" max={total} value={reached} />
      <p role="status">
        {summary}
        {left > 0 && <span className="muted"> · {left.toLocaleString('en')} {phase === 'stopped' ? 'not begun' : 'to go'}</span>}
      </p>
      {reason !== undefined && (
        <div className="problem" role="alert">
          <p>{reason} Nothing that was done is lost; “Go on” takes up the rest.</p>
        </div>
      )}
    </div>
  );
}

const tones: Record<BulkResult['state'], Tone> = { waiting: 'waiting', busy: 'running', done: 'success', failed: 'failure' };

/** What failed comes first; a long list draws only what is seen. */
function Results({ run, progress, done, onLeave }: { run: BulkRun; progress: BulkProgress; done: string; onLeave: () => void }): ReactElement {
  const format = useFormatTime();
  const scroller = useRef<HTMLUListElement>(null);
  const isFailed = (s: Session): boolean => progress.results.get(s.id)?.state === 'failed';
  const rows = progress.failed === 0 ? run.sessions : [...run.sessions.filter(isFailed), ...run.sessions.filter((s) => !isFailed(s))];
  const isVirtual = rows.length >= virtualFrom;
  const virtual = useVirtualizer({
    count: isVirtual ? rows.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => 32,
    overscan: 10,
    getItemKey: (i) => rows[i]!.id,
  });
  const row = (session: Session): ReactElement => {
    const result = run.resultOf(session);
    return (
      <>
        <span className="status" data-tone={tones[result.state]}>
          <StatusShape tone={tones[result.state]} />
        </span>
        <span className="bulk-name text-links">
          <Link href={routes.session(session.id)} onClick={onLeave}>
            {session.workflow.name}
          </Link>{' '}
          <span className="muted">
            {session.project.name} · {format(session.sessionTime)}
          </span>
          {result.text !== '' && <span className="bulk-error">{result.text}</span>}
        </span>
        <span className="sub">{result.state === 'done' ? done : result.state === 'busy' ? '…' : result.state === 'failed' ? 'failed' : ''}</span>
      </>
    );
  };
  return (
    // A list that scrolls has to be reachable with the keyboard.
    <ul className="bulk-list" ref={scroller} tabIndex={0} aria-label="Sessions">
      {isVirtual ? (
        <li role="presentation" style={{ height: virtual.getTotalSize() }} className="bulk-canvas">
          <ul>
            {virtual.getVirtualItems().map((item) => (
              <li key={item.key} data-index={item.index} ref={virtual.measureElement} style={{ transform: `translateY(${item.start}px)` }} aria-posinset={item.index + 1} aria-setsize={rows.length}>
                {row(rows[item.index]!)}
              </li>
            ))}
          </ul>
        </li>
      ) : (
        rows.map((s) => <li key={s.id}>{row(s)}</li>)
      )}
    </ul>
  );
}

function counted(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'session' : 'sessions'}`;
}
