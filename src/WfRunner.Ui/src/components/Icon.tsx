import type { ReactElement } from 'react';
import type { Tone } from '../domain/status';

const shapes = {
  overview: <path d="M2 9.5h3l2-6 3 9 1.8-4.5H14" />,
  workflows: <path d="M2 4h4v3H2zM10 2.5h4v3h-4zM10 10h4v3h-4zM6 5.5h1.5a1 1 0 0 0 1-.7L9 4h1M6 5.5h1.5a1 1 0 0 1 1 1v4a1 1 0 0 0 1 1h.5" />,
  sessions: <path d="M2 3.5h12M2 8h12M2 12.5h7M12.5 11l1.5 1.5-1.5 1.5" />,
  schedules: <path d="M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3" />,
  projects: <path d="M2 4.5a1 1 0 0 1 1-1h3l1.5 2H13a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1z" />,
  admin: <path d="M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01" />,
  search: <path d="M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14" />,
  settings: <path d="M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.8v3.4M6 9.8v3.4" />,
  play: <path d="M4.5 3v10l8-5z" />,
  retry: <path d="M13 8a5 5 0 1 1-1.5-3.6M13 2.5V5h-2.5" />,
  stop: <path d="M4 4h8v8H4z" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  copy: <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />,
  link: <path d="M6.5 9.5l3-3M7 4.5l1.3-1.3a2.8 2.8 0 0 1 4 4L11 8.6M9 11.5l-1.3 1.3a2.8 2.8 0 0 1-4-4L5 7.4" />,
  download: <path d="M8 2v8M5 7l3 3 3-3M3 13.5h10" />,
  chevron: <path d="m6 4 4 4-4 4" />,
  up: <path d="m4 10 4-4 4 4" />,
  down: <path d="m4 6 4 4 4-4" />,
  plus: <path d="M8 3v10M3 8h10" />,
  edit: <path d="M3 13l.5-2.5L11 3l2 2-7.5 7.5z" />,
  trash: <path d="M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.5 9h6l.5-9" />,
  key: <path d="M9.5 9a3.5 3.5 0 1 0-3-3L2.5 10v3.5H6V12h1.5v-1.5H9z" />,
  logs: <path d="M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h3" />,
  skip: <path d="M3.5 3.5v9l6-4.5zM12 3.5v9" />,
  backfill: <path d="M8 4.5V8l2 1.5M3 8a5 5 0 1 0 1.5-3.6M3 2.5V5h2.5" />,
  warning: <path d="M8 2.5 14 13H2zM8 6.5v3M8 11.2v.1" />,
  fit: <path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />,
  wrap: <path d="M2.5 4h11M2.5 8H12a2 2 0 0 1 0 4H8M9.5 10.5 8 12l1.5 1.5M2.5 12H5" />,
  external: <path d="M9 3h4v4M13 3 7.5 8.5M11.5 9.5v3.5h-9V4H6" />,
} satisfies Record<string, ReactElement>;

export type IconName = keyof typeof shapes;

/** A drawing beside a word; it says nothing itself. */
export function Icon({ name }: { name: IconName }): ReactElement {
  return (
    <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {shapes[name]}
    </svg>
  );
}

/** Every tone has a shape of its own, so that it needs no colour. */
export function StatusShape({ tone }: { tone: Tone }): ReactElement {
  return (
    <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {statusShape(tone)}
    </svg>
  );
}

function statusShape(tone: Tone): ReactElement {
  switch (tone) {
    case 'success':
      return (
        <>
          <circle cx="8" cy="8" r="6" />
          <path d="m5.2 8.2 2 2 3.6-4" />
        </>
      );
    case 'failure':
      return (
        <>
          <path d="M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5z" fill="currentColor" />
          <path d="m5.8 5.8 4.4 4.4M10.2 5.8l-4.4 4.4" stroke="var(--surface)" />
        </>
      );
    case 'canceled':
      return (
        <>
          <circle cx="8" cy="8" r="6" />
          <path d="m4 12 8-8" />
        </>
      );
    case 'canceling':
      return (
        <>
          <circle cx="8" cy="8" r="6" strokeDasharray="2.5 2.2" />
          <path d="m4.5 11.5 7-7" />
        </>
      );
    case 'running':
      return (
        <>
          <circle cx="8" cy="8" r="6" opacity=".3" />
          <path className="spin" d="M8 2a6 6 0 0 1 6 6" />
          <path d="M6.7 5.6v4.8L10.4 8z" fill="currentColor" stroke="none" />
        </>
      );
    case 'retrying':
      return (
        <>
          <path d="M14 8a6 6 0 1 1-1.8-4.3M14 2v2.8h-2.8" />
          <path d="M8 5.5V8l1.8 1" />
        </>
      );
    case 'planned':
      return (
        <>
          <circle cx="8" cy="8" r="6" />
          <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" stroke="none" />
        </>
      );
    case 'waiting':
      return <circle cx="8" cy="8" r="6" strokeDasharray="1 2.8" />;
    case 'unknown':
      return <path d="M8 2.5 13.5 8 8 13.5 2.5 8z" />;
  }
}

/** A square of a history: shape by tone as well. */
export function SquareShape({ tone }: { tone: Tone }): ReactElement {
  return (
    <svg viewBox="0 0 13 13" aria-hidden="true">
      {squareShape(tone)}
    </svg>
  );
}

function squareShape(tone: Tone): ReactElement {
  switch (tone) {
    case 'success':
      return <rect x=".5" y="3" width="12" height="9.5" rx="1.5" fill="var(--success-fill)" />;
    case 'failure':
      return (
        <>
          <rect x=".5" y=".5" width="12" height="12" rx="1.5" fill="var(--failure-fill)" />
          <path d="m4 4 5 5M9 4 4 9" stroke="#fff" strokeWidth="1.6" strokeLinecap="round" />
        </>
      );
    case 'canceled':
    case 'canceling':
      return (
        <>
          <rect x="1.25" y="3.75" width="10.5" height="8" rx="1.5" fill="none" stroke="var(--canceled-fill)" strokeWidth="1.5" />
          <path d="m3.5 10 6-4.5" stroke="var(--canceled-fill)" strokeWidth="1.5" />
        </>
      );
    case 'running':
      return (
        <>
          <rect x="1.25" y="3.75" width="10.5" height="8" rx="1.5" fill="none" stroke="var(--running-fill)" strokeWidth="1.5" />
          <rect x="3.5" y="6" width="3" height="3.5" fill="var(--running-fill)" />
        </>
      );
    default:
      return <rect x="1.25" y="3.75" width="10.5" height="8" rx="1.5" fill="none" stroke="var(--waiting-fill)" strokeDasharray="2 1.5" strokeWidth="1.2" />;
  }
}
