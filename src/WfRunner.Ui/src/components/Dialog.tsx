import { useEffect, useId, useRef, type SubmitEvent, type ReactElement, type ReactNode } from 'react';
import { Icon } from './Icon';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at the bottom. */
  footer?: ReactNode;
  onSubmit?: () => void;
  wide?: boolean;
  /** There is nothing to fill in or press in it: the text itself is reached with the keyboard, to scroll it. */
  isText?: boolean;
}

/** A modal dialog of the browser's own: it keeps the focus, Esc closes it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, children, footer, onSubmit, wide, isText }: DialogProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current!;
    const before = document.activeElement;
    if (!element.open) element.showModal();
    // The first thing to fill in, not the cross in the corner.
    const first =
      element.querySelector<HTMLElement>('[data-autofocus]') ??
      element.querySelector<HTMLElement>('.dialog-body input:not([type=radio]), .dialog-body textarea, .dialog-foot .primary, .dialog-foot .danger') ??
      element.querySelector<HTMLElement>('.dialog-body[tabindex], .dialog-body input:checked');
    first?.focus();
    return () => {
      if (element.open) element.close();
      // What opened it may have gone with what was done; then one goes on at the page's beginning.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      else document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
    };
  }, []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <dialog
      ref={dialog}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <form onSubmit={submit} noValidate>
        <div className="dialog-head">
          <h2 id={heading}>{title}</h2>
          <button type="button" className="button quiet icon" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        <div className="dialog-body" {...(isText ? { tabIndex: 0, role: 'region', 'aria-labelledby': heading } : {})}>{children}</div>
        {footer !== undefined && <div className="dialog-foot">{footer}</div>}
      </form>
    </dialog>
  );
}
