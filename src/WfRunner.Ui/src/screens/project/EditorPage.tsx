import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { Link, useLocation } from 'wouter';
import { useAction } from '../../actions/useAction';
import { getBytes, getJson, path, putArchive } from '../../api/client';
import { useArchive, useProject } from '../../api/queries';
import type { Diagnostic, Project } from '../../api/types';
import { Dialog } from '../../components/Dialog';
import { Icon } from '../../components/Icon';
import { PageHead } from '../../components/Page';
import { Empty, Loaded, Problem } from '../../components/states';
import { toast } from '../../components/toasts';
import { routes, useUrlState } from '../../components/urlState';
import { readArchive, textOf, writeArchive, type Archive } from '../../domain/archive';
import { formatBytes } from '../../domain/bytes';
import { Findings, summaryOf } from './Findings';
import { ArchiveDiff } from './RevisionsTab';
import { TextEditor, type Caret } from './TextEditor';
import { useCheck } from './useCheck';
import { uniqueName } from '../../domain/uuid';

const template = `timezone: UTC

+hello:
  echo>: hello
`;

const nothing: Archive = { files: [], entries: [] };

/** Writes a new project, or a new revision of one. */
export default function EditorPage({ projectId }: { projectId?: string }): ReactElement {
  const project = useProject(projectId ?? '');
  if (projectId === undefined) return <Editor base={nothing} />;
  return (
    <>
      {project.data === undefined && <PageHead title="Edit" />}
      <Loaded query={project}>{(p) => <ExistingProject project={p} />}</Loaded>
    </>
  );
}

function ExistingProject({ project }: { project: Project }): ReactElement {
  // The revision that was newest when editing began: what somebody else pushes later must not slip in unseen.
  const [begun] = useState(project);
  const archive = useArchive(begun.id, begun.revision);
  return (
    <Loaded query={archive}>
      {(found) => (found === null ? <Empty title="The files of this project are not stored on the server, so they cannot be edited here." /> : <Editor project={begun} base={found} />)}
    </Loaded>
  );
}

function Editor({ project, base }: { project?: Project; base: Archive }): ReactElement {
  const [params, set] = useUrlState();
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const [name, setName] = useState(project?.name ?? '');
  const [revision, setRevision] = useState(newRevision);
  const [changes, setChanges] = useState<ReadonlyMap<string, string | Uint8Array<ArrayBuffer> | null>>(() => new Map(project ? [] : [['main.dig', template]]));
  const [review, setReview] = useState<{ archive: Archive; theirs?: Archive; newest?: string }>();
  const [adding, setAdding] = useState('');
  const save = useAction<Project>(['projects'], ['project'], ['workflows'], ['schedules']);
  const look = useAction<boolean>();
  const upload = useRef<HTMLInputElement>(null);

  const paths = useMemo(() => {
    const all = new Set([...base.files.map((f) => f.path), ...changes.keys()]);
    return [...all].sort((a, b) => Number(b.endsWith('.dig')) - Number(a.endsWith('.dig')) || (a < b ? -1 : 1));
  }, [base, changes]);
  const alive = paths.filter((p) => changes.get(p) !== null);
  const current = alive.find((p) => p === params.get('file')) ?? alive[0];
  const original = base.files.find((f) => f.path === current);
  const changed = current === undefined ? undefined : changes.get(current);
  const text = typeof changed === 'string' ? changed : changed === undefined && original?.isText ? textOf(original) : undefined;
  const dirty = changes.size > 0;
  const check = useCheck(base, changes, name);
  const report = 'report' in check ? check.report : undefined;
  const [caret, setCaret] = useState<Caret>();
  const openFinding = (finding: Diagnostic): void => {
    if (finding.file === null) return;
    set({ file: finding.file });
    setCaret({ path: finding.file, line: finding.line ?? 1, column: finding.column ?? 1 });
  };
  const change = (filePath: string, value: string | Uint8Array<ArrayBuffer> | null | undefined): void =>
    setChanges((all) => {
      const next = new Map(all);
      const before = base.files.find((f) => f.path === filePath);
      if (value === undefined || (value === null && !before) || (typeof value === 'string' && before?.isText && textOf(before) === value)) next.delete(filePath);
      else next.set(filePath, value);
      return next;
    });

  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [dirty]);

  // The button stays enabled meanwhile: a disabled one would lose the focus, which comes back to it from the dialog.
  const startReview = (): void => {
    if (look.busy) return;
    void look.run(async () => {
      const archive = await readArchive(await writeArchive(base, changes));
      if (!project) {
        setReview({ archive });
        return true;
      }
      const now = await getJson<Project>(path`projects/${project.id}`);
      if (now.revision === project.revision) setReview({ archive });
      else setReview({ archive, newest: now.revision, theirs: await readArchive(await getBytes(path`projects/${project.id}/archive`, { revision: now.revision })) });
      return true;
    });
  };

  const push = async (on: Archive): Promise<void> => {
    const done = await save.run(async () => putArchive<Project>('projects', await writeArchive(on, changes), { project: name, revision }));
    if (!done) return;
    setChanges(new Map());
    setReview(undefined);
    await client.invalidateQueries({ queryKey: ['project', done.id] });
    toast({ text: `Revision ${done.revision} is saved.`, tone: 'success' });
    navigate(routes.project(done.id));
  };

  const addFile = (): void => {
    const wanted = adding.trim().replace(/^\/+/, '');
    if (wanted === '' || wanted.split('/').includes('..')) return;
    if (!alive.includes(wanted)) change(wanted, '');
    setAdding('');
    set({ file: wanted });
  };

  return (
    <>
      <PageHead
        title={project ? `Edit ${project.name}` : 'New project'}
        crumbs={[{ to: '/projects', text: 'Projects' }, ...(project ? [{ to: routes.project(project.id), text: project.name }] : [])]}
        bar
        actions={
          <>
            <Link className="button" href={project ? routes.project(project.id) : '/projects'}>
              Discard
            </Link>
            <button type="button" className="button primary" disabled={!dirty || name.trim() === ''} aria-busy={look.busy} onClick={startReview}>
              {project ? 'Review and save' : 'Save'}
            </button>
          </>
        }
      />
      {look.failure !== undefined && <Problem failure={look.failure} />}
      <div className="editor-fields">
        <div className="field">
          <label htmlFor="editor-name">Name</label>
          <input id="editor-name" className="input" value={name} readOnly={project !== undefined} placeholder="my-project" autoComplete="off" onChange={(e) => setName(e.target.value)} />
        </div>
        <div className="field">
          <label htmlFor="editor-revision">New revision</label>
          <input id="editor-revision" className="input" value={revision} autoComplete="off" onChange={(e) => setRevision(e.target.value)} />
        </div>
      </div>
      <div className="files">
        <nav aria-label="Files">
          <ul className="file-list">
            {paths.map((p) => {
              const value = changes.get(p);
              const state = value === null ? 'deleted' : value === undefined ? '' : base.files.some((f) => f.path === p) ? 'changed' : 'new';
              return (
                <li key={p}>
                  <button type="button" aria-current={p === current ? 'true' : undefined} disabled={value === null} onClick={() => set({ file: p })}>
                    <span className="mono">{p}</span>
                    <span className="sub">{state}</span>
                  </button>
                  {value === null && (
                    <button type="button" className="link-button" onClick={() => change(p, undefined)}>
                      restore
                    </button>
                  )}
                </li>
              );
            })}
          </ul>
          <form
            className="add-file"
            onSubmit={(e) => {
              e.preventDefault();
              addFile();
            }}
          >
            <input className="input" aria-label="Path of the new file" placeholder="new.dig" value={adding} onChange={(e) => setAdding(e.target.value)} />
            <button type="submit" className="button" disabled={adding.trim() === ''}>
              <Icon name="plus" /> Add
            </button>
          </form>
        </nav>
        {current === undefined ? (
          <Empty title="No file." />
        ) : (
          <div className="editor">
            <div className="section-head">
              <h2 className="mono">{current}</h2>
              <input
                ref={upload}
                type="file"
                hidden
                onChange={(e) => {
                  const file = e.target.files?.[0];
                  if (file) void file.arrayBuffer().then((b) => change(current, new Uint8Array(b)));
                }}
              />
              <button type="button" className="button small" onClick={() => upload.current?.click()}>
                Upload in its place
              </button>
              {changed !== undefined && original && (
                <button type="button" className="button small" onClick={() => change(current, undefined)}>
                  Undo changes
                </button>
              )}
              <button type="button" className="button small danger" onClick={() => change(current, null)}>
                <Icon name="trash" /> Delete file
              </button>
            </div>
            {text === undefined ? (
              <Empty title="A binary file.">{formatBytes(changed instanceof Uint8Array ? changed.length : (original?.data.length ?? 0))}. It is kept byte for byte.</Empty>
            ) : (
              <TextEditor
                key={current}
                path={current}
                text={text}
                findings={report?.diagnostics.filter((d) => d.file === current)}
                caret={caret?.path === current ? caret : undefined}
                onChange={(value) => change(current, value)}
              />
            )}
            <Findings check={check} file={current} onOpen={openFinding} />
          </div>
        )}
      </div>
      {review && (
        <Dialog
          title={project ? `Save a revision of ${name}` : `Create ${name}`}
          wide
          onClose={() => {
            setReview(undefined);
            save.clear();
          }}
          onSubmit={() => void push(base)}
          footer={
            <>
              <button type="button" className="button" onClick={() => setReview(undefined)}>
                Back
              </button>
              {review.theirs ? (
                <>
                  <button type="submit" className="button danger" disabled={save.busy}>
                    Save mine, drop theirs
                  </button>
                  <button type="button" className="button primary" disabled={save.busy} onClick={() => void push(review.theirs!)}>
                    Put my changes onto theirs
                  </button>
                </>
              ) : (
                <button type="submit" className="button primary" disabled={save.busy}>
                  {save.busy ? 'Saving…' : 'Save'}
                </button>
              )}
            </>
          }
        >
          {save.failure !== undefined && <Problem failure={save.failure} title="Not saved." />}
          {save.failure === undefined && check.state === 'checked' && check.report.diagnostics.length > 0 && (
            <div className={check.report.ok ? 'problem warning' : 'problem'} role="note">
              <p>
                The check finds {summaryOf(check.report)}. {!check.report.ok && 'The server may refuse this revision.'}
              </p>
            </div>
          )}
          {review.theirs && (
            <>
              <div className="problem warning" role="alert">
                <p>Somebody pushed revision {review.newest} after you began. This is what they changed:</p>
              </div>
              <ArchiveDiff id={`theirs ${review.newest}`} older={base} newer={review.theirs} />
              <h3>What you changed</h3>
            </>
          )}
          <ArchiveDiff id={`mine ${revision} ${[...changes].map(([p, v]) => p + (typeof v === 'string' ? v : '')).join('\n')}`} older={base} newer={review.archive} />
        </Dialog>
      )}
    </>
  );
}

function newRevision(): string {
  return uniqueName();
}
