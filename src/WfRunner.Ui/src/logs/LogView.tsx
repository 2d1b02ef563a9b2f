import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { Task } from '../api/types';
import { CopyButton, copyText } from '../components/Copy';
import { Icon } from '../components/Icon';
import { Empty, Problem, Skeleton } from '../components/states';
import { Switch } from '../components/Switch';
import { useSetting } from '../components/settings';
import { Time, useZone } from '../components/Time';
import { useUrlState } from '../components/urlState';
import { useShortcuts } from '../keyboard/shortcuts';
import { colourLine, stripAnsi } from './ansi';
import { levels, mostMatches, type LogDocument } from './document';
import { DownloadDialog } from './DownloadDialog';
import './logs.css';
import { saveAs } from './saveAs';
import { useLog } from './useLog';
import { inZone } from './zone';

const lineHeight = 18;
/** Wrapped lines have heights of their own, which have to be measured; that does not work for more lines than this. */
const mostWrapped = 50_000;

export default function LogView({ attemptId, running, tasks }: { attemptId: string; running: boolean; tasks: readonly Task[] }): ReactElement {
  const [params, set] = useUrlState();
  const taskName = params.get('task') ?? undefined;
  const lineLink = Number(params.get('line')) || undefined;
  const level = Math.max(0, levels.indexOf((params.get('level') ?? '') as (typeof levels)[number]));
  const log = useLog(attemptId, taskName, running);
  const { document } = log;
  const [wrapSetting, setWrap] = useSetting('wrap');
  const canWrap = document.rowCount <= mostWrapped;
  const wrap = wrapSetting === 'on' && canWrap;
  const [follow, setFollow] = useState(running && lineLink === undefined);
  const [search, setSearch] = useState(params.get('find') ?? '');
  const wanted = useDeferredValue(search);
  const matches = useMemo(() => (wanted.length > 1 ? document.search(wanted) : []), [document, wanted]);
  const [match, setMatch] = useState(0);
  const rows = useMemo(() => (level > 0 ? document.rowsFrom(level) : undefined), [document, level]);
  const zone = useZone();
  const scroller = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const count = rows ? rows.length : document.rowCount;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 30,
  });

  const rowOf = (line: number): number => {
    const row = document.rowOfLine(line);
    if (!rows) return row;
    let at = rows.findIndex((r) => r >= row);
    if (at === -1) at = rows.length - 1;
    return at;
  };
  const goTo = (line: number): void => {
    setFollow(false);
    virtual.scrollToIndex(rowOf(line), { align: 'center' });
  };

  // The tail follows as long as nobody scrolls up.
  const lastTop = useRef(0);
  useLayoutEffect(() => {
    if (follow && count > 0 && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [follow, count, document]);
  const onScroll = (): void => {
    const element = scroller.current!;
    const up = element.scrollTop < lastTop.current - 2;
    lastTop.current = element.scrollTop;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < lineHeight * 2;
    if (follow && up && !atEnd) setFollow(false);
  };
  const linked = useRef(false);
  useEffect(() => {
    if (linked.current || lineLink === undefined || document.lineCount < lineLink) return;
    linked.current = true;
    virtual.scrollToIndex(rowOf(lineLink), { align: 'center' });
  });

  const step = (by: number): void => {
    if (matches.length === 0) return;
    const next = (match + by + matches.length) % matches.length;
    setMatch(next);
    goTo(matches[next]!);
  };
  useEffect(() => {
    setMatch(0);
    if (matches.length > 0) virtual.scrollToIndex(rowOf(matches[0]!), { align: 'center' });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only a new search jumps, not every new line
  }, [wanted]);
  const onSearchKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      setSearch('');
      scroller.current?.focus();
    }
  };
  useShortcuts({
    f: () => setFollow((on) => !on),
    '/': () => field.current?.focus(),
    n: () => step(1),
    N: () => step(-1),
    w: () => setWrap(wrapSetting === 'on' ? 'off' : 'on'),
  });

  const names = useMemo(() => [...new Set((log.files ?? []).map((f) => f.taskName))].sort(), [log.files]);
  const currentLine = matches[match];
  const shownText = (): string => textOf(document, rows);
  const [saving, setSaving] = useState(false);

  return (
    <div className="log">
      <div className="filters log-tools">
        <select className="select" aria-label="Task" value={taskName ?? ''} onChange={(e) => set({ task: e.target.value, line: null })}>
          <option value="">All tasks, in order of time</option>
          {taskName !== undefined && !names.includes(taskName) && <option>{taskName}</option>}
          {names.map((n) => (
            <option key={n}>{n}</option>
          ))}
        </select>
        <select className="select" aria-label="Level" value={params.get('level') ?? ''} onChange={(e) => set({ level: e.target.value })}>
          <option value="">All levels</option>
          <option value="INFO">Info and above</option>
          <option value="WARN">Warnings and errors</option>
          <option value="ERROR">Errors</option>
        </select>
        <div className="log-search" role="search">
          <input ref={field} className="input" type="search" aria-label="Search the log" placeholder="Search" value={search} onChange={(e) => setSearch(e.target.value)} onKeyDown={onSearchKey} />
          <button type="button" className="button quiet icon small" aria-label="Previous match" disabled={matches.length === 0} onClick={() => step(-1)}>
            <Icon name="up" />
          </button>
          <button type="button" className="button quiet icon small" aria-label="Next match" disabled={matches.length === 0} onClick={() => step(1)}>
            <Icon name="down" />
          </button>
          <span className="muted" role="status">
            {wanted.length > 1 && (matches.length === 0 ? 'not found' : `${match + 1} of ${matches.length}${matches.length >= mostMatches ? '+' : ''}`)}
          </span>
        </div>
        <form
          className="log-goto"
          onSubmit={(e) => {
            e.preventDefault();
            const line = Number(new FormData(e.currentTarget).get('line'));
            if (line < 1 || line > document.lineCount) return;
            set({ line: String(line) });
            goTo(line);
          }}
        >
          <input key={lineLink} name="line" className="input" type="number" min="1" aria-label="Go to line" placeholder="Line" defaultValue={lineLink} />
          {lineLink !== undefined && <CopyButton icon="link" label={`Copy a link to line ${lineLink}`} text={() => window.location.href} />}
        </form>
        <Switch on={wrap} label="Wrap long lines" text="Wrap" disabled={!canWrap} onChange={(on) => setWrap(on ? 'on' : 'off')} />
        {running && <Switch on={follow} label="Follow new lines" text="Follow" onChange={setFollow} />}
        <span className="log-actions">
          <button type="button" className="button quiet icon small" aria-label="Copy the log" data-tip="Copy the log" disabled={count === 0} onClick={() => void copyText(stripAnsi(shownText()))}>
            <Icon name="copy" />
          </button>
          <button
            type="button"
            className="button quiet icon small"
            aria-label="Download logs"
            data-tip="Download logs"
            disabled={count === 0}
            onClick={() => setSaving(true)}
          >
            <Icon name="download" />
          </button>
        </span>
      </div>
      {log.failure !== undefined && log.failure !== null && <Problem failure={log.failure} />}
      {log.loading && document.lineCount === 0 ? (
        <Skeleton rows={12} />
      ) : document.lineCount === 0 ? (
        <Empty title={taskName === undefined ? 'No log has been written.' : 'This task has written no log.'}>
          {taskName !== undefined && <p className="mono">{taskName}</p>}
          {running && tasks.length > 0 && <p>Lines appear here as they are written.</p>}
        </Empty>
      ) : (
        <>
          {log.earlier > 0 && (
            <button type="button" className="button small" onClick={log.loadEarlier}>
              Load earlier files ({log.earlier})
            </button>
          )}
          <div className={wrap ? 'log-lines wrapped' : 'log-lines'} ref={scroller} onScroll={onScroll} tabIndex={0} role="region" aria-label={`Log, ${document.lineCount} lines`}>
            <div className="log-canvas" style={{ height: virtual.getTotalSize() }}>
              {virtual.getVirtualItems().map((item) => {
                const row = document.row(rows ? rows[item.index]! : item.index);
                const style = { transform: `translateY(${item.start}px)` };
                if (row.kind === 'head') {
                  return (
                    <div key={item.key} className="log-head" style={style} data-index={item.index} ref={wrap ? virtual.measureElement : undefined}>
                      <span className="log-head-name">{row.source.taskName}</span>
                      {row.source.attempt > 1 && <span>try {row.source.attempt}</span>}
                      <Time value={row.source.fileTime} />
                      <span>{row.source.agentId}</span>
                    </div>
                  );
                }
                return (
                  <div
                    key={item.key}
                    className={['log-line', row.number === lineLink ? 'linked' : '', row.number === currentLine ? 'current' : ''].join(' ')}
                    data-level={levels[row.source.part.levels[row.index]!]}
                    style={style}
                    data-index={item.index}
                    ref={wrap ? virtual.measureElement : undefined}
                  >
                    {/* For the mouse; the field "Line" does the same for the keyboard. */}
                    <span className="log-number" onClick={() => set({ line: String(row.number) })}>
                      {row.number}
                    </span>
                    <Line text={inZone(document.text(row.source, row.index), zone)} find={wanted.length > 1 ? wanted : ''} />
                  </div>
                );
              })}
            </div>
          </div>
          <div className="table-foot">
            <span>
              {document.lineCount.toLocaleString('en')} {document.lineCount === 1 ? 'line' : 'lines'}
              {rows && `, ${(rows.length - (document.rowCount - document.lineCount)).toLocaleString('en')} of this level`}
            </span>
            {log.later > 0 && (
              <button type="button" className="button small" onClick={log.loadLater}>
                Load later files ({log.later})
              </button>
            )}
            {running && !follow && (
              <button type="button" className="button small" onClick={() => setFollow(true)}>
                <Icon name="down" /> Jump to the end
              </button>
            )}
            {log.loading && <span>Reading…</span>}
          </div>
        </>
      )}
      {saving && log.files && (
        <DownloadDialog
          attemptId={attemptId}
          files={log.files}
          shownLines={rows ? rows.length - (document.rowCount - document.lineCount) : document.lineCount}
          onSaveShown={() => saveAs(`attempt-${attemptId}${taskName ?? ''}.log.txt`, new Blob([shownText()], { type: 'text/plain' }))}
          onClose={() => setSaving(false)}
        />
      )}
    </div>
  );
}

function Line({ text, find }: { text: string; find: string }): ReactElement {
  const pieces = colourLine(text);
  return (
    <span className="log-text">
      {pieces.map((piece, i) =>
        piece.className === '' ? (
          <Marked key={i} text={piece.text} find={find} />
        ) : (
          <span key={i} className={piece.className}>
            <Marked text={piece.text} find={find} />
          </span>
        ),
      )}
    </span>
  );
}

/** A text with what was searched for marked in it. */
function Marked({ text, find }: { text: string; find: string }): ReactElement {
  if (find === '') return <>{text}</>;
  const parts: ReactElement[] = [];
  const lower = text.toLowerCase();
  const wanted = find.toLowerCase();
  let at = 0;
  for (let hit = lower.indexOf(wanted); hit !== -1 && parts.length < 200; hit = lower.indexOf(wanted, at)) {
    parts.push(<span key={at}>{text.slice(at, hit)}</span>, <mark key={`m${hit}`}>{text.slice(hit, hit + wanted.length)}</mark>);
    at = hit + wanted.length;
  }
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  );
}

function textOf(document: LogDocument, rows: Uint32Array | undefined): string {
  if (!rows) return document.sources.map((s) => s.part.text).join('');
  const lines: string[] = [];
  for (const at of rows) {
    const row = document.row(at);
    if (row.kind === 'line') lines.push(document.text(row.source, row.index));
  }
  return lines.join('\n') + '\n';
}
