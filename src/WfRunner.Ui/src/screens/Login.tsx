import { useState, type SubmitEvent, type ReactElement } from 'react';
import { signIn, useLoginReason, type Credentials } from '../api/auth';
import { ApiError, getJson } from '../api/client';
import { authItems, authTitle, brand, customHeaders } from '../api/config';
import { Segmented } from '../components/SettingsDialog';
import { describeError, Problem } from '../components/states';

type Kind = 'basic' | 'token';

/** Asks who the user is, tries it against the server once, and only then lets the page go on. */
export function Login({ onSignedIn }: { onSignedIn: () => void }): ReactElement {
  const reason = useLoginReason();
  const [kind, setKind] = useState<Kind>('basic');
  const [values, setValues] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const items = authItems.length > 0 ? authItems : itemsOf(kind);

  const credentials = async (): Promise<Credentials> => {
    if (authItems.length > 0) return { kind: 'items', values: await checked(values) };
    return kind === 'basic'
      ? { kind, user: values['user'] ?? '', password: values['password'] ?? '' }
      : { kind, header: headerOf(values['token'] ?? '') };
  };

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      const who = await credentials();
      await getJson('projects', { count: 1 }, undefined, who);
      signIn(who);
      onSignedIn();
    } catch (problem) {
      setFailure(problem instanceof ApiError && problem.status === 401 ? new Error('The server does not accept this login.') : problem);
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="login">
      <form onSubmit={(e) => void submit(e)} className="login-form">
        <h1>
          {authTitle} <span className="muted">to {brand}</span>
        </h1>
        {reason !== '' && failure === undefined && <Problem failure={new Error('The server no longer accepts the login of this tab.')} />}
        {failure !== undefined && (
          <div className="problem" role="alert">
            <p>{describeError(failure)}</p>
          </div>
        )}
        {authItems.length === 0 && customHeaders === undefined && (
          <fieldset>
            <legend className="visually-hidden">Kind of login</legend>
            <Segmented name="kind" value={kind} onChange={setKind} options={[['basic', 'Password'], ['token', 'Token']]} />
          </fieldset>
        )}
        {items.map((item, i) => (
          <div className="field" key={item.key}>
            <label htmlFor={`login-${item.key}`}>{item.name}</label>
            <input
              id={`login-${item.key}`}
              className="input"
              type={item.type ?? 'text'}
              autoComplete={item.key === 'user' ? 'username' : item.type === 'password' ? 'current-password' : 'off'}
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- the page is this form and nothing else
              autoFocus={i === 0}
              spellCheck={false}
              autoCapitalize="none"
              value={values[item.key] ?? ''}
              onChange={(e) => setValues({ ...values, [item.key]: e.target.value })}
            />
          </div>
        ))}
        {authItems.length === 0 && kind === 'token' && (
          <p className="hint">A bare token is sent as “Bearer”; write the scheme in front of it for another, for example “TD1 1/abc”.</p>
        )}
        <button type="submit" className="button primary" disabled={busy}>
          {busy ? 'Signing in…' : 'Sign in'}
        </button>
        <p className="hint">The login is kept for this tab only.</p>
      </form>
    </main>
  );
}

function itemsOf(kind: Kind): { key: string; name: string; type?: string }[] {
  return kind === 'basic'
    ? [{ key: 'user', name: 'User name' }, { key: 'password', name: 'Password', type: 'password' }]
    : [{ key: 'token', name: 'Token', type: 'password' }];
}

function headerOf(token: string): string {
  return /^\S+\s+\S/.test(token.trim()) ? token.trim() : `Bearer ${token.trim()}`;
}

/** Runs the integrator's own checks of `DIGDAG_CONFIG.auth.items`. */
async function checked(values: Record<string, string>): Promise<Record<string, string>> {
  const clean: Record<string, string> = {};
  for (const item of authItems) {
    const { key } = item;
    const value = item.scrub?.({ key, value: values[key] ?? '' }) ?? values[key] ?? '';
    clean[key] = value;
    const check = item.validate;
    if (!check) continue;
    await new Promise<void>((resolve, reject) =>
      check({ key, value, valid: () => resolve(), invalid: () => reject(new Error(`${item.name} is not valid.`)) }),
    );
  }
  return clean;
}
