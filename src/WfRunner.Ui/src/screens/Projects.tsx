import { useMemo, type ReactElement } from 'react';
import { Link } from 'wouter';
import { useProjects, useWorkflows } from '../api/queries';
import type { Project } from '../api/types';
import { DataTable, type Column } from '../components/DataTable';
import { Icon } from '../components/Icon';
import { PageHead } from '../components/Page';
import { Empty, Loaded } from '../components/states';
import { Time } from '../components/Time';
import { routes, useUrlState } from '../components/urlState';
import { matches } from '../domain/match';

export default function Projects(): ReactElement {
  const [params, set] = useUrlState();
  const search = params.get('q') ?? '';
  const projects = useProjects();
  const workflows = useWorkflows();
  const counts = useMemo(() => {
    const map = new Map<string, number>();
    for (const w of workflows.data ?? []) map.set(w.project.id, (map.get(w.project.id) ?? 0) + 1);
    return map;
  }, [workflows.data]);
  const rows = useMemo(
    () => (projects.data ?? []).filter((p) => matches(search, p.name)).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    [projects.data, search],
  );
  const columns: Column<Project>[] = [
    {
      key: 'name',
      head: 'Project',
      cell: (p) => (
        <Link className="name" data-rowlink="" href={routes.project(p.id)}>
          {p.name}
        </Link>
      ),
      card: 'main',
      className: 'clip',
    },
    { key: 'workflows', head: 'Workflows', cell: (p) => (workflows.data ? (counts.get(p.id) ?? 0) : ''), card: { label: 'workflows' }, className: 'number' },
    { key: 'revision', head: 'Revision', cell: (p) => <span className="mono">{p.revision}</span>, card: { label: 'revision' }, className: 'clip' },
    { key: 'updated', head: 'Updated', cell: (p) => <Time value={p.updatedAt} show="both" /> },
    { key: 'created', head: 'Created', cell: (p) => <Time value={p.createdAt} />, card: 'none' },
    { key: 'id', head: 'ID', cell: (p) => <span className="muted">{p.id}</span>, card: 'none' },
  ];
  return (
    <>
      <PageHead
        title="Projects"
        actions={
          <Link className="button" href="/projects/new">
            <Icon name="plus" /> New project
          </Link>
        }
      />
      <div className="filters" role="search" aria-label="Filter projects">
        <input className="input" type="search" aria-label="Search projects" placeholder="Name" value={search} onChange={(e) => set({ q: e.target.value })} />
        <span className="muted" role="status">
          {projects.data && (rows.length === projects.data.length ? `${rows.length}` : `${rows.length} of ${projects.data.length}`)}
        </span>
      </div>
      <Loaded query={projects} rows={8}>
        {(all) =>
          all.length === 0 ? (
            <Empty title="No project yet.">
              <p>
                Push one with <code>wf push NAME</code>, or <Link href="/projects/new">write one here</Link>.
              </p>
            </Empty>
          ) : rows.length === 0 ? (
            <Empty title="No project matches." />
          ) : (
            <DataTable caption="Projects" columns={columns} rows={rows} rowKey={(p) => p.id} />
          )
        }
      </Loaded>
    </>
  );
}
