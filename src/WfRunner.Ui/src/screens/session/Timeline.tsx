import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { Typical } from '../../api/queries';
import type { Attempt } from '../../api/types';
import { Icon, StatusShape } from '../../components/Icon';
import { Empty } from '../../components/states';
import { useFormatTime, useNow, useZone } from '../../components/Time';
import { useUrlState } from '../../components/urlState';
import { formatBarDuration, formatDuration } from '../../domain/duration';
import { isTaskDone, taskStatus } from '../../domain/status';
import { spanOf, toRows, visibleChildren, type TaskNode, type TaskRow, type TaskTree } from '../../domain/tasks';
import { toLocal } from '../../domain/time';
import { paceOf } from '../../domain/typical';

interface TimelineProps {
  tree: TaskTree;
  attempt: Attempt;
  typicals: ReadonlyMap<string, Typical>;
  selected: string | undefined;
  onSelect: (fullName: string) => void;
}

/** A group with more tasks than this starts closed. */
const openUpTo = 60;
const rowHeight = 28;

/** When each task ran: a tree of names with a bar on a common line of time. */
export function Timeline({ tree, attempt, typicals, selected, onSelect }: TimelineProps): ReactElement {
  const [params, set] = useUrlState();
  const running = !attempt.done;
  const now = useNow(1_000, running);
  const zone = useZone();
  const format = useFormatTime();
  // What the user opened or closed against the default; in the address, so that a link shows the same.
  const toggled = useMemo(() => new Set((params.get('open') ?? '').split('\n').filter(Boolean)), [params]);
  const isOpen = (node: TaskNode): boolean => (visibleChildren(node).length <= openUpTo) !== toggled.has(node.task.fullName);
  const rows = toRows(tree, isOpen);
  const range = useMemo(() => rangeOf(tree, attempt, now), [tree, attempt, now]);
  const toggle = (node: TaskNode): void => {
    const next = new Set(toggled);
    if (!next.delete(node.task.fullName)) next.add(node.task.fullName);
    set({ open: [...next].join('\n') });
  };

  const list = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    if (list.current) setOffset(list.current.getBoundingClientRect().top + window.scrollY);
  }, [rows.length]);
  const virtual = useWindowVirtualizer({ count: rows.length, estimateSize: () => rowHeight, overscan: 30, scrollMargin: offset, getItemKey: (i) => rows[i]!.node.task.id });
  const [focused, setFocused] = useState(0);
  const move = (index: number): void => {
    const at = Math.max(0, Math.min(index, rows.length - 1));
    setFocused(at);
    virtual.scrollToIndex(at);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-index="${at}"]`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[focused];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(focused + 1),
      ArrowUp: () => move(focused - 1),
      j: () => move(focused + 1),
      k: () => move(focused - 1),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      ArrowRight: () => (row.hasChildren && !row.open ? toggle(row.node) : move(focused + 1)),
      ArrowLeft: () => (row.open ? toggle(row.node) : move(rows.findLastIndex((r, i) => i < focused && r.depth < row.depth))),
      Enter: () => onSelect(row.node.task.fullName),
      ' ': () => onSelect(row.node.task.fullName),
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };

  if (rows.length === 0) return <Empty title={running ? 'The first task has not been made yet.' : 'This workflow has no tasks.'} />;
  const ticks = ticksOf(range, zone);
  const length = Math.max(1, range.end - range.start);
  const at = (instant: number): number => Math.max(0, Math.min(100, ((instant - range.start) / length) * 100));
  const items = virtual.getVirtualItems();
  return (
    <div className="timeline">
      <div className="timeline-axis" aria-hidden="true">
        <span>Task</span>
        <div className="timeline-line">
          {ticks.map((t) => (
            <span key={t.at} className="timeline-tick" style={{ left: `${at(t.at)}%` }}>
              {t.text}
            </span>
          ))}
        </div>
      </div>
      <div className="timeline-rows" role="tree" aria-label="Timeline of the tasks" ref={list} style={{ height: virtual.getTotalSize() }} onKeyDown={onKeyDown}>
        {items.map((item) => {
          const row = rows[item.index]!;
          return (
            <Row
              key={item.key}
              row={row}
              index={item.index}
              top={item.start - offset}
              tabbable={item.index === Math.min(focused, rows.length - 1)}
              selected={row.node.task.fullName === selected}
              now={now}
              isRunning={running}
              typical={row.hasChildren ? undefined : typicals.get(row.node.task.fullName)}
              at={at}
              format={format}
              onFocus={() => setFocused(item.index)}
              onToggle={() => toggle(row.node)}
              onSelect={() => onSelect(row.node.task.fullName)}
              measure={virtual.measureElement}
            />
          );
        })}
        <div className="timeline-grids" aria-hidden="true">
          <span />
          <div className="timeline-line">
            {ticks.map((t) => (
              <i key={t.at} style={{ left: `${at(t.at)}%` }} />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  row: TaskRow;
  index: number;
  top: number;
  tabbable: boolean;
  selected: boolean;
  now: number;
  isRunning: boolean;
  typical: Typical | undefined;
  at: (instant: number) => number;
  format: (value: string) => string;
  onFocus: () => void;
  onToggle: () => void;
  onSelect: () => void;
  measure: (element: Element | null) => void;
}

function Row({ row, index, top, tabbable, selected, now, isRunning, typical, at, format, onFocus, onToggle, onSelect, measure }: RowProps): ReactElement {
  const { node } = row;
  const status = taskStatus(node.task);
  const span = spanOf(node);
  const left = span ? at(span.start) : 0;
  const right = span ? at(span.end ?? now) : 0;
  const took = span ? (span.end ?? now) - span.start : 0;
  const pace = span && typical ? paceOf(took, typical.median) : 'usual';
  const isSlow = pace === 'slow';
  const label = span ? formatBarDuration(took) : '';
  const usually = typical ? `usually ${formatDuration(typical.median)}` : '';
  const text = `${node.task.fullName}, ${status.text}${span ? `, started ${format(new Date(span.start).toISOString())}, ${span.end === undefined ? 'running for' : 'took'} ${formatDuration(took)}${isSlow ? `, ${usually}` : ''}` : ''}`;
  return (
    <div
      ref={measure}
      role="treeitem"
      className="timeline-row"
      data-index={index}
      data-tone={status.tone}
      aria-level={row.depth + 1}
      aria-expanded={row.hasChildren ? row.open : undefined}
      aria-selected={selected}
      aria-label={text}
      tabIndex={tabbable ? 0 : -1}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={onFocus}
      onClick={onSelect}
    >
      <div className="timeline-name" style={{ paddingLeft: `${row.depth * 1}rem` }}>
        {row.hasChildren ? (
          <span
            className={row.open ? 'fold open' : 'fold'}
            aria-hidden="true"
            onClick={(e) => {
              e.stopPropagation();
              onToggle();
            }}
          >
            <Icon name="chevron" />
          </span>
        ) : (
          <span className="fold" />
        )}
        <span className="status">
          <StatusShape tone={status.tone} />
        </span>
        <span className="timeline-text">
          {node.name}
          {node.attempt > 1 && <span className="muted"> try {node.attempt}</span>}
          {row.hasChildren && !row.open && <span className="muted"> × {visibleChildren(node).length}</span>}
        </span>
      </div>
      <div className="timeline-line" aria-hidden="true">
        {span && isSlow && typical && (
          <i className="usual-mark" style={{ left: `min(${at(span.start + typical.median)}%, calc(100% - 2px))` }} />
        )}
        {span && (
          <span
            className={['span-bar', row.hasChildren ? 'group' : '', span.end === undefined ? 'moving' : ''].join(' ')}
            style={{ left: `min(${left}%, calc(100% - 3px))`, width: `max(3px, ${right - left}%)` }}
            data-tip={`${node.task.fullName}\n${status.text}, ${formatDuration(took)}${typical ? `, ${usually}` : ''}\n${format(new Date(span.start).toISOString())} – ${span.end === undefined ? 'now' : format(new Date(span.end).toISOString())}`}
          />
        )}
        {span && (
          <span
            className={right > 82 && left < 15 ? 'bar-label inside' : 'bar-label'}
            style={right <= 82 ? { left: `calc(${right}% + 0.375rem)` } : left < 15 ? { left: `calc(${left}% + 0.375rem)` } : { right: `calc(${100 - left}% + 0.375rem)` }}
          >
            {label}
           {isSlow && <span className="pace" data-pace="slow">{usually}</span>}
          </span>
        )}
        {!span && isRunning && !isTaskDone(node.task.state) && <span className="bar-label waiting">{status.text}</span>}
      </div>
    </div>
  );
}

interface Range {
  start: number;
  end: number;
}

/** From the attempt's start to its end, or a little beyond now while it runs. */
function rangeOf(tree: TaskTree, attempt: Attempt, now: number): Range {
  const span = tree.root && spanOf(tree.root);
  const start = span?.start ?? Date.parse(attempt.createdAt);
  const end = attempt.done ? Math.max(span?.end ?? 0, ...ends(tree), start + 1_000) : Math.max(now + (now - start) * 0.05, start + 5_000);
  return { start, end };
}

function ends(tree: TaskTree): number[] {
  let last = 0;
  for (const node of tree.byId.values()) {
    if (node.task.startedAt !== null && isTaskDone(node.task.state)) last = Math.max(last, Date.parse(node.task.updatedAt));
  }
  return [last];
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800].map((s) => s * 1000);

function ticksOf(range: Range, zone: string): { at: number; text: string }[] {
  const length = range.end - range.start;
  const step = steps.find((s) => length / s <= 7) ?? steps[steps.length - 1]!;
  const ticks = [];
  for (let at = Math.ceil(range.start / step) * step; at <= range.end - length * 0.06; at += step) {
    const local = toLocal(at, zone);
    ticks.push({ at, text: step >= 86_400_000 ? local.date.slice(5) : step < 60_000 ? local.time : local.time.slice(0, 5) });
  }
  return ticks;
}
