import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { brand } from '../api/config';
import { useFeature, useFeatures } from '../api/features';
import { useConnection } from '../api/live';
import { useVersion } from '../api/queries';
import { useShortcuts } from '../keyboard/shortcuts';
import { toLocal } from '../domain/time';
import { Icon, type IconName } from './Icon';
import { Palette } from './Palette';
import { SettingsDialog } from './SettingsDialog';
import { ShortcutHelp } from './ShortcutHelp';
import { useZone } from './Time';
import { Toasts } from './toasts';

const places: { to: string; text: string; icon: IconName; match: RegExp; extra?: boolean }[] = [
  { to: '/', text: 'Overview', icon: 'overview', match: /^\/$/ },
  { to: '/workflows', text: 'Workflows', icon: 'workflows', match: /^\/workflows|^\/projects\/[^/]+\/workflows/ },
  { to: '/sessions', text: 'Sessions', icon: 'sessions', match: /^\/(sessions|attempts)/ },
  { to: '/schedules', text: 'Schedules', icon: 'schedules', match: /^\/schedules/ },
  { to: '/projects', text: 'Projects', icon: 'projects', match: /^\/projects(?!\/[^/]+\/workflows)/ },
  { to: '/admin', text: 'Admin', icon: 'admin', match: /^\/admin/, extra: true },
];

type Open = 'palette' | 'settings' | 'help' | undefined;

/** What surrounds every screen: places to go, search, settings, and how the page is connected. */
export function Frame({ children }: { children: ReactNode }): ReactElement {
  const [location, navigate] = useLocation();
  const [open, setOpen] = useState<Open>();
  const main = useRef<HTMLElement>(null);
  const connection = useConnection();
  const hasAdmin = useFeature('admin-status');
  const first = useRef(true);
  // A new screen starts at its top, also for those who listen to it.
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [location]);
  useShortcuts({
    '?': () => setOpen('help'),
    '/': () => {
      const field = document.querySelector<HTMLInputElement>('input[type=search]');
      if (field) field.focus();
      else setOpen('palette');
    },
    'g o': () => navigate('/'),
    'g w': () => navigate('/workflows'),
    'g s': () => navigate('/sessions'),
    'g c': () => navigate('/schedules'),
    'g p': () => navigate('/projects'),
    ',': () => setOpen('settings'),
  });
  useEffect(() => {
    const palette = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && !document.querySelector('dialog[open]')) {
        event.preventDefault();
        setOpen('palette');
      }
    };
    document.addEventListener('keydown', palette);
    return () => document.removeEventListener('keydown', palette);
  }, []);
  return (
    <div className={connection.kind === 'offline' ? 'app is-offline' : 'app'}>
      <a className="skip-link" href="#main" onClick={(e) => (e.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <header className="topbar">
        <Brand />
        <button type="button" className="button quiet icon" aria-label="Find a workflow, project or session" onClick={() => setOpen('palette')}>
          <Icon name="search" />
        </button>
        <button type="button" className="button quiet icon" aria-label="Settings" onClick={() => setOpen('settings')}>
          <Icon name="settings" />
        </button>
      </header>
      <nav className="sidebar" aria-label="Main">
        <Brand />
        <button type="button" className="nav-item search-button" onClick={() => setOpen('palette')}>
          <Icon name="search" />
          <span className="nav-text">Find…</span>
          <kbd>Ctrl K</kbd>
        </button>
        {places
          .filter((p) => !p.extra || hasAdmin)
          .map((p) => (
            <Link key={p.to} className={p.extra ? 'nav-item wide-only' : 'nav-item'} href={p.to} aria-current={p.match.test(location) ? 'page' : undefined} data-tip={undefined}>
              <Icon name={p.icon} />
              <span className="nav-text">{p.text}</span>
            </Link>
          ))}
        <div className="nav-space" />
        <ConnectionView />
        <button type="button" className="nav-item wide-only" onClick={() => setOpen('settings')}>
          <Icon name="settings" />
          <span className="nav-text">Settings</span>
        </button>
      </nav>
      <main className="main" id="main" ref={main} tabIndex={-1}>
        {connection.kind === 'offline' && <OfflineBanner since={connection.since} />}
        {children}
      </main>
      {open === 'palette' && <Palette onClose={() => setOpen(undefined)} />}
      {open === 'settings' && <SettingsDialog onClose={() => setOpen(undefined)} onHelp={() => setOpen('help')} />}
      {open === 'help' && <ShortcutHelp onClose={() => setOpen(undefined)} />}
      <Toasts />
    </div>
  );
}

function Brand(): ReactElement {
  return (
    <Link className="brand" href="/" aria-label={`${brand}, overview`}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#0d6470" />
        <path d="M7 9.5h7v5h5v-5h6M19 14.5v8H9" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      <span>{brand}</span>
    </Link>
  );
}

function ConnectionView(): ReactElement {
  const connection = useConnection();
  const own = useFeatures()?.version;
  const version = useVersion().data?.version;
  const zone = useZone();
  const text = connection.kind === 'live' ? 'Live' : connection.kind === 'polling' ? 'Polling' : `Offline since ${toLocal(connection.since, zone).time.slice(0, 5)}`;
  const tip =
    connection.kind === 'live'
      ? 'Changes appear as they happen.'
      : connection.kind === 'polling'
        ? 'This server does not push changes, or the stream is being opened: the page asks every few seconds.'
        : 'The server does not answer. What you see is the last known state.';
  return (
    <div className="connection" data-kind={connection.kind} data-tip={version === undefined ? tip : `${tip}\n${own === undefined ? '' : `wf ${own}, `}API of Digdag ${version}`}>
      <span className="connection-dot" />
      <span className="nav-text" role="status">
        {text}
      </span>
      {version !== undefined && <span className="nav-text version">v{own ?? version}</span>}
    </div>
  );
}

function OfflineBanner({ since }: { since: number }): ReactElement {
  const zone = useZone();
  const local = toLocal(since, zone);
  return (
    <div className="offline-banner" role="alert">
      <Icon name="warning" />
      <span>
        The server has not answered since {local.time} {local.zone}. The page shows the last known state and goes on by itself.
      </span>
    </div>
  );
}
