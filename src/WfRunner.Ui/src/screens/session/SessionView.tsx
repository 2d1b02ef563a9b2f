import { lazy, Suspense, useMemo, useState, type ReactElement } from 'react';
import { Link, useLocation } from 'wouter';
import { KillDialog } from '../../actions/KillDialog';
import { RetryDialog } from '../../actions/RetryDialog';
import { RunDialog } from '../../actions/RunDialog';
import { useAttempt, useHistory, useSession, useSessionAttempts, useTasks, useTypicals, useWorkflow } from '../../api/queries';
import type { Attempt, JsonObject, Task } from '../../api/types';
import { CopyButton } from '../../components/Copy';
import { Icon } from '../../components/Icon';
import { PageHead, Tabs } from '../../components/Page';
import { Empty, Loaded, Problem, Skeleton } from '../../components/states';
import { StatusBadge } from '../../components/Status';
import { Duration, Time, useNow, WorkflowZone } from '../../components/Time';
import { routes, useUrlState } from '../../components/urlState';
import { Yaml } from '../../components/Yaml';
import { between, formatDuration, quantile } from '../../domain/duration';
import { attemptStatus } from '../../domain/status';
import { buildTree, failedTasks } from '../../domain/tasks';
import { offsetOf } from '../../domain/time';
import { useShortcuts } from '../../keyboard/shortcuts';
import { Definition } from '../Workflow';
import { AttemptsTab } from './AttemptsTab';
import { FailureSummary } from './FailureSummary';
import { TaskPanel } from './TaskPanel';
import { TasksTab } from './TasksTab';
import { Timeline } from './Timeline';

const GraphView = lazy(() => import('../../graph/GraphView'));
const LogView = lazy(() => import('../../logs/LogView'));

const tabs = ['timeline', 'graph', 'tasks', 'logs', 'parameters', 'attempts', 'revision'] as const;
type Tab = (typeof tabs)[number];

const noTasks: readonly Task[] = [];

/** One session: a header, what failed, and tabs for one of its attempts. */
export function SessionView({ sessionId, attemptId }: { sessionId: string; attemptId?: string }): ReactElement {
  const [, navigate] = useLocation();
  const [params, set, linkTo] = useUrlState();
  const session = useSession(sessionId);
  const attempts = useSessionAttempts(sessionId);
  const shownId = attemptId ?? params.get('attempt') ?? session.data?.lastAttempt?.id;
  const attempt = useAttempt(shownId);
  const tasks = useTasks(shownId);
  const typicals = useTypicals(shownId);
  const list = tasks.data ?? noTasks;
  const tree = useMemo(() => buildTree(list), [list]);
  const workflow = useWorkflow(attempt.data?.workflow.id ?? session.data?.workflow.id);
  const project = session.data?.project ?? attempt.data?.project;
  const name = session.data?.workflow.name ?? attempt.data?.workflow.name ?? '';
  const history = useHistory(project?.id ?? '', { id: workflow.data?.id ?? null, name }, 50, { enabled: project !== undefined && workflow.isFetched, polls: false });
  const [dialog, setDialog] = useState<'retry' | 'kill' | 'run'>();
  const [retryFrom, setRetryFrom] = useState<string>();

  const tab: Tab = tabs.find((t) => t === params.get('tab')) ?? 'timeline';
  const taskName = params.get('task') ?? undefined;
  const openTask = (fullName: string | undefined): void => set({ task: fullName ?? null });
  const current = attempt.data;
  const status = attemptStatus(current ?? session.data?.lastAttempt);
  const running = current?.done === false;
  const canKill = running && !current.cancelRequested;
  // Digdag behaviour: ui 6.5: a retry makes sense once the attempt is done or on its way out.
  const canRetry = current !== undefined && (current.done || current.cancelRequested);
  const neighbours = useMemo(() => neighboursOf(history.data?.map((h) => h.sessionId) ?? [], sessionId), [history.data, sessionId]);
  const zone = workflow.data?.timezone ?? offsetOf(session.data?.sessionTime ?? '');

  useShortcuts({
    r: () => canRetry && setDialog('retry'),
    K: () => canKill && setDialog('kill'),
    t: () => set({ tab: null }),
    d: () => set({ tab: 'graph' }),
    l: () => set({ tab: 'logs' }),
    '[': () => neighbours.earlier !== undefined && navigate(routes.session(neighbours.earlier)),
    ']': () => neighbours.later !== undefined && navigate(routes.session(neighbours.later)),
    Escape: () => tab !== 'logs' && openTask(undefined),
  });

  const failure = session.data ? undefined : session.error;
  if (failure) {
    return (
      <>
        <PageHead title={`Session ${sessionId}`} crumbs={[{ to: '/sessions', text: 'Sessions' }]} />
        <Problem failure={failure} retry={() => void session.refetch()} />
      </>
    );
  }

  return (
    <WorkflowZone value={zone}>
      <PageHead
        title={name === '' ? `Session ${sessionId}` : `${name} ${sessionId}`}
        heading={
          <>
            {name || `Session ${sessionId}`} <StatusBadge status={status} />
          </>
        }
        crumbs={[
          ...(project ? [{ to: routes.project(project.id), text: project.name }, { to: routes.workflow(project.id, name), text: name }] : []),
          { to: routes.session(sessionId), text: `session ${sessionId}` },
        ]}
        bar
        meta={
          session.data && (
            <>
              <span>
                <b>Session time</b> <Time value={session.data.sessionTime} />
              </span>
              {current && (
                <>
                  <span>
                    <b>Started</b> <Time value={current.createdAt} show="relative" />
                  </span>
                  <span>
                    <b>{running ? 'Running for' : 'Took'}</b> <Duration start={current.createdAt} end={current.finishedAt} running={running} />
                    <Expectation attempt={current} spans={(history.data ?? []).filter((h) => h.status === 'success').flatMap((h) => between(h.startedAt, h.finishedAt) ?? [])} />
                  </span>
                </>
              )}
              <span>
                <b>Attempt</b> {shownId}
                {current?.index !== undefined && current.index > 0 && ` (${ordinal(current.index)})`}
                {current?.retryAttemptName && <span className="muted"> {current.retryAttemptName}</span>}
              </span>
            </>
          )
        }
        actions={
          <>
            <Neighbour text="Earlier session" to={neighbours.earlier} icon="chevron" flipped />
            <Neighbour text="Later session" to={neighbours.later} icon="chevron" />
            <CopyButton icon="link" label="Copy a link to this view" text={() => window.location.href} />
            {canKill && (
              <button type="button" className="button danger" onClick={() => setDialog('kill')}>
                <Icon name="stop" /> Kill
              </button>
            )}
            <button type="button" className={canRetry && !current.success ? 'button primary' : 'button'} disabled={!canRetry} onClick={() => setDialog('retry')}>
              <Icon name="retry" /> Retry
            </button>
          </>
        }
      />
      <p className="visually-hidden" role="status">
        Session {status.text}
      </p>
      {current && attempts.data && attempts.data[0] && attempts.data[0].id !== shownId && (
        <div className="problem notice">
          <p>This is an older attempt.</p>
          <Link className="button small" href={`${routes.session(sessionId)}${tab === 'timeline' ? '' : `?tab=${tab}`}`}>
            Show the newest
          </Link>
        </div>
      )}
      {session.data && !session.data.lastAttempt && <Empty title="This session has no attempt yet." />}
      {current && (
        <>
          {status.tone === 'failure' && tab !== 'logs' && <FailureSummary attempt={current} failed={failedTasks(tree)} isShort={tab !== 'timeline'} onOpenTask={openTask} logLink={(fullName) => linkTo({ tab: 'logs', task: fullName })} />}
          <Tabs
            label="Session"
            current={tab}
            tabs={[
              { key: 'timeline', text: 'Timeline', to: linkTo({ tab: null }) },
              { key: 'graph', text: 'Graph', to: linkTo({ tab: 'graph' }) },
              { key: 'tasks', text: 'Tasks', to: linkTo({ tab: 'tasks' }), count: tasks.data?.length },
              { key: 'logs', text: 'Logs', to: linkTo({ tab: 'logs' }) },
              { key: 'parameters', text: 'Parameters', to: linkTo({ tab: 'parameters' }) },
              { key: 'attempts', text: 'Attempts', to: linkTo({ tab: 'attempts' }), count: attempts.data?.length },
              { key: 'revision', text: 'Revision', to: linkTo({ tab: 'revision' }) },
            ]}
          />
          {tab === 'timeline' && <Loaded query={tasks}>{() => <Timeline tree={tree} attempt={current} typicals={typicals} selected={taskName} onSelect={openTask} />}</Loaded>}
          {tab === 'tasks' && <Loaded query={tasks}>{() => <TasksTab tree={tree} selected={taskName} onSelect={openTask} />}</Loaded>}
          {tab === 'graph' && (
            <Loaded query={tasks}>
              {(all) => (
                <Suspense fallback={<Skeleton />}>
                  <GraphView tasks={all} selected={taskName} onSelect={openTask} />
                </Suspense>
              )}
            </Loaded>
          )}
          {tab === 'logs' && (
            <Suspense fallback={<Skeleton />}>
              <LogView key={current.id} attemptId={current.id} running={!current.done} tasks={list} />
            </Suspense>
          )}
          {tab === 'parameters' && (
            <div className="columns">
              <section aria-label="Parameters of the attempt">
                <h2>Parameters</h2>
                <Yaml value={current.params} label="the parameters" empty="The attempt was started without parameters." />
              </section>
              <section aria-label="Stored by tasks">
                <h2>Stored by tasks</h2>
                <Yaml value={Object.assign({}, ...list.map((t) => t.storeParams)) as JsonObject} label="what tasks stored" empty="No task has stored anything." />
              </section>
            </div>
          )}
          {tab === 'attempts' && <Loaded query={attempts}>{(all) => <AttemptsTab attempts={all} shown={current.id} />}</Loaded>}
          {tab === 'revision' && <RevisionTab attempt={current} />}
          {taskName !== undefined && tab !== 'logs' && (
            <TaskPanel
              tree={tree}
              fullName={taskName}
              attempt={current}
              typical={typicals.get(taskName)}
              onClose={() => openTask(undefined)}
              logLink={linkTo({ tab: 'logs', task: taskName })}
              onRetryFrom={
                canRetry
                  ? (fullName) => {
                      setRetryFrom(fullName);
                      setDialog('retry');
                    }
                  : undefined
              }
            />
          )}
        </>
      )}
      {dialog === 'retry' && current && (
        <RetryDialog
          attempt={current}
          from={retryFrom}
          onClose={() => {
            setDialog(undefined);
            setRetryFrom(undefined);
          }}
          onStarted={() => navigate(routes.session(sessionId))}
        />
      )}
      {dialog === 'kill' && current && <KillDialog attemptId={current.id} sessionId={sessionId} name={name} onClose={() => setDialog(undefined)} />}
      {dialog === 'run' && workflow.data && <RunDialog workflow={workflow.data} onClose={() => setDialog(undefined)} />}
    </WorkflowZone>
  );
}

function ordinal(n: number): string {
  const rest = n % 100;
  const ending = rest >= 11 && rest <= 13 ? 'th' : n % 10 === 1 ? 'st' : n % 10 === 2 ? 'nd' : n % 10 === 3 ? 'rd' : 'th';
  return `${n}${ending}`;
}

/** The sessions of the workflow before and after one, ids newest first. */
export function neighboursOf(ids: readonly string[], id: string): { earlier: string | undefined; later: string | undefined } {
  const at = ids.indexOf(id);
  return at === -1 ? { earlier: undefined, later: undefined } : { earlier: ids[at + 1], later: ids[at - 1] };
}

function Neighbour({ text, to, icon, flipped }: { text: string; to: string | undefined; icon: 'chevron'; flipped?: boolean }): ReactElement | null {
  if (to === undefined) return null;
  return (
    <Link className={flipped ? 'button quiet icon flipped' : 'button quiet icon'} href={routes.session(to)} aria-label={text} data-tip={text}>
      <Icon name={icon} />
    </Link>
  );
}

/** How long it usually takes, and when a running attempt may be done. */
function Expectation({ attempt, spans }: { attempt: Attempt; spans: readonly number[] }): ReactElement | null {
  const running = !attempt.done;
  const now = useNow(10_000, running);
  const median = quantile(spans, 0.5);
  if (median === undefined || spans.length < 3) return null;
  const left = Date.parse(attempt.createdAt) + median - now;
  return (
    <span className="muted">
      {' '}
      · usually {formatDuration(median)}
      {running && left > 1_000 && `, about ${formatDuration(left)} left`}
    </span>
  );
}

function RevisionTab({ attempt }: { attempt: Attempt }): ReactElement {
  const workflow = useWorkflow(attempt.workflow.id);
  if (attempt.workflow.id === null) return <Empty title="The workflow of this attempt is not stored." />;
  return (
    <Loaded query={workflow}>
      {(w) => (
        <>
          <div className="meta">
            <span>
              <b>Revision</b> <Link href={`/workflows/${w.id}`}>{w.revision}</Link>
            </span>
            <span>
              <b>Zone</b> {w.timezone}
            </span>
            <span>
              <Link href={`${routes.project(w.project.id)}?tab=files&revision=${encodeURIComponent(w.revision)}`}>All files of the revision</Link>
            </span>
            <span>
              <b>Session UUID</b> <span className="mono">{attempt.sessionUuid}</span>
            </span>
          </div>
          <Definition workflow={w} />
        </>
      )}
    </Loaded>
  );
}
