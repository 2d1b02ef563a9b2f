import { useEffect, useRef } from 'react';
import { readSetting, useSetting } from '../components/settings';

/** Key of a shortcut: one key as `KeyboardEvent.key` names it, or two with a space between: `g s`. */
export type Shortcuts = Record<string, () => void>;

interface Layer {
  keys: Shortcuts;
}

// The newest layer that knows a key gets it: a page's keys come before those of the frame.
const layers: Layer[] = [];
let pending = '';
let pendingTimer = 0;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function handle(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (readSetting('shortcuts') === 'off') return;
  // A dialog has its own keys; those of the page behind it rest.
  if (document.querySelector('dialog[open]')) return;
  // Enter and the space bar belong to what has the focus.
  if ((event.key === 'Enter' || event.key === ' ') && event.target !== document.body && event.target instanceof HTMLElement && event.target.closest('a,button,[role]')) return;
  const key = pending ? `${pending} ${event.key}` : event.key;
  clearTimeout(pendingTimer);
  pending = '';
  for (let i = layers.length - 1; i >= 0; i--) {
    const action = layers[i]!.keys[key];
    if (!action) continue;
    event.preventDefault();
    action();
    return;
  }
  if (layers.some((l) => Object.keys(l.keys).some((k) => k.startsWith(`${event.key} `)))) {
    pending = event.key;
    pendingTimer = window.setTimeout(() => (pending = ''), 1_200);
  }
}

/** Shortcuts that hold while the component is shown. */
export function useShortcuts(keys: Shortcuts): void {
  const layer = useRef<Layer>({ keys });
  layer.current.keys = keys;
  useEffect(() => {
    const mine = layer.current;
    if (layers.length === 0) document.addEventListener('keydown', handle);
    layers.push(mine);
    return () => {
      layers.splice(layers.indexOf(mine), 1);
      if (layers.length === 0) document.removeEventListener('keydown', handle);
    };
  }, []);
}

export function useShortcutsEnabled(): boolean {
  return useSetting('shortcuts')[0] !== 'off';
}
