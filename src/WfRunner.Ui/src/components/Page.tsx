import { useEffect, type ReactElement, type ReactNode } from 'react';
import { Link } from 'wouter';
import { pageTitle } from '../api/config';

interface PageHeadProps {
  /** For the tab of the browser, when it differs from the heading. */
  title: string;
  heading?: ReactNode;
  crumbs?: readonly { to: string; text: string }[];
  meta?: ReactNode;
  actions?: ReactNode;
  /** On a phone the actions are a bar at the bottom. */
  bar?: boolean;
}

export function PageHead({ title, heading, crumbs, meta, actions, bar }: PageHeadProps): ReactElement {
  useEffect(() => {
    document.title = title === pageTitle ? title : `${title} – ${pageTitle}`;
  }, [title]);
  return (
    <header className="page-head">
      <div className="page-title">
        {crumbs && crumbs.length > 0 && (
          <nav aria-label="Breadcrumbs">
            <ol className="crumbs">
              {crumbs.map((c) => (
                <li key={c.to}>
                  <Link href={c.to}>{c.text}</Link>
                </li>
              ))}
            </ol>
          </nav>
        )}
        <h1>{heading ?? title}</h1>
        {meta && <div className="meta">{meta}</div>}
      </div>
      {actions && <div className={bar ? 'actions bar' : 'actions'}>{actions}</div>}
    </header>
  );
}

export function Tabs({ label, tabs, current }: { label: string; tabs: readonly { key: string; text: string; to: string; count?: number | undefined }[]; current: string }): ReactElement {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((t) => (
        <Link key={t.key} href={t.to} replace aria-current={t.key === current ? 'page' : undefined}>
          {t.text}
          {t.count !== undefined && <span className="count">{t.count}</span>}
        </Link>
      ))}
    </nav>
  );
}

export function Section({ title, aside, children, id }: { title: string; aside?: ReactNode; children: ReactNode; id?: string }): ReactElement {
  return (
    <section id={id} aria-label={title}>
      <div className="section-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
