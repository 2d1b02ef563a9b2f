import type { LogPart } from './document';
import type { LogDone, LogJob } from './log.worker';

let worker: Worker | undefined;
let nextId = 1;
const waiting = new Map<number, (part: LogPart) => void>();

/** Unpacks a log file in the worker. */
export function readLog(bytes: Uint8Array<ArrayBuffer>): Promise<LogPart> {
  if (!worker) {
    worker = new Worker(new URL('./log.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = (event: MessageEvent<LogDone>) => {
      waiting.get(event.data.id)?.(event.data.part);
      waiting.delete(event.data.id);
    };
  }
  const job: LogJob = { id: nextId++, bytes };
  return new Promise((resolve) => {
    waiting.set(job.id, resolve);
    worker!.postMessage(job, [bytes.buffer]);
  });
}
