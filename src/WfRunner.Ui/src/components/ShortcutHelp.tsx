import type { ReactElement } from 'react';
import { Dialog } from './Dialog';

const groups: [string, [string, string][]][] = [
  ['Everywhere', [['?', 'This help'], ['/', 'Search'], ['Ctrl K', 'Find a workflow, project or session'], ['g o', 'Overview'], ['g w', 'Workflows'], ['g s', 'Sessions'], ['g c', 'Schedules'], ['g p', 'Projects'], [',', 'Settings'], ['Esc', 'Close']]],
  ['Lists', [['j', 'Next row'], ['k', 'Previous row'], ['Enter', 'Open'], ['x', 'Select']]],
  ['Workflow and session', [['r', 'Run or retry'], ['K', 'Kill'], ['t', 'Timeline'], ['d', 'Graph'], ['l', 'Logs'], ['f', 'Follow the log'], ['[', 'Earlier session of the workflow'], [']', 'Later session of the workflow']]],
];

export function ShortcutHelp({ onClose }: { onClose: () => void }): ReactElement {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} wide isText>
      {groups.map(([title, keys]) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl className="shortcut-list">
            {keys.map(([key, text]) => (
              <div key={key}>
                <dt>{text}</dt>
                <dd>
                  {key.split(' ').map((k) => (
                    <kbd key={k}>{k}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
