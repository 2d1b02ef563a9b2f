import { useState, type ReactElement } from 'react';
import { Link, useLocation } from 'wouter';
import { ConfirmDialog } from '../../actions/ConfirmDialog';
import { useAction } from '../../actions/useAction';
import { deleteJson, getBytes, path } from '../../api/client';
import { useProject, useProjectWorkflows, useRevisions, useSchedules, useSecretKeys } from '../../api/queries';
import type { Project, Workflow } from '../../api/types';
import { Cli } from '../../components/Cli';
import { DataTable, type Column } from '../../components/DataTable';
import { Icon } from '../../components/Icon';
import { PageHead, Tabs } from '../../components/Page';
import { describeError, Empty, Loaded } from '../../components/states';
import { Time } from '../../components/Time';
import { toast } from '../../components/toasts';
import { routes, useUrlState } from '../../components/urlState';
import { command } from '../../domain/cli';
import { FilesTab } from './FilesTab';
import { RevisionsTab } from './RevisionsTab';
import { SecretsTab } from './SecretsTab';

export default function ProjectPage({ id }: { id: string }): ReactElement {
  const project = useProject(id);
  return (
    <>
      {project.data === undefined && <PageHead title={`Project ${id}`} crumbs={[{ to: '/projects', text: 'Projects' }]} />}
      <Loaded query={project}>{(p) => <ProjectView project={p} />}</Loaded>
    </>
  );
}

function ProjectView({ project }: { project: Project }): ReactElement {
  const [params, , linkTo] = useUrlState();
  const [, navigate] = useLocation();
  const tab = params.get('tab') ?? 'workflows';
  const [deleting, setDeleting] = useState(false);
  const remove = useAction<unknown>(['projects'], ['workflows'], ['schedules'], ['overview']);
  const workflows = useProjectWorkflows(project.id);
  const revisions = useRevisions(project.id);
  const secrets = useSecretKeys(project.id);
  const download = async (): Promise<void> => {
    try {
      const bytes = await getBytes(path`projects/${project.id}/archive`, { revision: project.revision });
      const url = URL.createObjectURL(new Blob([bytes], { type: 'application/gzip' }));
      const link = document.createElement('a');
      link.href = url;
      link.download = `${project.name}-${project.revision}.tar.gz`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } catch (failure) {
      toast({ text: `Not downloaded: ${describeError(failure)}`, tone: 'failure' });
    }
  };
  return (
    <>
      <PageHead
        title={project.name}
        crumbs={[{ to: '/projects', text: 'Projects' }]}
        bar
        meta={
          <>
            <span>
              <b>Revision</b> <span className="mono">{project.revision}</span>
            </span>
            <span>
              <b>Updated</b> <Time value={project.updatedAt} show="both" />
            </span>
            <span>
              <b>Created</b> <Time value={project.createdAt} />
            </span>
            <span>
              <b>ID</b> {project.id}
            </span>
          </>
        }
        actions={
          <>
            <button type="button" className="button" onClick={() => void download()}>
              <Icon name="download" /> Download
            </button>
            <button type="button" className="button danger" onClick={() => setDeleting(true)}>
              <Icon name="trash" /> Delete
            </button>
            <Link className="button primary" href={`/projects/${project.id}/edit`}>
              <Icon name="edit" /> Edit
            </Link>
          </>
        }
      />
      <Tabs
        label="Project"
        current={tab}
        tabs={[
          { key: 'workflows', text: 'Workflows', to: linkTo({ tab: null, revision: null, file: null }), count: workflows.data?.length },
          { key: 'files', text: 'Files', to: linkTo({ tab: 'files' }) },
          { key: 'revisions', text: 'Revisions', to: linkTo({ tab: 'revisions', file: null }), count: revisions.data?.length },
          { key: 'secrets', text: 'Secrets', to: linkTo({ tab: 'secrets', file: null }), count: secrets.data?.length },
        ]}
      />
      {tab === 'workflows' && (
        <Loaded query={workflows}>{(list) => (list.length === 0 ? <Empty title="This project has no workflow." /> : <ProjectWorkflows workflows={list} project={project} />)}</Loaded>
      )}
      {tab === 'files' && <FilesTab project={project} />}
      {tab === 'revisions' && <RevisionsTab project={project} />}
      {tab === 'secrets' && <SecretsTab project={project} keys={secrets} />}
      {deleting && (
        <ConfirmDialog
          title={`Delete ${project.name}?`}
          button="Delete the project"
          typed={project.name}
          busy={remove.busy}
          failure={remove.failure}
          onClose={() => setDeleting(false)}
          onConfirm={() =>
            void remove
              .run(async () => {
                await deleteJson(path`projects/${project.id}`);
                return true;
              })
              .then((done) => {
                if (!done) return;
                toast({ text: `${project.name} was deleted.`, tone: 'success' });
                navigate('/projects');
              })
          }
        >
          <p>Its schedules end and its name becomes free. Sessions and their logs stay readable; running attempts go on.</p>
          <Cli command={command('wf', 'delete', project.name)} />
        </ConfirmDialog>
      )}
    </>
  );
}

function ProjectWorkflows({ workflows, project }: { workflows: readonly Workflow[]; project: Project }): ReactElement {
  const schedules = useSchedules();
  const columns: Column<Workflow>[] = [
    {
      key: 'name',
      head: 'Workflow',
      cell: (w) => (
        <Link className="name" data-rowlink="" href={routes.workflow(project.id, w.name)}>
          {w.name}
        </Link>
      ),
      card: 'main',
      className: 'clip',
    },
    { key: 'zone', head: 'Zone', cell: (w) => w.timezone },
    { key: 'tasks', head: 'Top tasks', cell: (w) => Object.keys(w.config).filter((k) => k.startsWith('+')).length, card: { label: 'tasks' } },
    {
      key: 'next',
      head: 'Next run',
      cell: (w) => {
        const s = schedules.data?.find((x) => x.project.id === project.id && x.workflow.name === w.name);
        return s && (s.disabledAt === null ? <Time value={s.nextRunTime} show="both" /> : <span className="muted">paused</span>);
      },
      card: { label: 'next' },
    },
    {
      key: 'sessions',
      head: <span className="visually-hidden">Sessions</span>,
      cell: (w) => <Link href={`/sessions?project=${encodeURIComponent(project.name)}&workflow=${encodeURIComponent(w.name)}`}>Sessions</Link>,
      className: 'number',
    },
  ];
  return <DataTable caption="Workflows of the project" columns={columns} rows={workflows} rowKey={(w) => w.id} />;
}
