import { describe, expect, it } from 'vitest';
import type { Workflow } from '../api/types';
import { at, task } from '../testing/tasks';
import { definitionTasks } from './definition';
import { buildGraph, mostSiblings } from './model';

const none = new Set<string>();
const workflow = (config: Workflow['config']): Workflow => ({ id: '1', name: 'wf', project: { id: '1', name: 'p' }, revision: 'r', timezone: 'UTC', config });

describe('the graph of a definition', () => {
  const edges = (config: Workflow['config']): string[] => {
    const tasks = definitionTasks(workflow(config));
    const name = (id: string): string => tasks.find((t) => t.id === id)!.fullName.replace('+wf', '');
    return tasks.flatMap((t) => t.upstreams.map((u) => `${name(u)} -> ${name(t.id)}`));
  };

  it('has tasks one after the other, unless they are parallel', () => {
    expect(edges({ '+a': {}, '+b': {}, '+c': {} })).toEqual(['+a -> +b', '+b -> +c']);
    expect(edges({ _parallel: true, '+a': {}, '+b': {} })).toEqual([]);
    expect(edges({ _parallel: { limit: 2 }, '+a': {}, '+b': {}, '+c': {} })).toEqual(['+a -> +c', '+b -> +c']);
    expect(edges({ _parallel: true, '+a': {}, '+b': { _after: ['+a'] } })).toEqual(['+a -> +b']);
  });

  it('lets a background task wait for nobody', () => {
    expect(edges({ '+a': {}, '+b': { _background: true }, '+c': {} })).toEqual(['+a -> +c', '+b -> +c']);
  });

  it('shows bodies of loops and what follows errors', () => {
    const names = definitionTasks(workflow({ '+l': { 'loop>': 3, _do: { '+x': {} } }, _error: { 'echo>': 'x' } })).map((t) => t.fullName);
    expect(names).toEqual(['+wf', '+wf+l', '+wf+l+x', '+wf^error']);
  });
});

describe('the graph of an attempt', () => {
  const loop = (count: number) => [
    task('1', '+wf', null, { isGroup: true }),
    task('2', '+wf+loop', '1', { config: { 'loop>': count } }),
    task('3', '+wf+loop^sub', '2', { isGroup: true }),
    ...Array.from({ length: count }, (_, i) => task(String(10 + i), `+wf+loop^sub+loop-${i}`, '3', { state: i % 4 === 0 ? 'error' : 'success' })),
  ];

  it('folds loops and counts what is in them', () => {
    const [node] = buildGraph(loop(24), none, false).roots;
    expect(node!.kind).toBe('folded');
    expect(node!.counts).toEqual([['success', 18], ['error', 6]]);
  });

  it('unfolds them on demand, a long one as a list', () => {
    expect(buildGraph(loop(24), new Set(['+wf+loop']), false).roots[0]!.kind).toBe('group');
    expect(buildGraph(loop(mostSiblings + 1), none, true).roots[0]!.kind).toBe('list');
  });

  it('of a thousand tasks is made in a moment', () => {
    const tasks = loop(1000);
    const start = performance.now();
    buildGraph(tasks, none, false);
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('shows the newest copy of a group retry and marks the critical path', () => {
    const graph = buildGraph(
      [
        task('1', '+wf', null),
        task('2', '+wf+a', '1', { state: 'error', startedAt: at(0), updatedAt: at(1) }),
        task('3', '+wf+a', '1', { startedAt: at(1), updatedAt: at(2) }),
        task('4', '+wf+b', '1', { upstreams: ['3'], startedAt: at(2), updatedAt: at(4) }),
      ],
      none,
      false,
    );
    expect(graph.roots.map((n) => [n.id, n.node.attempt, n.isCritical])).toEqual([
      ['3', 2, true],
      ['4', 1, true],
    ]);
    expect(graph.edges).toEqual([{ id: '3-4', source: '3', target: '4', isCritical: true }]);
  });

  it('keeps its shape when only states change', () => {
    const before = buildGraph(loop(5), none, false).shape;
    expect(buildGraph(loop(5).map((t) => ({ ...t, state: 'running' })), none, false).shape).toBe(before);
    expect(buildGraph(loop(25), none, false).shape).toBe(buildGraph(loop(24), none, false).shape);
    expect(buildGraph(loop(5), new Set(['+wf+loop']), false).shape).not.toBe(before);
  });
});
