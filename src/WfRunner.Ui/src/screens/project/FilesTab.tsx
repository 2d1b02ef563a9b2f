import type { ReactElement } from 'react';
import { useArchive, useRevisions } from '../../api/queries';
import type { Project } from '../../api/types';
import { Code, languageOf } from '../../components/Code';
import { Empty, Loaded } from '../../components/states';
import { useUrlState } from '../../components/urlState';
import type { ArchiveFile } from '../../domain/archive';
import { formatBytes } from '../../domain/bytes';

const largestShown = 2_000_000;

/** The files of a revision. */
export function FilesTab({ project }: { project: Project }): ReactElement {
  const [params, set, linkTo] = useUrlState();
  const revision = params.get('revision') ?? project.revision;
  const revisions = useRevisions(project.id);
  const archive = useArchive(project.id, revision);
  return (
    <>
      <div className="filters">
        <label className="inline-field">
          <span className="muted">Revision</span>
          <select className="select" value={revision} onChange={(e) => set({ revision: e.target.value === project.revision ? null : e.target.value })}>
            {!revisions.data?.some((r) => r.revision === revision) && <option>{revision}</option>}
            {revisions.data?.map((r, i) => (
              <option key={r.revision} value={r.revision}>
                {r.revision}
                {i === 0 ? ' (newest)' : ''}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Loaded query={archive}>
        {(found) => {
          if (found === null) return <Empty title="The files of this revision are not stored." />;
          const file = found.files.find((f) => f.path === params.get('file')) ?? found.files[0];
          return (
            <div className="files">
              <nav aria-label="Files">
                <ul className="file-list">
                  {found.files.map((f) => (
                    <li key={f.path}>
                      <a
                        href={linkTo({ file: f.path })}
                        aria-current={f === file ? 'true' : undefined}
                        onClick={(e) => {
                          e.preventDefault();
                          set({ file: f.path });
                        }}
                      >
                        <span className="mono">{f.path}</span>
                        <span className="sub">{formatBytes(f.data.length)}</span>
                      </a>
                    </li>
                  ))}
                </ul>
              </nav>
              {file ? <FileView file={file} /> : <Empty title="The archive is empty." />}
            </div>
          );
        }}
      </Loaded>
    </>
  );
}

export function FileView({ file }: { file: ArchiveFile }): ReactElement {
  if (!file.isText) return <Empty title="A binary file.">{formatBytes(file.data.length)}</Empty>;
  if (file.data.length > largestShown) return <Empty title="Too large to show.">{formatBytes(file.data.length)}; download the project to read it.</Empty>;
  return <Code text={new TextDecoder().decode(file.data).replace(/\n$/, '')} language={languageOf(file.path)} numbered label={file.path} />;
}
