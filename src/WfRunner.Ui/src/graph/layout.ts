import type { ElkNode, LayoutOptions } from 'elkjs/lib/elk-api';
import ELK from 'elkjs/lib/elk-api';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { Graph, GraphNode } from './model';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where everything lies; places of nodes count from their group. */
export type Layout = Map<string, Box>;

let elk: InstanceType<typeof ELK> | undefined;

const head = 34;
const padding = 14;

function options(direction: Direction): LayoutOptions {
  return {
    'elk.algorithm': 'layered',
    'elk.direction': direction === 'down' ? 'DOWN' : 'RIGHT',
    'elk.spacing.nodeNode': '16',
    'elk.layered.spacing.nodeNodeBetweenLayers': '30',
    'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    'elk.layered.crossingMinimization.forceNodeModelOrder': 'true',
    'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
    'elk.separateConnectedComponents': 'false',
    'elk.padding': `[top=${head},left=${padding},bottom=${padding},right=${padding}]`,
  };
}

export type Direction = 'down' | 'right';

/** Lays the graph out in a worker: each group for itself, from the inside out, since edges stay among siblings. */
export async function layOut(graph: Graph, direction: Direction): Promise<Layout> {
  elk ??= new ELK({ workerUrl, workerFactory: (url) => new Worker(url ?? workerUrl) });
  const convert = (node: GraphNode): ElkNode => ({
    id: node.id,
    ...(node.kind === 'group'
      ? { children: node.children.map(convert), edges: edgesOf(node.children), layoutOptions: options(direction) }
      : { width: node.width, height: node.height }),
  });
  const edgesOf = (nodes: readonly GraphNode[]): { id: string; sources: string[]; targets: string[] }[] => {
    const ids = new Set(nodes.map((n) => n.id));
    return graph.edges.filter((e) => ids.has(e.target) && ids.has(e.source)).map((e) => ({ id: e.id, sources: [e.source], targets: [e.target] }));
  };
  const done = await elk.layout({ id: 'root', children: graph.roots.map(convert), edges: edgesOf(graph.roots), layoutOptions: options(direction) });
  const layout: Layout = new Map();
  const collect = (node: ElkNode): void => {
    for (const child of node.children ?? []) {
      layout.set(child.id, { x: child.x ?? 0, y: child.y ?? 0, width: child.width ?? 0, height: child.height ?? 0 });
      collect(child);
    }
  };
  collect(done);
  return layout;
}
