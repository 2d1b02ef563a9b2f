import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { signOut, useSignedInAs } from '../api/auth';
import { useFeature, useFeatures } from '../api/features';
import { useVersion } from '../api/queries';
import { browserZone } from '../domain/time';
import { Dialog } from './Dialog';
import { useSetting } from './settings';
import { Switch } from './Switch';

export function SettingsDialog({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }): ReactElement {
  const [theme, setTheme] = useSetting('theme');
  const [zone, setZone] = useSetting('zone');
  const [shortcuts, setShortcuts] = useSetting('shortcuts');
  const user = useSignedInAs();
  const version = useVersion().data?.version;
  const features = useFeatures();
  const hasAdmin = useFeature('admin-status');
  return (
    <Dialog title="Settings" onClose={onClose}>
      <fieldset>
        <legend className="legend">Theme</legend>
        <Segmented name="theme" value={theme} onChange={setTheme} options={[['auto', 'System'], ['light', 'Light'], ['dark', 'Dark']]} />
      </fieldset>
      <fieldset>
        <legend className="legend">Time zone</legend>
        <Segmented name="zone" value={zone} onChange={setZone} options={[['browser', 'Browser'], ['workflow', 'Workflow'], ['utc', 'UTC']]} />
        <p className="hint">All times follow it, and each says its zone. Your browser is in {browserZone}.</p>
      </fieldset>
      <fieldset>
        <legend className="legend">Keyboard</legend>
        <Switch on={shortcuts === 'on'} label="Shortcuts of a single key" text="Shortcuts of a single key" onChange={(on) => setShortcuts(on ? 'on' : 'off')} />
        <button type="button" className="link-button" onClick={onHelp}>
          Show all shortcuts
        </button>
      </fieldset>
      {hasAdmin && (
        <p>
          <Link href="/admin" onClick={onClose}>
            Administration
          </Link>
        </p>
      )}
      {user !== undefined && (
        <fieldset>
          <legend className="legend">Signed in as {user}</legend>
          <div>
            <button
              type="button"
              className="button"
              onClick={() => {
                onClose();
                signOut();
              }}
            >
              Sign out
            </button>
          </div>
        </fieldset>
      )}
      <p className="hint">
        {version === undefined ? 'Server' : `Server speaks the API of Digdag ${version}`}
        {features?.version !== undefined && `, wf ${features.version}`}
        {features !== undefined && features.features.length === 0 && '. It offers nothing beyond that API, so this page polls it.'}
      </p>
    </Dialog>
  );
}

export function Segmented<T extends string>({ name, value, options, onChange }: { name: string; value: T; options: readonly (readonly [T, string])[]; onChange: (value: T) => void }): ReactElement {
  return (
    <div className="segmented">
      {options.map(([key, text]) => (
        <label key={key}>
          <input type="radio" name={name} value={key} checked={key === value} onChange={() => onChange(key)} />
          {text}
        </label>
      ))}
    </div>
  );
}
