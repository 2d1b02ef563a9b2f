import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { routerBase } from '../api/config';

export type UrlChange = Record<string, string | readonly string[] | null | undefined>;

/** The query part of the address as state: what is in it survives a reload and can be sent to somebody. */
export function useUrlState(): [URLSearchParams, (change: UrlChange, options?: { push?: boolean }) => void, (change: UrlChange) => string] {
  const search = useSearch();
  const [location, navigate] = useLocation();
  const params = useMemo(() => new URLSearchParams(search), [search]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the location says when the path has changed
  const linkTo = useCallback((change: UrlChange) => currentPath() + withChanges(params, change), [location, params]);
  const set = useCallback(
    (change: UrlChange, options?: { push?: boolean }) =>
      navigate(currentPath() + withChanges(new URLSearchParams(window.location.search), change), { replace: !options?.push }),
    [navigate],
  );
  return [params, set, linkTo];
}

/** The path inside the UI as it stands in the address, encoded; the router's own is half decoded. */
export function currentPath(): string {
  const { pathname } = window.location;
  return (pathname.startsWith(routerBase) ? pathname.slice(routerBase.length) : pathname) || '/';
}

/** A query text with some parameters set, others removed (null or empty). */
export function withChanges(params: URLSearchParams, change: UrlChange): string {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(change)) {
    next.delete(name);
    if (typeof value === 'string') {
      if (value !== '') next.set(name, value);
    } else if (value) {
      for (const one of value) next.append(name, one);
    }
  }
  const text = next.toString();
  return text === '' ? '' : `?${text}`;
}

/** Paths of the screens; names are encoded. */
export const routes = {
  project: (id: string): string => `/projects/${id}`,
  workflow: (projectId: string, name: string): string => `/projects/${projectId}/workflows/${encodeURIComponent(name)}`,
  session: (id: string): string => `/sessions/${id}`,
  attempt: (id: string): string => `/attempts/${id}`,
};
