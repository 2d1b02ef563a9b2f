import { describe, expect, it } from 'vitest';
import { at, task } from '../testing/tasks';
import { buildTree, commandOf, criticalPath, errorMessage, failedTasks, jobIdOf, operatorOf, spanOf, toRows } from './tasks';

describe('the tree', () => {
  const tree = buildTree([
    task('1', '+wf', null, { isGroup: true }),
    task('2', '+wf+a', '1'),
    task('3', '+wf+a^sub', '2', { isGroup: true }),
    task('4', '+wf+a^sub+loop-0', '3'),
  ]);

  it('has rows for what people look for: not for the root, not for what only holds generated tasks', () => {
    const rows = toRows(tree, () => true);
    expect(rows.map((r) => [r.node.name, r.depth])).toEqual([
      ['+a', 0],
      ['+loop-0', 1],
    ]);
  });

  it('hides the children of closed rows', () => {
    expect(toRows(tree, () => false).map((r) => [r.node.name, r.open])).toEqual([['+a', false]]);
  });

  it('tells the copies of a group retry apart', () => {
    const retried = buildTree([task('1', '+wf', null), task('2', '+wf+a', '1', { state: 'error' }), task('3', '+wf+a', '1')]);
    expect(toRows(retried, () => true).map((r) => [r.node.attempt, r.node.superseded])).toEqual([
      [1, true],
      [2, false],
    ]);
  });

  it('is empty before any task is made', () => {
    expect(toRows(buildTree([]), () => true)).toEqual([]);
  });
});

describe('spans', () => {
  it('of a group cover its children, open while one runs', () => {
    const tree = buildTree([
      task('1', '+wf', null, { isGroup: true, state: 'planned' }),
      task('2', '+wf+a', '1', { startedAt: at(2), updatedAt: at(5) }),
      task('3', '+wf+b', '1', { startedAt: at(5), state: 'running', updatedAt: at(5) }),
    ]);
    expect(spanOf(tree.root!)).toEqual({ start: Date.parse(at(2)), end: undefined });
  });

  it('are missing for what has not begun', () => {
    expect(spanOf(buildTree([task('1', '+wf', null, { state: 'blocked' })]).root!)).toBeUndefined();
  });
});

it('the critical path leads from the last task back through what it waited for, into groups', () => {
  const tree = buildTree([
    task('1', '+wf', null, { isGroup: true }),
    task('2', '+wf+group', '1', { isGroup: true, updatedAt: at(9) }),
    task('3', '+wf+group+slow', '2', { startedAt: at(0), updatedAt: at(9) }),
    task('4', '+wf+group+fast', '2', { startedAt: at(0), updatedAt: at(1) }),
    task('5', '+wf+end', '1', { upstreams: ['2'], startedAt: at(9), updatedAt: at(12) }),
    task('6', '+wf+beside', '1', { startedAt: at(0), updatedAt: at(3) }),
    task('7', '+wf^failure-alert', '1', { startedAt: at(12), updatedAt: at(20) }),
  ]);
  expect([...criticalPath(tree)].sort()).toEqual(['2', '3', '5']);
});

it('reads the operator and its command', () => {
  expect(operatorOf({ 'sh>': 'ls', _retry: 2 })).toBe('sh');
  expect(operatorOf({ _parallel: true })).toBeUndefined();
  expect(operatorOf({ _type: 'notify' })).toBe('notify');
  expect(commandOf({ 'for_each>': { a: [1] } })).toBe('{"a":[1]}');
  expect(commandOf({ 'echo>': null })).toBeUndefined();
});

it('takes the job from what is stored before what is state', () => {
  const both = task('1', '+a', null, { storeParams: { td: { last_job_id: 99 } }, stateParams: { job: { jobId: '7' } } });
  expect(jobIdOf(both)).toBe('99');
  expect(jobIdOf({ ...both, storeParams: {} })).toBe('7');
  expect(jobIdOf({ ...both, storeParams: { td: 'x' }, stateParams: { job: [1] } })).toBeUndefined();
});

it('names the cause of a failure, not the groups above it', () => {
  const tree = buildTree([
    task('1', '+wf', null, { isGroup: true, state: 'group_error' }),
    task('2', '+wf+a', '1', { state: 'error', error: { message: 'broken' } }),
    task('3', '+wf+b', '1', { state: 'group_error' }),
  ]);
  expect(failedTasks(tree).map((n) => n.name)).toEqual(['+a', '+b']);
  expect(errorMessage(tree.byId.get('2')!.task)).toBe('broken');
  expect(errorMessage(task('9', '+x', null, { error: { code: 3 } }))).toBe('{"code":3}');
  expect(errorMessage(task('9', '+x', null))).toBeUndefined();
});
