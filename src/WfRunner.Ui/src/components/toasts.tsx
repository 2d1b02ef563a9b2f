import { useSyncExternalStore, type ReactElement } from 'react';
import { Link } from 'wouter';
import type { Tone } from '../domain/status';
import { Icon } from './Icon';

interface Toast {
  id: number;
  text: string;
  tone?: Tone;
  /** Where the result is. */
  link?: { to: string; text: string };
  undo?: () => void;
}

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says what an action did; it goes away by itself, errors stay until they are closed. */
export function toast(message: Omit<Toast, 'id'>): void {
  const id = nextId++;
  set([...toasts.slice(-3), { ...message, id }]);
  if (message.tone !== 'failure') setTimeout(() => dismiss(id), message.link || message.undo ? 10_000 : 4_000);
}

function dismiss(id: number): void {
  set(toasts.filter((t) => t.id !== id));
}

export function Toasts(): ReactElement {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((t) => (
        <div key={t.id} className="toast" data-tone={t.tone}>
          <p>
            {t.text}{' '}
            {t.link && (
              <Link href={t.link.to} onClick={() => dismiss(t.id)}>
                {t.link.text}
              </Link>
            )}
          </p>
          {t.undo && (
            <button
              type="button"
              className="button small"
              onClick={() => {
                dismiss(t.id);
                t.undo?.();
              }}
            >
              Undo
            </button>
          )}
          <button type="button" className="button quiet icon small" aria-label="Dismiss" onClick={() => dismiss(t.id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
