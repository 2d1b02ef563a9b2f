import type { Task } from '../api/types';
import { isTaskDone } from '../domain/status';
import { buildTree, criticalPath, generatedKind, operatorOf, spanOf, visibleChildren, type TaskNode } from '../domain/tasks';

/** What is drawn for a task. */
export type NodeKind = 'task' | 'group' | 'folded' | 'list';

export interface GraphNode {
  id: string;
  kind: NodeKind;
  node: TaskNode;
  /** The drawn group it lies in. */
  parent: string | undefined;
  children: GraphNode[];
  /** Hidden tasks inside, by state, for folded groups and lists. */
  counts: [state: string, count: number][];
  hidden: TaskNode[];
  operator: string | undefined;
  width: number;
  height: number;
  isCritical: boolean;
}

export interface GraphEdge {
  id: string;
  source: string;
  target: string;
  isCritical: boolean;
}

export interface Graph {
  roots: GraphNode[];
  edges: GraphEdge[];
  /** Names the shape: a layout holds as long as it does not change. */
  shape: string;
}

/** More siblings than this are drawn as one list, which shows only what is in view. */
export const mostSiblings = 200;
/** Groups with more tasks than this start folded. */
const unfoldedUpTo = 16;

const size = { task: [220, 44], folded: [220, 58], list: [320, 340] } as const;

/** Whether a group is drawn folded when nobody has said anything. */
function startsFolded(node: TaskNode, children: readonly TaskNode[]): boolean {
  return children.length > unfoldedUpTo || (generatedKind(node.task.fullName) !== undefined && children.length > 1);
}

/** Turns the tasks of an attempt into what is drawn; `toggled` holds the groups the user folded or unfolded. */
export function buildGraph(tasks: readonly Task[], toggled: ReadonlySet<string>, unfoldAll: boolean): Graph {
  const tree = buildTree(tasks);
  const critical = tasks.some((t) => t.startedAt !== null) ? criticalPath(tree) : new Set<string>();
  const edges: GraphEdge[] = [];
  const shape: string[] = [];
  // Where a task went: into a node of its own, or into the folded group that hides it.
  const drawnAs = new Map<string, string>();

  const add = (node: TaskNode, parent: string | undefined): GraphNode => {
    const children = visibleChildren(node).filter((c) => !c.superseded);
    const { task } = node;
    const folded = children.length > 0 && (unfoldAll ? toggled.has(task.fullName) : startsFolded(node, children) !== toggled.has(task.fullName));
    const kind: NodeKind = children.length === 0 ? 'task' : folded ? 'folded' : children.length > mostSiblings ? 'list' : 'group';
    const made: GraphNode = {
      id: task.id,
      kind,
      node,
      parent,
      children: [],
      counts: [],
      hidden: [],
      operator: operatorOf(task.config),
      width: kind === 'group' ? 0 : size[kind][0],
      height: kind === 'group' ? 0 : size[kind][1],
      isCritical: critical.has(task.id),
    };
    drawnAs.set(task.id, task.id);
    shape.push(`${task.id}${kind[0]!}${parent ?? ''}`);
    if (kind === 'group') made.children = children.map((c) => add(c, task.id));
    else if (children.length > 0) {
      made.hidden = children;
      made.counts = countAll(children);
    }
    return made;
  };

  const roots = tree.root ? visibleChildren(tree.root).filter((c) => !c.superseded).map((c) => add(c, undefined)) : [];
  const connect = (nodes: GraphNode[]): void => {
    for (const n of nodes) {
      for (const upstream of n.node.task.upstreams) {
        const source = drawnAs.get(upstream);
        if (source === undefined || source === n.id) continue;
        edges.push({ id: `${source}-${n.id}`, source, target: n.id, isCritical: n.isCritical && critical.has(upstream) });
      }
      connect(n.children);
    }
  };
  connect(roots);
  return { roots, edges, shape: shape.join(' ') + edges.map((e) => e.id).join(' ') };
}

function countAll(nodes: readonly TaskNode[]): [string, number][] {
  const counts = new Map<string, number>();
  const count = (node: TaskNode): void => {
    const children = visibleChildren(node);
    if (children.length === 0) counts.set(node.task.state, (counts.get(node.task.state) ?? 0) + 1);
    else children.forEach(count);
  };
  nodes.forEach(count);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** How long a task has run, for its node. */
export function spanText(node: TaskNode, now: number): number | undefined {
  const span = spanOf(node);
  if (!span) return undefined;
  return (span.end ?? (isTaskDone(node.task.state) ? span.start : now)) - span.start;
}
