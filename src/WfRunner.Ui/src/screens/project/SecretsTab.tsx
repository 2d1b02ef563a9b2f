import type { UseQueryResult } from '@tanstack/react-query';
import { useId, useState, type ReactElement } from 'react';
import { ConfirmDialog } from '../../actions/ConfirmDialog';
import { useAction } from '../../actions/useAction';
import { deleteJson, path, putJson } from '../../api/client';
import type { Project } from '../../api/types';
import { Cli } from '../../components/Cli';
import { DataTable } from '../../components/DataTable';
import { Dialog } from '../../components/Dialog';
import { Icon } from '../../components/Icon';
import { Empty, Loaded, Problem } from '../../components/states';
import { toast } from '../../components/toasts';
import { command } from '../../domain/cli';

/** Names of a project's secrets. Their values are write-only: no screen and no answer of the server shows them. */
export function SecretsTab({ project, keys }: { project: Project; keys: UseQueryResult<string[]> }): ReactElement {
  const [setting, setSetting] = useState<string>();
  const [removing, setRemoving] = useState<string>();
  const remove = useAction<boolean>(['project', project.id, 'secrets']);
  return (
    <>
      <div className="section-head">
        <p className="muted">
          Values are encrypted and never shown; tasks read them as <code>{'${secret:name}'}</code>.
        </p>
        <button type="button" className="button" onClick={() => setSetting('')}>
          <Icon name="plus" /> Set a secret
        </button>
      </div>
      <Loaded query={keys} rows={3}>
        {(list) =>
          list.length === 0 ? (
            <Empty title="No secret is set." />
          ) : (
            <DataTable
              caption="Secrets"
              rows={list}
              rowKey={(k) => k}
              columns={[
                { key: 'key', head: 'Name', cell: (k) => <span className="mono name">{k}</span>, card: 'main' },
                { key: 'value', head: 'Value', cell: () => <span className="muted" aria-label="hidden">••••••••</span>, card: 'none' },
                {
                  key: 'actions',
                  head: <span className="visually-hidden">Actions</span>,
                  className: 'number',
                  cell: (k) => (
                    <span className="row-actions">
                      <button type="button" className="button small" aria-label={`Replace ${k}`} onClick={() => setSetting(k)}>
                        <Icon name="key" /> Replace
                      </button>
                      <button type="button" className="button small danger" aria-label={`Delete ${k}`} onClick={() => setRemoving(k)}>
                        <Icon name="trash" /> Delete
                      </button>
                    </span>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {setting !== undefined && <SecretDialog project={project} name={setting} onClose={() => setSetting(undefined)} />}
      {removing !== undefined && (
        <ConfirmDialog
          title={`Delete the secret ${removing}?`}
          button="Delete"
          busy={remove.busy}
          failure={remove.failure}
          onClose={() => setRemoving(undefined)}
          onConfirm={() =>
            void remove
              .run(async () => {
                await deleteJson(path`projects/${project.id}/secrets/${removing}`);
                return true;
              })
              .then((done) => {
                if (!done) return;
                toast({ text: `${removing} was deleted.`, tone: 'success' });
                setRemoving(undefined);
              })
          }
        >
          <p>Tasks that need it will fail until it is set again.</p>
          <Cli command={command('wf', 'secrets', '--project', project.name, '--delete', removing)} />
        </ConfirmDialog>
      )}
    </>
  );
}

function SecretDialog({ project, name, onClose }: { project: Project; name: string; onClose: () => void }): ReactElement {
  const id = useId();
  const [key, setKey] = useState(name);
  const [value, setValue] = useState('');
  const [shown, setShown] = useState(false);
  const action = useAction<boolean>(['project', project.id, 'secrets']);
  const valid = /^[A-Za-z](?:[\w-]*[A-Za-z0-9])?(?:\.[A-Za-z](?:[\w-]*[A-Za-z0-9])?)*$/.test(key);
  const submit = async (): Promise<void> => {
    const done = await action.run(async () => {
      await putJson(path`projects/${project.id}/secrets/${key}`, { value });
      return true;
    });
    if (!done) return;
    toast({ text: `${key} was set.`, tone: 'success' });
    onClose();
  };
  return (
    <Dialog
      title={name === '' ? 'Set a secret' : `Replace ${name}`}
      onClose={onClose}
      onSubmit={() => valid && void submit()}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={action.busy || !valid}>
            {action.busy ? 'Setting…' : 'Set'}
          </button>
        </>
      }
    >
      {action.failure !== undefined && <Problem failure={action.failure} title="Not set." />}
      <div className="field">
        <label htmlFor={`${id}-key`}>Name</label>
        <input
          id={`${id}-key`}
          className="input"
          value={key}
          readOnly={name !== ''}
          autoComplete="off"
          spellCheck={false}
          placeholder="mail.password"
          aria-invalid={key !== '' && !valid}
          aria-describedby={`${id}-rule`}
          onChange={(e) => setKey(e.target.value)}
        />
        <p id={`${id}-rule`} className={key !== '' && !valid ? 'field-error' : 'hint'}>
          Words of letters, digits, “-” and “_” with dots between, each beginning with a letter.
        </p>
      </div>
      <div className="field">
        <label htmlFor={`${id}-value`}>Value</label>
        {shown ? (
          <textarea id={`${id}-value`} className="textarea" spellCheck={false} autoComplete="off" value={value} onChange={(e) => setValue(e.target.value)} />
        ) : (
          <input id={`${id}-value`} className="input" type="password" autoComplete="new-password" value={value} onChange={(e) => setValue(e.target.value)} />
        )}
        <label className="choice">
          <input type="checkbox" checked={shown} onChange={(e) => setShown(e.target.checked)} />
          <span>Show, for values of several lines</span>
        </label>
      </div>
      <Cli command={command('wf', 'secrets', '--project', project.name, '--set', key || 'NAME')} />
    </Dialog>
  );
}
