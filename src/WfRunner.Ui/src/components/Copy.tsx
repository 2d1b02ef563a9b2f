import type { ReactElement } from 'react';
import { Icon, type IconName } from './Icon';
import { toast } from './toasts';

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Not a secure page, or not permitted: the old way still works there.
    const area = document.createElement('textarea');
    area.value = text;
    area.setAttribute('readonly', '');
    area.className = 'visually-hidden';
    (document.querySelector('dialog[open]') ?? document.body).append(area);
    area.select();
    // Without HTTPS there is no other way to the clipboard.
    // oxlint-disable-next-line typescript/no-deprecated
    document.execCommand('copy');
    area.remove();
  }
  toast({ text: 'Copied.' });
}

export function CopyButton({ text, label, icon = 'copy' }: { text: string | (() => string); label: string; icon?: IconName }): ReactElement {
  return (
    <button
      type="button"
      className="button quiet icon small"
      aria-label={label}
      data-tip={label}
      onClick={() => void copyText(typeof text === 'string' ? text : text())}
    >
      <Icon name={icon} />
    </button>
  );
}
