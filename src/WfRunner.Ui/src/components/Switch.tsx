import type { ReactElement } from 'react';

export function Switch({ on, label, text, onChange, disabled }: { on: boolean; label: string; text?: string; onChange: (on: boolean) => void; disabled?: boolean }): ReactElement {
  return (
    <button type="button" role="switch" aria-checked={on} aria-label={label} className="switch" disabled={disabled} onClick={() => onChange(!on)}>
      <span className="switch-track" />
      {text !== undefined && <span>{text}</span>}
    </button>
  );
}
