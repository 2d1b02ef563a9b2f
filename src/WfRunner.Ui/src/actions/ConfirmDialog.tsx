import { useId, useState, type ReactElement, type ReactNode } from 'react';
import { Dialog } from '../components/Dialog';
import { Problem } from '../components/states';

interface ConfirmDialogProps {
  title: string;
  children: ReactNode;
  button: string;
  /** What has to be typed before the button works. */
  typed?: string;
  busy: boolean;
  failure: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog({ title, children, button, typed, busy, failure, onConfirm, onClose }: ConfirmDialogProps): ReactElement {
  const id = useId();
  const [text, setText] = useState('');
  const ready = typed === undefined || text === typed;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={() => ready && onConfirm()}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button danger" disabled={busy || !ready}>
            {busy ? 'Working…' : button}
          </button>
        </>
      }
    >
      {failure !== undefined && <Problem failure={failure} />}
      {children}
      {typed !== undefined && (
        <div className="field">
          <label htmlFor={id}>
            Type <code>{typed}</code> to confirm
          </label>
          <input id={id} className="input" autoComplete="off" spellCheck={false} value={text} onChange={(e) => setText(e.target.value)} />
        </div>
      )}
    </Dialog>
  );
}
