import type { Task } from '../api/types';
import { isTaskDone } from './status';

/** A task with its place in the tree and, after group retries, which try it belongs to. */
export interface TaskNode {
  task: Task;
  /** What is shown: the full name without the parent's. */
  name: string;
  children: TaskNode[];
  parent: TaskNode | undefined;
  level: number;
  /** 1 for the only or first copy; a group retry makes further copies with the same name. */
  attempt: number;
  /** Whether a later copy replaces this one. */
  superseded: boolean;
}

export interface TaskTree {
  /** The workflow itself; undefined before any task is there. */
  root: TaskNode | undefined;
  byId: Map<string, TaskNode>;
}

/** Builds the tree of an attempt's tasks; the API lists them by id, parents first. */
export function buildTree(tasks: readonly Task[]): TaskTree {
  const byId = new Map<string, TaskNode>();
  for (const task of tasks) {
    byId.set(task.id, { task, name: task.fullName, children: [], parent: undefined, level: 0, attempt: 1, superseded: false });
  }
  let root: TaskNode | undefined;
  const copies = new Map<string, TaskNode>();
  for (const node of byId.values()) {
    const parent = node.task.parentId === null ? undefined : byId.get(node.task.parentId);
    if (parent === undefined) {
      root ??= node;
      continue;
    }
    node.parent = parent;
    node.level = parent.level + 1;
    node.name = relativeName(node.task.fullName, parent.task.fullName);
    parent.children.push(node);
    const key = `${parent.task.id} ${node.task.fullName}`;
    const earlier = copies.get(key);
    if (earlier) {
      earlier.superseded = true;
      node.attempt = earlier.attempt + 1;
    }
    copies.set(key, node);
  }
  return { root, byId };
}

export function relativeName(fullName: string, parentName: string): string {
  return fullName.startsWith(parentName) && fullName.length > parentName.length ? fullName.slice(parentName.length) : fullName;
}

/** Digdag behaviour: ui 7. `^sub` is where generated tasks hang; people look for what is below it. */
export function isSynthetic(node: TaskNode): boolean {
  return node.task.fullName.endsWith('^sub');
}

/** What the server made itself, beside the user's tasks. */
export function generatedKind(fullName: string): 'sub' | 'error' | 'check' | 'sla' | 'failure-alert' | undefined {
  const found = /\^(sub|error|check|sla|failure-alert)$/.exec(fullName);
  return found?.[1] as 'sub' | 'error' | 'check' | 'sla' | 'failure-alert' | undefined;
}

/** The children people see: those of `^sub` in its place. */
export function visibleChildren(node: TaskNode): TaskNode[] {
  if (!node.children.some(isSynthetic)) return node.children;
  return node.children.flatMap((child) => (isSynthetic(child) ? visibleChildren(child) : [child]));
}

export interface TaskRow {
  node: TaskNode;
  depth: number;
  hasChildren: boolean;
  open: boolean;
}

/** The tree as rows, closed ones without their children. The root has no row. */
export function toRows(tree: TaskTree, isOpen: (node: TaskNode) => boolean): TaskRow[] {
  const rows: TaskRow[] = [];
  const add = (nodes: TaskNode[], depth: number): void => {
    for (const node of nodes) {
      const children = visibleChildren(node);
      const open = children.length > 0 && isOpen(node);
      rows.push({ node, depth, hasChildren: children.length > 0, open });
      if (open) add(children, depth + 1);
    }
  };
  if (tree.root) add(visibleChildren(tree.root), 0);
  return rows;
}

export interface Span {
  start: number;
  /** undefined while it runs. */
  end: number | undefined;
}

/** When a task ran. A group never starts itself: its span covers its children. */
export function spanOf(node: TaskNode): Span | undefined {
  const { task } = node;
  if (task.startedAt !== null) {
    return { start: Date.parse(task.startedAt), end: isTaskDone(task.state) ? Date.parse(task.updatedAt) : undefined };
  }
  let whole: Span | undefined;
  for (const child of node.children) {
    const span = spanOf(child);
    if (!span) continue;
    whole = whole
      ? {
          start: Math.min(whole.start, span.start),
          end: whole.end === undefined || span.end === undefined ? undefined : Math.max(whole.end, span.end),
        }
      : span;
  }
  if (whole && isTaskDone(task.state) && whole.end === undefined) whole = { start: whole.start, end: Date.parse(task.updatedAt) };
  return whole;
}

const operatorKey = /^([A-Za-z0-9_.-]+)>$/;

/** The operator of a task, `sh` of `sh>: x`; undefined for a group. */
export function operatorOf(config: Task['config']): string | undefined {
  for (const key of Object.keys(config)) {
    const found = operatorKey.exec(key);
    if (found) return found[1];
  }
  const type = config['_type'];
  return typeof type === 'string' ? type : undefined;
}

/** What the operator was told: the value of `sh>`. */
export function commandOf(config: Task['config']): string | undefined {
  for (const [key, value] of Object.entries(config)) {
    if (operatorKey.test(key)) return typeof value === 'string' ? value : value === null ? undefined : JSON.stringify(value);
  }
  const command = config['_command'];
  return typeof command === 'string' ? command : undefined;
}

/** Digdag behaviour: ui 17 case 20: the stored parameter wins over the state. */
export function jobIdOf(task: Task): string | undefined {
  const text = (value: unknown): string | undefined => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);
  const inside = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>)[key] : undefined;
  return text(inside(task.storeParams['td'], 'last_job_id')) ?? text(inside(task.stateParams['job'], 'jobId'));
}

/** The message of a failed task. */
export function errorMessage(task: Task): string | undefined {
  const { message } = task.error;
  if (typeof message === 'string' && message !== '') return message;
  return Object.keys(task.error).length > 0 ? JSON.stringify(task.error) : undefined;
}

/** Failed tasks that are the cause: no group whose children failed. */
export function failedTasks(tree: TaskTree): TaskNode[] {
  return [...tree.byId.values()].filter(
    (n) => n.task.state === 'error' || (n.task.state === 'group_error' && !n.children.some((c) => c.task.state === 'error' || c.task.state === 'group_error')),
  );
}

/**
 * The tasks that decided how long the attempt took: from the last one to end back to what it waited for, through groups.
 */
export function criticalPath(tree: TaskTree): Set<string> {
  const path = new Set<string>();
  const follow = (group: TaskNode): void => {
    // What the server adds after a failure has not delayed anything.
    const children = group.children.filter((c) => !c.superseded && !/\^(failure-alert|sla)$/.test(c.task.fullName));
    let current = latest(children);
    while (current) {
      path.add(current.task.id);
      if (current.children.length > 0) follow(current);
      const upstreams = new Set(current.task.upstreams);
      current = latest(children.filter((c) => upstreams.has(c.task.id)));
    }
  };
  if (tree.root) follow(tree.root);
  return path;
}

function latest(nodes: TaskNode[]): TaskNode | undefined {
  let found: TaskNode | undefined;
  let time = -Infinity;
  for (const node of nodes) {
    const span = spanOf(node);
    if (!span) continue;
    const end = span.end ?? Infinity;
    if (end >= time) {
      found = node;
      time = end;
    }
  }
  return found;
}

/** How many tasks are in which state, groups left out. */
export function countStates(tasks: Iterable<Task>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const task of tasks) {
    if (task.isGroup) continue;
    counts.set(task.state, (counts.get(task.state) ?? 0) + 1);
  }
  return counts;
}
