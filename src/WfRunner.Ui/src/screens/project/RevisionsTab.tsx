import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { useArchive, useRevisions } from '../../api/queries';
import type { JsonObject, Project, Revision } from '../../api/types';
import { DataTable, type Column } from '../../components/DataTable';
import { Section } from '../../components/Page';
import { Empty, Loaded, Skeleton } from '../../components/states';
import { Time } from '../../components/Time';
import { useUrlState } from '../../components/urlState';
import type { Archive } from '../../domain/archive';

/** The revisions of a project, and what changed between two of them. */
export function RevisionsTab({ project }: { project: Project }): ReactElement {
  const [params, set, linkTo] = useUrlState();
  const revisions = useRevisions(project.id);
  return (
    <Loaded query={revisions}>
      {(list) => {
        const newer = params.get('to') ?? list[0]?.revision;
        const at = list.findIndex((r) => r.revision === newer);
        const older = params.get('from') ?? list[at + 1]?.revision;
        const columns: Column<Revision>[] = [
          { key: 'revision', head: 'Revision', cell: (r) => <span className="mono name">{r.revision}</span>, card: 'main', className: 'clip' },
          { key: 'created', head: 'Pushed', cell: (r) => <Time value={r.createdAt} show="both" /> },
          { key: 'who', head: 'By', cell: (r) => <Who info={r.userInfo} /> },
          {
            key: 'links',
            head: <span className="visually-hidden">Actions</span>,
            cell: (r) => {
              const before = list[list.indexOf(r) + 1]?.revision;
              return (
                <span className="row-actions">
                  <Link href={linkTo({ tab: 'files', revision: r.revision })}>Files</Link>
                  {before !== undefined && (
                    <a href={linkTo({ from: before, to: r.revision })} data-rowlink="" onClick={(e) => {
                        e.preventDefault();
                        set({ from: before, to: r.revision });
                      }}>
                      Changes
                    </a>
                  )}
                </span>
              );
            },
            className: 'number',
          },
        ];
        return (
          <>
            <DataTable caption="Revisions" columns={columns} rows={list} rowKey={(r) => r.revision} />
            {newer !== undefined && older !== undefined && (
              <Section
                title="Changes"
                aside={
                  <span className="inline-field">
                    <RevisionSelect label="Older revision" list={list} value={older} onChange={(from) => set({ from })} />
                    →
                    <RevisionSelect label="Newer revision" list={list} value={newer} onChange={(to) => set({ to })} />
                  </span>
                }
              >
                <Changes project={project} from={older} to={newer} />
              </Section>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function RevisionSelect({ label, list, value, onChange }: { label: string; list: readonly Revision[]; value: string; onChange: (value: string) => void }): ReactElement {
  return (
    <select className="select" aria-label={label} value={value} onChange={(e) => onChange(e.target.value)}>
      {!list.some((r) => r.revision === value) && <option>{value}</option>}
      {list.map((r) => (
        <option key={r.revision}>{r.revision}</option>
      ))}
    </select>
  );
}

function Who({ info }: { info: JsonObject | null }): ReactElement | null {
  const named = info?.['name'] ?? info?.['email'] ?? info?.['user'];
  return typeof named === 'string' ? <span>{named}</span> : null;
}

function Changes({ project, from, to }: { project: Project; from: string; to: string }): ReactElement {
  const older = useArchive(project.id, from);
  const newer = useArchive(project.id, to);
  if (older.data === undefined || newer.data === undefined) return <Skeleton rows={4} />;
  if (older.data === null || newer.data === null) return <Empty title="The files of one of them are not stored." />;
  return <ArchiveDiff id={`${project.id} ${from} ${to}`} older={older.data} newer={newer.data} />;
}

/** What differs between two archives, file by file. */
export function ArchiveDiff({ id, older, newer }: { id: string; older: Archive; newer: Archive }): ReactElement {
  const diff = useQuery({
    queryKey: ['diff', id],
    queryFn: async () => (await import('../../domain/diff')).compareArchives(older, newer),
    staleTime: Infinity,
    gcTime: 60_000,
  });
  return (
    <Loaded query={diff}>
      {(files) =>
        files.length === 0 ? (
          <Empty title="Nothing differs." />
        ) : (
          <div className="diff">
            {files.map((f) => (
              <details key={f.path} open={files.length <= 12}>
                <summary>
                  <span className="mono">{f.path}</span> <span className="muted">{f.kind}</span>
                  {f.added > 0 && <span className="diff-plus"> +{f.added}</span>}
                  {f.removed > 0 && <span className="diff-minus"> −{f.removed}</span>}
                </summary>
                {f.lines.length > 0 && (
                  <div className="code" tabIndex={0} role="region" aria-label={`Changes of ${f.path}`}>
                    <pre>
                      {f.lines.map((line, i) => (
                        <span key={i} className={`diff-line ${line.kind}`}>
                          <span className="diff-sign" aria-label={line.kind === 'add' ? 'added' : line.kind === 'remove' ? 'removed' : undefined}>
                            {line.kind === 'add' ? '+' : line.kind === 'remove' ? '−' : line.kind === 'skip' ? '⋯' : ' '}
                          </span>
                          {line.text}
                        </span>
                      ))}
                    </pre>
                  </div>
                )}
              </details>
            ))}
          </div>
        )
      }
    </Loaded>
  );
}
