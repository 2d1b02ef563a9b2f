import { useQuery } from '@tanstack/react-query';
import { ApiError, getJson } from './client';
import type { Features } from './types';

const none: Features = { features: [] };

async function load(signal: AbortSignal): Promise<Features> {
  try {
    const found = await getJson<Features>('features', undefined, signal);
    return Array.isArray(found.features) ? found : none;
  } catch (failure) {
    // A stock Digdag server does not know the path.
    if (failure instanceof ApiError && failure.status !== 401 && failure.status < 500) return none;
    throw failure;
  }
}

/** What the server offers beyond Digdag's API; undefined until it has answered. */
export function useFeatures(): Features | undefined {
  return useQuery({ queryKey: ['features'], queryFn: ({ signal }) => load(signal), staleTime: Infinity }).data;
}

/** Whether the server is one of ours, which filters lists, tells histories and so on. */
export function useFeature(name: string): boolean {
  return useFeatures()?.features.includes(name) ?? false;
}
