import { useSyncExternalStore } from 'react';
import type { ZoneChoice } from '../domain/time';

/** What a user may set, with the values; the first is the default. Kept in the browser. */
interface Settings {
  theme: 'auto' | 'light' | 'dark';
  zone: ZoneChoice;
  shortcuts: 'on' | 'off';
  wrap: 'on' | 'off';
}

const defaults: Settings = { theme: 'auto', zone: 'browser', shortcuts: 'on', wrap: 'on' };
const allowed: { [K in keyof Settings]: readonly Settings[K][] } = {
  theme: ['auto', 'light', 'dark'],
  zone: ['browser', 'workflow', 'utc'],
  shortcuts: ['on', 'off'],
  wrap: ['on', 'off'],
};

const listeners = new Set<() => void>();
const memory = new Map<string, string>();

export function readSetting<K extends keyof Settings>(name: K): Settings[K] {
  let text: string | null | undefined = memory.get(name);
  if (text === undefined) {
    try {
      text = localStorage.getItem(`wf.${name}`);
    } catch {
      text = null;
    }
  }
  return (allowed[name] as readonly string[]).includes(text ?? '') ? (text as Settings[K]) : defaults[name];
}

export function writeSetting<K extends keyof Settings>(name: K, value: Settings[K]): void {
  memory.set(name, value);
  try {
    localStorage.setItem(`wf.${name}`, value);
  } catch {
    // Without storage the setting lasts until the page is left.
  }
  if (name === 'theme') applyTheme();
  for (const listener of listeners) listener();
}

export function useSetting<K extends keyof Settings>(name: K): [Settings[K], (value: Settings[K]) => void] {
  const value = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => readSetting(name),
  );
  return [value, (next) => writeSetting(name, next)];
}

function applyTheme(): void {
  const theme = readSetting('theme');
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
