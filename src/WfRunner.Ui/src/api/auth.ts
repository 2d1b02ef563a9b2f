import { useSyncExternalStore } from 'react';
import { authItems, customHeaders, logoutUrl } from './config';

/** Who the user is to the server. Kept for the tab only; never in the address. */
export type Credentials =
  | { kind: 'basic'; user: string; password: string }
  | { kind: 'token'; header: string }
  | { kind: 'items'; values: Record<string, string> };

const storageKey = 'digdag.credentials';
let credentials: Credentials | undefined = load();
let needed = authItems.length > 0 && credentials === undefined;
let reason = '';
const listeners = new Set<() => void>();

function load(): Credentials | undefined {
  try {
    const text = sessionStorage.getItem(storageKey);
    if (text === null) return undefined;
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
    return value as Credentials;
  } catch {
    return undefined;
  }
}

function changed(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function basic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return 'Basic ' + btoa(String.fromCharCode(...bytes));
}

/** Headers that tell the server who asks. */
export function authHeaders(who: Credentials | undefined = credentials): Record<string, string> {
  if (who === undefined) return customHeaders?.({ credentials: {} }) ?? {};
  switch (who.kind) {
    case 'basic':
      return { Authorization: basic(who.user, who.password) };
    case 'token':
      return { Authorization: who.header };
    case 'items':
      return customHeaders?.({ credentials: who.values }) ?? {};
  }
}

/** The server refused: the login form takes the place of the page until somebody is let in. */
export function loginNeeded(message: string): void {
  if (needed) return;
  needed = true;
  reason = credentials === undefined ? '' : message;
  changed();
}

/** Keeps credentials the server has accepted. */
export function signIn(who: Credentials): void {
  credentials = who;
  needed = false;
  reason = '';
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(who));
  } catch {
    // Without storage the login lasts until the page is left.
  }
  changed();
}

export function signOut(): void {
  credentials = undefined;
  try {
    sessionStorage.removeItem(storageKey);
  } catch {
    // Nothing was stored then.
  }
  if (logoutUrl !== undefined && logoutUrl !== '/') {
    location.assign(logoutUrl);
    return;
  }
  needed = true;
  reason = '';
  changed();
}

export function useLoginNeeded(): boolean {
  return useSyncExternalStore(subscribe, () => needed);
}

export function useLoginReason(): string {
  return useSyncExternalStore(subscribe, () => reason);
}

/** The name to show beside "Sign out"; undefined when nobody signed in. */
export function useSignedInAs(): string | undefined {
  const who = useSyncExternalStore(subscribe, () => credentials);
  if (who === undefined) return undefined;
  return who.kind === 'basic' ? who.user : 'token';
}
