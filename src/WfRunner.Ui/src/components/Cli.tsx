import type { ReactElement } from 'react';
import { CopyButton } from './Copy';

/** The command that does the same from a terminal. */
export function Cli({ command }: { command: string }): ReactElement {
  return (
    <div className="field">
      <span className="hint">The same from a terminal</span>
      <div className="cli">
        <code>{command}</code>
        <CopyButton text={command} label="Copy the command" />
      </div>
    </div>
  );
}
