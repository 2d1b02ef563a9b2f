import { authHeaders, loginNeeded, type Credentials } from './auth';
import { apiUrl } from './config';

/** The server answered, but not with success; `message` is what it said. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly body: unknown,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** No answer at all: the server is away or the network is. */
export class UnreachableError extends Error {
  constructor(cause: unknown) {
    super('The server does not answer.', { cause });
    this.name = 'UnreachableError';
  }
}

export type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

interface Call {
  query?: Query | undefined;
  json?: unknown;
  body?: Uint8Array<ArrayBuffer>;
  contentType?: string;
  signal?: AbortSignal | undefined;
  as?: Credentials;
}

/** Builds an API path; every value is encoded: path`projects/${id}/workflows/${name}`. */
export function path(texts: TemplateStringsArray, ...values: string[]): string {
  return texts.reduce((whole, text, i) => whole + text + (i < values.length ? encodeURIComponent(values[i]!) : ''), '');
}

const sameOrigin = new URL(apiUrl).origin === location.origin;
// A long list must not crowd out what the user asked for, and the stream of events holds a connection of its own.
const maximumInFlight = 3;
let inFlight = 0;
const waiting: (() => void)[] = [];

async function enter(signal: AbortSignal | undefined): Promise<void> {
  if (inFlight < maximumInFlight) {
    inFlight++;
    return;
  }
  await new Promise<void>((resolve) => waiting.push(resolve));
  if (signal?.aborted) {
    leave();
    signal.throwIfAborted();
  }
}

function leave(): void {
  const next = waiting.shift();
  if (next) next();
  else inFlight--;
}

export function urlOf(where: string, query?: Query): URL {
  const url = new URL(where, apiUrl);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    if (typeof value === 'object') for (const one of value) url.searchParams.append(name, one);
    else url.searchParams.set(name, String(value));
  }
  return url;
}

export function requestHeaders(as?: Credentials): Record<string, string> {
  // Tells the server that a script asks: a refusal must not make the browser open its own password prompt.
  return { ...(sameOrigin ? { 'X-Requested-With': 'XMLHttpRequest' } : {}), ...(as ? authHeaders(as) : authHeaders()) };
}

/** Sends a request and reads the answer; the place among those in flight is kept until it is read. */
async function ask<T>(method: string, where: string, call: Call, accept: string, read: (response: Response) => Promise<T>): Promise<T> {
  const headers: Record<string, string> = { Accept: accept, ...requestHeaders(call.as) };
  let body: BodyInit | null = null;
  if (call.json !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(call.json);
  } else if (call.body !== undefined) {
    headers['Content-Type'] = call.contentType ?? 'application/octet-stream';
    body = call.body;
  }
  await enter(call.signal);
  try {
    const response = await fetch(urlOf(where, call.query), { method, headers, body, credentials: 'same-origin', signal: call.signal ?? null });
    if (response.ok) return await read(response);
    const error = await readError(response);
    // A proxy in front of a server that is away answers for it.
    if ([502, 503, 504].includes(response.status) && !isObject(error.body)) throw new UnreachableError(error);
    if (response.status === 401 && call.as === undefined) loginNeeded(error.message);
    throw error;
  } catch (failure) {
    // What fetch throws when nothing came, or broke off, is a TypeError.
    throw failure instanceof TypeError ? new UnreachableError(failure) : failure;
  } finally {
    leave();
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

async function readError(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  let body: unknown = text;
  let message = '';
  try {
    body = JSON.parse(text);
    if (isObject(body) && typeof body['message'] === 'string') message = body['message'];
  } catch {
    // Not JSON: an old server or a proxy; its page is no message for people.
  }
  return new ApiError(response.status, message || `${response.status} ${response.statusText}`.trim(), body);
}

export function getJson<T>(where: string, query?: Query, signal?: AbortSignal, as?: Credentials): Promise<T> {
  return ask('GET', where, { query, signal, ...(as ? { as } : {}) }, 'application/json', (r) => r.json() as Promise<T>);
}

export function getBytes(where: string, query?: Query, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  return ask('GET', where, { query, signal }, 'application/gzip, */*', async (r) => new Uint8Array(await r.arrayBuffer()));
}

/** A file elsewhere that carries its permission in its address: no credentials of ours go there. */
export async function getDirect(address: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address, { credentials: 'omit', signal: signal ?? null });
  if (!response.ok) throw new ApiError(response.status, `${response.status} ${response.statusText}`.trim(), undefined);
  return new Uint8Array(await response.arrayBuffer());
}

export function putJson<T>(where: string, json: unknown, query?: Query): Promise<T> {
  return ask('PUT', where, { json, query }, 'application/json', answer<T>);
}

export function postJson<T>(where: string, json: unknown = {}, query?: Query): Promise<T> {
  return ask('POST', where, { json, query }, 'application/json', answer<T>);
}

export function deleteJson<T>(where: string): Promise<T> {
  return ask('DELETE', where, {}, 'application/json', answer<T>);
}

export function putArchive<T>(where: string, body: Uint8Array<ArrayBuffer>, query: Query): Promise<T> {
  return ask('PUT', where, { body, contentType: 'application/gzip', query }, 'application/json', answer<T>);
}

export function postArchive<T>(where: string, body: Uint8Array<ArrayBuffer>, query: Query, signal: AbortSignal): Promise<T> {
  return ask('POST', where, { body, contentType: 'application/gzip', query, signal }, 'application/json', answer<T>);
}

// Old servers answer some changes with 204.
async function answer<T>(response: Response): Promise<T> {
  return (response.status === 204 ? undefined : await response.json()) as T;
}
