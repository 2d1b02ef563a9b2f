import { useVirtualizer } from '@tanstack/react-virtual';
import { Background, Controls, Handle, MiniMap, Position, ReactFlow, ReactFlowProvider, useReactFlow, type Edge, type Node, type NodeProps } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { createContext, memo, useContext, useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import type { Task } from '../api/types';
import { Icon, StatusShape } from '../components/Icon';
import { Empty, Problem, Skeleton } from '../components/states';
import { Switch } from '../components/Switch';
import { useNow } from '../components/Time';
import { useUrlState } from '../components/urlState';
import { formatShortDuration } from '../domain/duration';
import { isTaskDone, taskStatus, type Status } from '../domain/status';
import { errorMessage, generatedKind, visibleChildren, type TaskNode } from '../domain/tasks';
import './graph.css';
import { layOut, type Direction, type Layout } from './layout';
import { buildGraph, spanText, type Graph, type GraphNode } from './model';

interface GraphViewProps {
  tasks: readonly Task[];
  /** The tasks are a definition; none of them has a state. */
  notRun?: boolean;
  selected?: string | undefined;
  onSelect?: (fullName: string) => void;
}

interface Actions {
  toggle: (fullName: string) => void;
  select: (fullName: string) => void;
  now: number;
  showCritical: boolean;
}

const GraphActions = createContext<Actions>({ toggle: () => undefined, select: () => undefined, now: 0, showCritical: true });

type TaskNodeData = { graph: GraphNode; direction: Direction; selected: boolean };
type FlowNode = Node<TaskNodeData>;

const nodeTypes = { task: memo(TaskBox), group: memo(GroupBox), folded: memo(FoldedBox), list: memo(ListBox) };

export default function GraphView(props: GraphViewProps): ReactElement {
  return (
    <ReactFlowProvider>
      <GraphCanvas {...props} />
    </ReactFlowProvider>
  );
}

function GraphCanvas({ tasks, notRun = false, selected, onSelect }: GraphViewProps): ReactElement {
  const [params, set] = useUrlState();
  const toggled = useMemo(() => new Set((params.get('fold') ?? '').split('\n').filter(Boolean)), [params]);
  const unfoldAll = params.get('unfold') === 'all';
  const direction: Direction = params.get('flow') === 'right' ? 'right' : 'down';
  const [showCritical, setShowCritical] = useState(true);
  const graph = useMemo(() => buildGraph(tasks, toggled, unfoldAll), [tasks, toggled, unfoldAll]);
  const { layout, failure } = useLayout(graph, direction);
  const running = !notRun && tasks.some((t) => !isTaskDone(t.state));
  const now = useNow(1_000, running);
  const { nodes, edges } = useFlow(graph, layout, direction, selected);
  const { fitView } = useReactFlow();
  const fitted = useRef('');
  useEffect(() => {
    // Fitted once for each way of drawing it; later changes leave the view where the user has put it.
    const key = `${direction} ${unfoldAll}`;
    if (!layout || fitted.current === key) return;
    fitted.current = key;
    requestAnimationFrame(() => void fitView({ padding: 0.08, maxZoom: 1, minZoom: 0.35 }));
  }, [layout, direction, unfoldAll, fitView]);
  const actions = useMemo<Actions>(
    () => ({
      now,
      showCritical,
      select: (fullName) => onSelect?.(fullName),
      toggle: (fullName) => {
        const next = new Set(toggled);
        if (!next.delete(fullName)) next.add(fullName);
        set({ fold: [...next].join('\n') });
      },
    }),
    [now, showCritical, onSelect, toggled, set],
  );
  if (tasks.length === 0) return <Skeleton />;
  if (graph.roots.length === 0) return <Empty title="This workflow has no tasks." />;
  return (
    <GraphActions value={actions}>
      <div className="filters">
        <button type="button" className="button small" onClick={() => set({ unfold: unfoldAll ? null : 'all', fold: null })}>
          {unfoldAll ? 'Fold' : 'Unfold all'}
        </button>
        <button type="button" className="button small" onClick={() => set({ flow: direction === 'down' ? 'right' : null })}>
          {direction === 'down' ? 'Left to right' : 'Top to bottom'}
        </button>
        {!notRun && <Switch on={showCritical} label="Mark the critical path" text="Critical path" onChange={setShowCritical} />}
        <span className="muted">{notRun ? 'As written; not run.' : `${tasks.length} tasks`}</span>
      </div>
      {failure !== undefined && <Problem failure={failure} title="The graph could not be laid out." />}
      <div className={showCritical ? 'graph show-critical' : 'graph'} data-ready={layout !== undefined}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          onlyRenderVisibleElements
          minZoom={0.05}
          maxZoom={2}
          proOptions={{ hideAttribution: false }}
          aria-label="Graph of the tasks; the tab Tasks says the same as a table"
        >
          <Background gap={24} size={1} />
          <Controls showInteractive={false} />
          {nodes.length > 30 && <MiniMap pannable zoomable ariaLabel="Overview of the graph" nodeColor={(n) => miniColour(n as FlowNode)} nodeStrokeWidth={0} />}
        </ReactFlow>
        {!layout && failure === undefined && <p className="graph-wait">Laying out…</p>}
      </div>
    </GraphActions>
  );
}

/** The layout of the newest shape; the one before stays until it is there, so that nothing jumps. */
function useLayout(graph: Graph, direction: Direction): { layout: Layout | undefined; failure: unknown } {
  const [state, setState] = useState<{ layout: Layout | undefined; failure: unknown }>({ layout: undefined, failure: undefined });
  const current = useRef(graph);
  current.current = graph;
  useEffect(() => {
    let wanted = true;
    layOut(current.current, direction).then(
      (layout) => wanted && setState({ layout, failure: undefined }),
      (failure: unknown) => wanted && setState({ layout: undefined, failure }),
    );
    return () => {
      wanted = false;
    };
  }, [graph.shape, direction]);
  return state;
}

function useFlow(graph: Graph, layout: Layout | undefined, direction: Direction, selected: string | undefined): { nodes: FlowNode[]; edges: Edge[] } {
  const before = useRef(new Map<string, FlowNode>());
  return useMemo(() => {
    const nodes: FlowNode[] = [];
    const made = new Map<string, FlowNode>();
    const add = (g: GraphNode): void => {
      const box = layout?.get(g.id);
      if (!box) return;
      const isSelected = g.node.task.fullName === selected;
      const old = before.current.get(g.id);
      // A node whose task has not changed keeps its object: only what changed is drawn again.
      const same =
        old !== undefined &&
        old.data.graph.node.task === g.node.task &&
        old.data.graph.kind === g.kind &&
        old.data.selected === isSelected &&
        old.data.direction === direction &&
        old.data.graph.isCritical === g.isCritical &&
        old.position.x === box.x &&
        old.position.y === box.y &&
        old.width === box.width &&
        old.height === box.height &&
        g.kind === 'task';
      const node: FlowNode = same
        ? old
        : {
            id: g.id,
            type: g.kind,
            position: { x: box.x, y: box.y },
            width: box.width,
            height: box.height,
            data: { graph: g, direction, selected: isSelected },
            ...(g.parent === undefined ? {} : { parentId: g.parent }),
          };
      made.set(g.id, node);
      nodes.push(node);
      g.children.forEach(add);
    };
    graph.roots.forEach(add);
    before.current = made;
    const edges: Edge[] = layout
      ? graph.edges
          .filter((e) => made.has(e.source) && made.has(e.target))
          .map((e) => ({ id: e.id, source: e.source, target: e.target, type: 'smoothstep', className: e.isCritical ? 'critical' : '', zIndex: e.isCritical ? 2 : 1, focusable: false }))
      : [];
    return { nodes, edges };
  }, [graph, layout, direction, selected]);
}

function statusOf(node: TaskNode): Status {
  return node.task.state === 'not_run' ? { tone: 'waiting', text: 'Not run' } : taskStatus(node.task);
}

function Handles({ direction }: { direction: Direction }): ReactElement {
  const down = direction === 'down';
  return (
    <>
      <Handle type="target" position={down ? Position.Top : Position.Left} isConnectable={false} />
      <Handle type="source" position={down ? Position.Bottom : Position.Right} isConnectable={false} />
    </>
  );
}

function Took({ node }: { node: TaskNode }): ReactElement | null {
  const { now } = useContext(GraphActions);
  const span = spanText(node, now);
  return span === undefined ? null : <span className="node-time">{formatShortDuration(span)}</span>;
}

function TaskBox({ data }: NodeProps<FlowNode>): ReactElement {
  const { select } = useContext(GraphActions);
  const { graph, direction, selected } = data;
  const { node } = graph;
  const status = statusOf(node);
  const error = errorMessage(node.task);
  return (
    <>
      <Handles direction={direction} />
      <button
        type="button"
        className={['node', selected ? 'selected' : '', graph.isCritical ? 'critical' : ''].join(' ')}
        data-tone={status.tone}
        data-tip={error ?? node.task.fullName}
        aria-label={`${node.task.fullName}, ${status.text}`}
        onClick={() => select(node.task.fullName)}
      >
        <StatusShape tone={status.tone} />
        <span className="node-main">
          <span className="node-name">{node.name}</span>
          <span className="node-sub">
            {graph.operator === undefined ? '' : `${graph.operator}> `}
            {status.text}
            {node.attempt > 1 && <span className="node-badge">try {node.attempt}</span>}
          </span>
        </span>
        {node.task.state !== 'not_run' && <Took node={node} />}
      </button>
    </>
  );
}

function GroupHead({ graph, folded }: { graph: GraphNode; folded: boolean }): ReactElement {
  const { toggle, select } = useContext(GraphActions);
  const { node } = graph;
  const status = statusOf(node);
  const kind = generatedKind(node.task.fullName);
  return (
    <div className="group-head">
      <button type="button" className={folded ? 'node-fold' : 'node-fold open'} aria-expanded={!folded} aria-label={`${folded ? 'Unfold' : 'Fold'} ${node.task.fullName}`} onClick={() => toggle(node.task.fullName)}>
        <Icon name="chevron" />
      </button>
      <button type="button" className="group-name" data-tone={status.tone} aria-label={`${node.task.fullName}, ${status.text}`} data-tip={node.task.fullName} onClick={() => select(node.task.fullName)}>
        <StatusShape tone={status.tone} />
        <span className="node-name">{node.name}</span>
        {graph.operator !== undefined && <span className="node-badge">{graph.operator} × {visibleChildren(node).length}</span>}
        {graph.operator === undefined && folded && <span className="node-badge">× {visibleChildren(node).length}</span>}
        {kind !== undefined && <span className="node-badge">{kind}</span>}
        {node.attempt > 1 && <span className="node-badge">try {node.attempt}</span>}
      </button>
      {node.task.state !== 'not_run' && <Took node={node} />}
    </div>
  );
}

function GroupBox({ data }: NodeProps<FlowNode>): ReactElement {
  const { graph, direction, selected } = data;
  return (
    <>
      <Handles direction={direction} />
      <div className={['group-box', selected ? 'selected' : '', graph.isCritical ? 'critical' : ''].join(' ')} data-tone={statusOf(graph.node).tone}>
        <GroupHead graph={graph} folded={false} />
      </div>
    </>
  );
}

function Counts({ graph }: { graph: GraphNode }): ReactElement {
  return (
    <div className="node-counts">
      {graph.counts.map(([state, count]) => {
        const status = state === 'not_run' ? { tone: 'waiting' as const, text: 'Not run' } : taskStatus({ state, cancelRequested: false });
        return (
          <span key={state} className="status" data-tone={status.tone}>
            <StatusShape tone={status.tone} /> {count} <span className="node-count-word">{status.text.toLowerCase()}</span>
          </span>
        );
      })}
    </div>
  );
}

function FoldedBox({ data }: NodeProps<FlowNode>): ReactElement {
  const { graph, direction, selected } = data;
  return (
    <>
      <Handles direction={direction} />
      <div className={['node folded-box', selected ? 'selected' : '', graph.isCritical ? 'critical' : ''].join(' ')} data-tone={statusOf(graph.node).tone}>
        <GroupHead graph={graph} folded />
        <Counts graph={graph} />
      </div>
    </>
  );
}

/** Hundreds of siblings: a list in place of boxes nobody could take in. */
function ListBox({ data }: NodeProps<FlowNode>): ReactElement {
  const { graph, direction } = data;
  const { select } = useContext(GraphActions);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: graph.hidden.length, getScrollElement: () => scroller.current, estimateSize: () => 26, overscan: 8 });
  return (
    <>
      <Handles direction={direction} />
      <div className="group-box list-box" data-tone={statusOf(graph.node).tone}>
        <GroupHead graph={graph} folded={false} />
        <Counts graph={graph} />
        <div className="list-rows nowheel" ref={scroller} tabIndex={0} role="region" aria-label={`Tasks of ${graph.node.task.fullName}`}>
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map((item) => {
              const node = graph.hidden[item.index]!;
              const status = statusOf(node);
              return (
                <button key={item.key} type="button" className="list-row" data-tone={status.tone} style={{ transform: `translateY(${item.start}px)` }} onClick={() => select(node.task.fullName)} aria-label={`${node.task.fullName}, ${status.text}`}>
                  <StatusShape tone={status.tone} />
                  <span className="node-name">{node.name}</span>
                  <Took node={node} />
                </button>
              );
            })}
          </div>
        </div>
      </div>
    </>
  );
}

function miniColour(node: FlowNode): string {
  const { kind, node: task } = node.data.graph;
  if (kind === 'group') return 'color-mix(in srgb, var(--line) 60%, transparent)';
  const { tone } = statusOf(task);
  const named = tone === 'canceling' ? 'canceled' : tone === 'planned' || tone === 'unknown' ? 'waiting' : tone;
  return `var(--${named}-fill)`;
}
