import { splitLines, type LogPart } from './document';
import { unpackLog } from './unpack';

export interface LogJob {
  id: number;
  bytes: Uint8Array;
}

export interface LogDone {
  id: number;
  part: LogPart;
}

// Unpacking and splitting a large log takes a second: the page stays free meanwhile.
self.onmessage = (event: MessageEvent<LogJob>) => {
  const part = splitLines(unpackLog(event.data.bytes));
  const done: LogDone = { id: event.data.id, part };
  (self as unknown as Worker).postMessage(done, [part.starts.buffer, part.levels.buffer]);
};
