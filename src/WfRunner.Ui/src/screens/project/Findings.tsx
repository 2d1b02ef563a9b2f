import type { ReactElement } from 'react';
import type { Diagnostic } from '../../api/types';
import { StatusShape } from '../../components/Icon';
import { describeError } from '../../components/states';
import type { Tone } from '../../domain/status';
import type { Check } from './useCheck';

export const findingTones: Record<Diagnostic['severity'], Tone> = { error: 'failure', warning: 'canceled', note: 'unknown' };

/** What the server finds in the project as it is written: the findings of `wf check`. */
export function Findings({ check, file, onOpen }: { check: Check; file: string | undefined; onOpen: (finding: Diagnostic) => void }): ReactElement | null {
  if (check.state === 'none') return null;
  const report = 'report' in check ? check.report : undefined;
  const rankOf = (d: Diagnostic): number => (d.severity === 'error' ? 0 : 2) + (d.file === file ? 0 : 1);
  // What stops the project comes first, and of the file one is in before that of others.
  const listed = report?.diagnostics.toSorted((a, b) => rankOf(a) - rankOf(b)) ?? [];
  return (
    <section className="findings" aria-label="Findings">
      <div className="section-head">
        <h2>Findings</h2>
        <span className="muted" role="status">
          {check.state === 'failed' ? `Not checked: ${describeError(check.failure)}` : report ? summaryOf(report) : 'Checking…'}
          {check.state === 'checking' && report !== undefined && ' · checking…'}
        </span>
      </div>
      {listed.length > 0 && (
        <ul>
          {listed.map((finding, i) => (
            <li key={i}>
              <span className="status" data-tone={findingTones[finding.severity]}>
                <StatusShape tone={findingTones[finding.severity]} />
                <span className="visually-hidden">{finding.severity}</span>
              </span>
              <div>
                {finding.file !== null && (
                  <button type="button" className="link-button mono" onClick={() => onOpen(finding)}>
                    {placeOf(finding)}
                  </button>
                )}{' '}
                {finding.message} <span className="muted">{finding.code}</span>
                <p className="hint">{finding.advice}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function summaryOf(report: { errors: number; warnings: number; notes: number }): string {
  const counted = (count: number, word: string): string[] => (count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`]);
  return [...counted(report.errors, 'error'), ...counted(report.warnings, 'warning'), ...counted(report.notes, 'note')].join(', ') || 'Nothing found.';
}

function placeOf(finding: Diagnostic): string {
  return `${finding.file}${finding.line === null ? '' : `:${finding.line}${finding.column === null ? '' : `:${finding.column}`}`}`;
}
