import { lazy, Suspense, useMemo, useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { BackfillDialog } from '../actions/BackfillDialog';
import { RunDialog } from '../actions/RunDialog';
import { SkipDialog } from '../actions/SkipDialog';
import { useScheduleSwitch } from '../actions/useScheduleSwitch';
import { useArchive, useHistory, useProjectWorkflow, useSchedules, useTriggers, useWorkflowSessions } from '../api/queries';
import type { Workflow } from '../api/types';
import { Code, languageOf } from '../components/Code';
import { DurationChart } from '../components/DurationChart';
import { Icon } from '../components/Icon';
import { PageHead, Section, Tabs } from '../components/Page';
import { SessionTable } from '../components/SessionTable';
import { Empty, Loaded, Skeleton } from '../components/states';
import { Time, WorkflowZone } from '../components/Time';
import { Yaml } from '../components/Yaml';
import { routes, useUrlState } from '../components/urlState';
import { definitionTasks } from '../graph/definition';
import { useShortcuts } from '../keyboard/shortcuts';
import { ScheduleSwitch } from './Workflows';

const GraphView = lazy(() => import('../graph/GraphView'));

const listed = 20;
const charted = 50;

/** A workflow in its newest revision. */
export default function WorkflowPage({ projectId, name }: { projectId: string; name: string }): ReactElement {
  const workflow = useProjectWorkflow(projectId, name);
  return (
    <>
      {workflow.data === undefined && <PageHead title={name} crumbs={[{ to: routes.project(projectId), text: 'Project' }]} />}
      <Loaded query={workflow}>{(w) => <WorkflowView workflow={w} />}</Loaded>
    </>
  );
}

/** What a workflow starts after, and what starts after it. */
function Triggers({ projectName, name }: { projectName: string; name: string }): ReactElement | null {
  const triggers = useTriggers();
  const before = triggers.filter((t) => t.project.name === projectName && t.workflow.name === name);
  const after = triggers.filter((t) => t.dependentProjectName === projectName && t.dependentWorkflowName === name);
  return (
    <>
      {before.map((t) => (
        <span key={`${t.dependentProjectName}/${t.dependentWorkflowName}`}>
          <b>Starts after</b>{' '}
          <Link href={`/sessions?project=${encodeURIComponent(t.dependentProjectName)}&workflow=${encodeURIComponent(t.dependentWorkflowName)}`}>
            {t.dependentProjectName} / {t.dependentWorkflowName}
          </Link>
        </span>
      ))}
      {after.length > 0 && (
        <span>
          <b>Then starts</b>{' '}
          {after.map((t, i) => (
            <span key={t.workflow.id}>
              {i > 0 && ', '}
              <Link href={routes.workflow(t.project.id, t.workflow.name)}>
                {t.project.name} / {t.workflow.name}
              </Link>
            </span>
          ))}
        </span>
      )}
    </>
  );
}

export function WorkflowView({ workflow, isFixed = false }: { workflow: Workflow; isFixed?: boolean }): ReactElement {
  const { project } = workflow;
  const [params, , linkTo] = useUrlState();
  const tab = params.get('tab') ?? 'sessions';
  const [dialog, setDialog] = useState<'run' | 'backfill' | 'skip'>();
  const sessions = useWorkflowSessions(project.id, workflow.name, listed);
  const history = useHistory(project.id, workflow, charted, { polls: false });
  const schedules = useSchedules();
  const schedule = schedules.data?.find((s) => s.project.id === project.id && s.workflow.name === workflow.name);
  const scheduleSwitch = useScheduleSwitch();
  useShortcuts({ r: () => setDialog('run') });
  return (
    <WorkflowZone value={workflow.timezone}>
      <PageHead
        title={workflow.name}
        crumbs={[
          { to: '/workflows', text: 'Workflows' },
          { to: routes.project(project.id), text: project.name },
        ]}
        bar
        meta={
          <>
            <span>
              <b>Revision</b> {workflow.revision} {isFixed && <Link href={routes.workflow(project.id, workflow.name)}>see the newest</Link>}
            </span>
            <span>
              <b>Zone</b> {workflow.timezone}
            </span>
            {schedule && (
              <span>
                <b>Next run</b> {schedule.disabledAt === null ? <Time value={schedule.nextRunTime} show="both" /> : 'paused'}
              </span>
            )}
            {schedule && <ScheduleSwitch schedule={schedule} action={scheduleSwitch} />}
            <Triggers projectName={project.name} name={workflow.name} />
          </>
        }
        actions={
          <>
            {schedule && (
              <>
                <button type="button" className="button" onClick={() => setDialog('skip')}>
                  <Icon name="skip" /> Skip
                </button>
                <button type="button" className="button" onClick={() => setDialog('backfill')}>
                  <Icon name="backfill" /> Backfill
                </button>
              </>
            )}
            <Link className="button" href={`/projects/${project.id}/edit?file=${encodeURIComponent(`${workflow.name}.dig`)}`}>
              <Icon name="edit" /> Edit
            </Link>
            <button type="button" className="button primary" onClick={() => setDialog('run')}>
              <Icon name="play" /> Run
            </button>
          </>
        }
      />
      <Tabs
        label="Workflow"
        current={tab}
        tabs={[
          { key: 'sessions', text: 'Sessions', to: linkTo({ tab: null }) },
          { key: 'definition', text: 'Definition', to: linkTo({ tab: 'definition' }) },
          { key: 'graph', text: 'Graph', to: linkTo({ tab: 'graph' }) },
        ]}
      />
      {tab === 'sessions' && (
        <>
          {history.data && history.data.length > 1 && (
            <Section title="Durations" aside={<span className="muted">the last {history.data.length} sessions, oldest first</span>}>
              <DurationChart history={history.data} />
            </Section>
          )}
          <Section
            title="Sessions"
            aside={<Link href={`/sessions?project=${encodeURIComponent(project.name)}&workflow=${encodeURIComponent(workflow.name)}`}>All sessions</Link>}
          >
            <Loaded query={sessions}>
              {(list) =>
                list.length === 0 ? (
                  <Empty title="It has not run yet.">
                    <button type="button" className="button" onClick={() => setDialog('run')}>
                      <Icon name="play" /> Run it
                    </button>
                  </Empty>
                ) : (
                  <SessionTable caption={`Sessions of ${workflow.name}`} sessions={list} showWorkflow={false} />
                )
              }
            </Loaded>
          </Section>
        </>
      )}
      {tab === 'definition' && <Definition workflow={workflow} />}
      {tab === 'graph' && <DefinitionGraph workflow={workflow} />}
      {dialog === 'run' && <RunDialog workflow={workflow} lastParams={sessions.data?.[0]?.lastAttempt?.params} onClose={() => setDialog(undefined)} />}
      {dialog === 'backfill' && schedule && <BackfillDialog schedule={schedule} onClose={() => setDialog(undefined)} />}
      {dialog === 'skip' && schedule && <SkipDialog schedule={schedule} onClose={() => setDialog(undefined)} />}
    </WorkflowZone>
  );
}

/** The text of the workflow's file; without an archive what the server compiled from it. */
export function Definition({ workflow }: { workflow: Workflow }): ReactElement {
  const archive = useArchive(workflow.project.id, workflow.revision);
  const text = useMemo(() => {
    if (!archive.data) return undefined;
    const names = [`${workflow.name}.dig`, ...(archive.data.files.some((f) => f.path === 'digdag.yml') ? [`${workflow.name}.yml`] : [])];
    const file = archive.data.files.find((f) => names.includes(f.path));
    return file && new TextDecoder().decode(file.data).trimEnd();
  }, [archive.data, workflow.name]);
  const mentioned = useMemo(() => {
    const whole = JSON.stringify(workflow.config);
    return (archive.data?.files ?? []).filter((f) => f.isText && !f.path.endsWith('.dig') && whole.includes(f.path)).slice(0, 20);
  }, [archive.data, workflow.config]);
  return (
    <Loaded query={archive}>
      {() => (
        <>
          {text === undefined ? <Yaml value={workflow.config} label="the definition" /> : <Code text={text} language="yaml" numbered label="the definition" />}
          {mentioned.map((file) => (
            <Section key={file.path} title={file.path} aside={<Link href={`${routes.project(workflow.project.id)}?tab=files&revision=${encodeURIComponent(workflow.revision)}&file=${encodeURIComponent(file.path)}`}>Open in the project</Link>}>
              <FileCode path={file.path} data={file.data} />
            </Section>
          ))}
        </>
      )}
    </Loaded>
  );
}

function FileCode({ path, data }: { path: string; data: Uint8Array }): ReactElement {
  const text = useMemo(() => new TextDecoder().decode(data), [data]);
  return <Code text={text} language={languageOf(path)} height="22rem" numbered label={path} />;
}

function DefinitionGraph({ workflow }: { workflow: Workflow }): ReactElement {
  const tasks = useMemo(() => definitionTasks(workflow), [workflow]);
  return (
    <Suspense fallback={<Skeleton />}>
      <GraphView tasks={tasks} notRun />
    </Suspense>
  );
}
