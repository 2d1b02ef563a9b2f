import { Gunzip } from 'fflate';

/** The text of a gzip file; of one that is still being written, the part that can be read. */
export function unpackLog(bytes: Uint8Array): string {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  const gunzip = new Gunzip((chunk) => parts.push(decoder.decode(chunk, { stream: true })));
  const step = 1 << 18;
  try {
    for (let at = 0; at < bytes.length; at += step) gunzip.push(bytes.subarray(at, at + step), false);
  } catch {
    // Cut off or damaged: what came before stands.
  }
  return parts.join('');
}
