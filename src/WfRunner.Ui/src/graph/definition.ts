import type { JsonObject, Task, Workflow } from '../api/types';

/** The tasks of a workflow as written, in the shape of an attempt's tasks, so that one view draws both. */
export function definitionTasks(workflow: Workflow): Task[] {
  const tasks: Task[] = [];
  let nextId = 1;
  const add = (fullName: string, config: JsonObject, parentId: string | null, upstreams: string[]): string => {
    const id = String(nextId++);
    const children = Object.entries(config).filter(([key, value]) => key.startsWith('+') && isObject(value)) as [string, JsonObject][];
    const rest = Object.fromEntries(Object.entries(config).filter(([key]) => !key.startsWith('+')));
    tasks.push({
      id,
      fullName,
      parentId,
      config: rest,
      upstreams,
      isGroup: children.length > 0,
      state: 'not_run',
      cancelRequested: false,
      exportParams: {},
      storeParams: {},
      stateParams: {},
      updatedAt: '',
      retryAt: null,
      startedAt: null,
      error: {},
    });
    addChildren(fullName, config, id, children);
    // What an operator makes when it runs: the body of loops and conditions.
    for (const key of ['_do', '_else_do']) {
      const body = config[key];
      if (!isObject(body)) continue;
      const generated = Object.entries(body).filter(([name, value]) => name.startsWith('+') && isObject(value)) as [string, JsonObject][];
      if (generated.length > 0) addChildren(fullName, body, id, generated);
    }
    for (const [key, suffix] of [
      ['_error', '^error'],
      ['_check', '^check'],
    ] as const) {
      const body = config[key];
      if (isObject(body)) add(fullName + suffix, body, id, []);
    }
    return id;
  };
  const addChildren = (parent: string, config: JsonObject, id: string, children: [string, JsonObject][]): void => {
    const parallel = config['_parallel'];
    const isParallel = parallel === true || parallel === 'true' || isObject(parallel);
    const limit = isObject(parallel) ? Number(parallel['limit']) || Infinity : Infinity;
    const ids = new Map<string, string>();
    // Sequential: who comes next waits for these; a background task waits for nobody.
    let before: string[] = [];
    // Parallel with a limit: tasks run in chunks, each waits for the whole chunk before it.
    let chunk: string[] = [];
    let chunkBefore: string[] = [];
    for (const [name, child] of children) {
      if (isParallel) {
        if (chunk.length >= limit) [chunkBefore, chunk] = [chunk, []];
        const after = Array.isArray(child['_after']) ? child['_after'].flatMap((n) => (typeof n === 'string' ? (ids.get(n) ?? []) : [])) : [];
        const made = add(parent + name, child, id, [...new Set([...after, ...chunkBefore])]);
        ids.set(name, made);
        chunk.push(made);
        continue;
      }
      const isBackground = child['_background'] === true || child['_background'] === 'true';
      const made = add(parent + name, child, id, isBackground ? [] : before);
      before = isBackground ? [...before, made] : [made];
    }
  };
  add(`+${workflow.name}`, workflow.config, null, []);
  return tasks;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
