import type { UseQueryResult } from '@tanstack/react-query';
import { Fragment, type ReactElement, type ReactNode } from 'react';
import { ApiError, UnreachableError } from '../api/client';
import { Icon } from './Icon';

/** What went wrong, in the server's words where it has any. */
export function describeError(failure: unknown): string {
  if (failure instanceof ApiError) {
    if (failure.status === 403) return `You may not do this: ${failure.message}`;
    if (failure.status === 404) return failure.message;
    return failure.status >= 500 ? `The server failed: ${failure.message}` : failure.message;
  }
  if (failure instanceof UnreachableError) return 'The server does not answer. This page goes on by itself when it is back.';
  return failure instanceof Error ? failure.message : String(failure);
}

export function Problem({ failure, retry, title }: { failure: unknown; retry?: (() => void) | undefined; title?: string }): ReactElement {
  return (
    <div className="problem" role="alert">
      <p>
        {title !== undefined && <strong>{title} </strong>}
        {describeError(failure)}
      </p>
      {retry && (
        <button type="button" className="button small" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Skeleton({ rows = 6 }: { rows?: number }): ReactElement {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, i) => (
        <i key={i} style={{ width: `${[92, 84, 96, 71, 88, 79][i % 6]!}%` }} />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactElement {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** The states of a question to the server: asking, failed, answered. Old content stays while a new answer fails. */
export function Loaded<T>({ query, rows, children }: { query: UseQueryResult<T>; rows?: number; children: (data: T) => ReactNode }): ReactElement {
  if (query.data !== undefined) {
    return (
      <Fragment>
        {query.isError && !(query.error instanceof UnreachableError) && <Problem failure={query.error} retry={() => void query.refetch()} />}
        {children(query.data)}
      </Fragment>
    );
  }
  if (query.isError) return <Problem failure={query.error} retry={() => void query.refetch()} />;
  return <Skeleton {...(rows === undefined ? {} : { rows })} />;
}

export function Warning({ children }: { children: ReactNode }): ReactElement {
  return (
    <div className="problem warning" role="note">
      <Icon name="warning" />
      <p>{children}</p>
    </div>
  );
}
