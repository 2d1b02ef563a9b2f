import { useEffect, useRef, type ReactElement, type RefObject } from 'react';
import { Link } from 'wouter';
import { jobUrl } from '../../api/config';
import type { Typical } from '../../api/queries';
import type { Attempt } from '../../api/types';
import { CopyButton } from '../../components/Copy';
import { Icon } from '../../components/Icon';
import { StatusBadge } from '../../components/Status';
import { Duration, Time, useNow } from '../../components/Time';
import { Yaml } from '../../components/Yaml';
import { formatDuration } from '../../domain/duration';
import { taskStatus } from '../../domain/status';
import { commandOf, errorMessage, jobIdOf, operatorOf, spanOf, type TaskNode, type TaskTree } from '../../domain/tasks';
import { paceOf } from '../../domain/typical';

interface TaskPanelProps {
  tree: TaskTree;
  fullName: string;
  attempt: Attempt;
  logLink: string;
  onClose: () => void;
  onRetryFrom: ((fullName: string) => void) | undefined;
  typical: Typical | undefined;
}

/** Everything known about one task, beside the view it was chosen in. */
export function TaskPanel({ tree, fullName, logLink, onClose, onRetryFrom, typical }: TaskPanelProps): ReactElement | null {
  const copies = [...tree.byId.values()].filter((n) => n.task.fullName === fullName);
  const node = copies[copies.length - 1];
  const panel = useRef<HTMLElement>(null);
  useReturningFocus(panel, fullName);
  if (!node) return null;
  const { task } = node;
  const span = spanOf(node);
  const job = jobIdOf(task);
  const error = errorMessage(task);
  const command = commandOf(task.config);
  return (
    <aside className="task-panel" ref={panel} tabIndex={-1} aria-label={`Task ${fullName}`} onKeyDown={(e) => e.key === 'Escape' && onClose()}>
      <header className="task-panel-head">
        <div>
          <h2 className="mono">{fullName}</h2>
          <StatusBadge status={taskStatus(task)} />
        </div>
        <button type="button" className="button quiet icon" aria-label="Close the task" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="actions">
        <Link className="button small" href={logLink}>
          <Icon name="logs" /> Log
        </Link>
        {onRetryFrom && !fullName.includes('^') && task.parentId !== null && (
          <button type="button" className="button small" onClick={() => onRetryFrom(fullName)}>
            <Icon name="retry" /> Retry from here
          </button>
        )}
        <CopyButton icon="link" label="Copy a link to this task" text={() => window.location.href} />
      </div>
      {error !== undefined && (
        <div className="problem">
          <p>{error}</p>
        </div>
      )}
      <dl className="facts">
        <dt>Operator</dt>
        <dd className="mono">{operatorOf(task.config) ?? (task.isGroup ? 'group of tasks' : '–')}</dd>
        {command !== undefined && (
          <>
            <dt>Command</dt>
            <dd className="mono wrap">{command}</dd>
          </>
        )}
        <dt>Started</dt>
        <dd>{task.startedAt ? <Time value={task.startedAt} show="both" /> : span ? <Time value={new Date(span.start).toISOString()} show="both" /> : 'not yet'}</dd>
        {span && (
          <>
            <dt>{span.end === undefined ? 'Running for' : 'Took'}</dt>
            <dd>
              <Duration start={new Date(span.start).toISOString()} end={span.end === undefined ? null : new Date(span.end).toISOString()} running />
            </dd>
          </>
        )}
        {typical && (
          <>
            <dt>Usually</dt>
            <dd>
              {formatDuration(typical.median)} <span className="muted">median of {typical.runs} runs</span>
              {span && <PaceNote span={span} median={typical.median} />}
            </dd>
          </>
        )}
        {task.retryAt && (
          <>
            <dt>Retries</dt>
            <dd>
              <Time value={task.retryAt} show="both" />
            </dd>
          </>
        )}
        {copies.length > 1 && (
          <>
            <dt>Tries</dt>
            <dd>{copies.map((c) => `${c.attempt}: ${taskStatus(c.task).text}`).join(', ')}</dd>
          </>
        )}
        {task.upstreams.length > 0 && (
          <>
            <dt>Waits for</dt>
            <dd className="mono">{upstreamNames(tree, node)}</dd>
          </>
        )}
        {job !== undefined && (
          <>
            <dt>Job</dt>
            <dd>{jobUrl(job) === undefined ? job : <a href={jobUrl(job)} target="_blank" rel="noreferrer">{job}</a>}</dd>
          </>
        )}
        <dt>ID</dt>
        <dd>{task.id}</dd>
      </dl>
      <Part title="Configuration" value={task.config} open />
      <Part title="Exported parameters" value={task.exportParams} />
      <Part title="Stored parameters" value={task.storeParams} />
      <Part title="State" value={task.stateParams} />
      {Object.keys(task.error).length > 0 && <Part title="Error" value={task.error} />}
    </aside>
  );
}

function PaceNote({ span, median }: { span: { start: number; end: number | undefined }; median: number }): ReactElement | null {
  const now = useNow(1_000, span.end === undefined);
  const took = (span.end ?? now) - span.start;
  const pace = paceOf(took, median);
  // What runs may still become slow; that it is fast is known at its end only.
  if (pace === 'usual' || (pace === 'fast' && span.end === undefined)) return null;
  return (
    <span className="pace" data-pace={pace}>
      {pace === 'slow' ? `${formatDuration(took - median)} longer than usual` : `${formatDuration(median - took)} shorter than usual`}
    </span>
  );
}

/** The panel takes the focus for each task that is chosen, and gives it back to where the task was chosen. */
function useReturningFocus(panel: RefObject<HTMLElement | null>, fullName: string): void {
  const chosenAt = useRef<Element | null>(null);
  useEffect(() => {
    const before = document.activeElement;
    if (!panel.current?.contains(before)) chosenAt.current = before;
    panel.current?.focus({ preventScroll: true });
  }, [panel, fullName]);
  useEffect(
    () => () => {
      // Whoever has gone elsewhere meanwhile stays there.
      const isFree = document.activeElement === null || document.activeElement === document.body;
      if (isFree && chosenAt.current instanceof HTMLElement && chosenAt.current.isConnected) chosenAt.current.focus({ preventScroll: true });
    },
    [],
  );
}

function upstreamNames(tree: TaskTree, node: TaskNode): string {
  return node.task.upstreams.map((id) => tree.byId.get(id)?.name ?? id).join(', ');
}

function Part({ title, value, open }: { title: string; value: Parameters<typeof Yaml>[0]['value']; open?: boolean }): ReactElement | null {
  if (Object.keys(value).length === 0) return null;
  return (
    <details open={open}>
      <summary>{title}</summary>
      <Yaml value={value} label={title.toLowerCase()} height="18rem" />
    </details>
  );
}
