/** The hook of Digdag's UI: `/config.js` may set the global DIGDAG_CONFIG (docs/ui.md lists what is read). */
interface AuthItem {
  key: string;
  name: string;
  type?: string;
  scrub?: (item: { key: string; value: string }) => string;
  validate?: (item: { key: string; value: string; valid: (key: string) => void; invalid: (key: string) => void }) => void;
}

interface DigdagConfig {
  url?: string;
  title?: string;
  logoutUrl?: string;
  navbar?: { brand?: string; logo?: string };
  auth?: { title?: string; items?: AuthItem[] };
  headers?: (args: { credentials: Record<string, string> }) => Record<string, string>;
  td?: { jobUrl?: string | ((id: string) => string); queryUrl?: string | ((id: string) => string) };
}

declare global {
  var DIGDAG_CONFIG: DigdagConfig | undefined;
}

const given: DigdagConfig = globalThis.DIGDAG_CONFIG ?? {};

/** Where the UI lives, with a slash at the end: `/` or `/wf/`. */
export const basePath = new URL('.', document.baseURI).pathname;

/** The router's base: the same without the slash. */
export const routerBase = basePath.replace(/\/$/, '');

/** Where the API lives, with a slash at the end. */
export const apiUrl = new URL(given.url ?? 'api/', new URL(basePath, location.origin)).href;

export const brand = given.navbar?.brand ?? 'wf';
export const pageTitle = given.title ?? given.navbar?.brand ?? 'Workflows';
export const authItems: AuthItem[] = given.auth?.items ?? [];
export const authTitle = given.auth?.title ?? 'Sign in';
export const logoutUrl = given.logoutUrl;
export const customHeaders = given.headers;

/** Address of a Treasure Data job, when the installation has said how it looks. */
export function jobUrl(id: string): string | undefined {
  const link = given.td?.jobUrl;
  if (link === undefined) return undefined;
  return safeLink(typeof link === 'function' ? link(id) : link.replace('{id}', encodeURIComponent(id)));
}

/** A link that cannot run script. */
export function safeLink(address: string): string | undefined {
  try {
    const url = new URL(address, location.href);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}
