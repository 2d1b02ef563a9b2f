import { useMemo, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useLocation } from 'wouter';
import { useProjects, useWorkflows } from '../api/queries';
import { matches } from '../domain/match';
import { Dialog } from './Dialog';
import { routes } from './urlState';

interface Found {
  key: string;
  text: string;
  kind: string;
  to: string;
}

const most = 50;

/** Goes to a workflow, a project, or a session or attempt by its id. */
export function Palette({ onClose }: { onClose: () => void }): ReactElement {
  const [, navigate] = useLocation();
  const workflows = useWorkflows();
  const projects = useProjects();
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(() => {
    const list: Found[] = [];
    const id = /^#?(\d+)$/.exec(search.trim())?.[1];
    if (id !== undefined) {
      list.push({ key: `s${id}`, text: `Session ${id}`, kind: 'session', to: routes.session(id) });
      list.push({ key: `a${id}`, text: `Attempt ${id}`, kind: 'attempt', to: routes.attempt(id) });
    }
    for (const w of workflows.data ?? []) {
      if (list.length >= most) break;
      if (matches(search, w.name, w.project.name)) list.push({ key: `w${w.id}`, text: w.name, kind: w.project.name, to: routes.workflow(w.project.id, w.name) });
    }
    for (const p of projects.data ?? []) {
      if (list.length >= most + 20) break;
      if (matches(search, p.name)) list.push({ key: `p${p.id}`, text: p.name, kind: 'project', to: routes.project(p.id) });
    }
    return list;
  }, [search, workflows.data, projects.data]);
  const current = Math.min(at, Math.max(0, found.length - 1));
  const go = (entry: Found | undefined): void => {
    if (!entry) return;
    onClose();
    navigate(entry.to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(current + step, found.length - 1));
    setAt(next);
    document.getElementById(`found-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <Dialog title="Find" onClose={onClose} onSubmit={() => go(found[current])}>
      <input
        className="input"
        type="search"
        role="combobox"
        aria-label="Workflow, project, or id of a session"
        aria-expanded="true"
        aria-controls="found"
        aria-activedescendant={found.length > 0 ? `found-${current}` : undefined}
        placeholder="Workflow, project, or id of a session"
        autoComplete="off"
        spellCheck={false}
        value={search}
        onChange={(e) => {
          setSearch(e.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="palette-list" id="found" role="listbox" aria-label="Found">
        {found.map((entry, i) => (
          <div key={entry.key} id={`found-${i}`} role="option" aria-selected={i === current} className="palette-item" onClick={() => go(entry)} onPointerMove={() => setAt(i)}>
            <span>{entry.text}</span>
            <span className="sub">{entry.kind}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="muted">Nothing is called that.</p>}
    </Dialog>
  );
}
