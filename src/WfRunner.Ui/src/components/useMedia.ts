import { useSyncExternalStore } from 'react';

/** Where a page becomes one for a phone; the style sheets use the same width. */
export const phone = '(max-width: 46rem)';

/** Whether a media query holds, kept up to date. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => window.matchMedia(query).matches,
  );
}
