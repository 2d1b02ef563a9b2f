import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { path } from '../api/client';
import { mergeHistory } from '../api/queries';
import type { Session } from '../api/types';
import { neighboursOf } from '../screens/session/SessionView';
import { DataTable } from './DataTable';
import { Switch } from './Switch';
import { StatusBadge } from './Status';
import { Duration, Time, WorkflowZone } from './Time';
import { writeSetting } from './settings';
import { withChanges } from './urlState';

describe('a time', () => {
  it('follows the setting and says its zone', () => {
    writeSetting('zone', 'utc');
    const { rerender } = render(<Time value="2024-05-01T00:00:00+09:00" />);
    expect(screen.getByText(/2024-04-30 15:00:00/).textContent).toBe('2024-04-30 15:00:00 UTC');
    writeSetting('zone', 'workflow');
    rerender(<Time value="2024-05-01T00:00:00+09:00" />);
    expect(document.querySelector('time')!.textContent).toBe('2024-05-01 00:00:00 +09:00');
    writeSetting('zone', 'browser');
  });

  it('has all zones in its tip', () => {
    render(
      <WorkflowZone value="Asia/Tokyo">
        <Time value="2024-05-01T00:00:00Z" />
      </WorkflowZone>,
    );
    const tip = document.querySelector('time')!.dataset['tip']!;
    expect(tip).toContain('2024-05-01 09:00:00 +09:00  workflow (Asia/Tokyo)');
    expect(tip).toContain('2024-05-01 00:00:00 UTC');
    expect(tip).toContain('your browser');
  });

  it('is nothing when there is none, and text when it is none', () => {
    const { container, rerender } = render(<Time value={null} />);
    expect(container.textContent).toBe('');
    rerender(<Time value="soon" />);
    expect(container.textContent).toBe('soon');
  });
});

it('a duration needs an end unless it runs', () => {
  const { container, rerender } = render(<Duration start="2024-05-01T00:00:00Z" end={null} />);
  expect(container.textContent).toBe('');
  rerender(<Duration start="2024-05-01T00:00:00Z" end="2024-05-01T00:01:15Z" />);
  expect(container.textContent).toBe('1m 15s');
  rerender(<Duration start={new Date(Date.now() - 5_000).toISOString()} end={null} running />);
  expect(container.textContent).toMatch(/^[456]s$/);
});

it('a status is a word as well, and a link only where it leads', () => {
  const { rerender } = render(<StatusBadge status={{ tone: 'failure', text: 'Failure' }} />);
  expect(screen.queryByRole('link')).toBeNull();
  rerender(<StatusBadge status={{ tone: 'failure', text: 'Failure' }} to="/attempts/5" />);
  expect(screen.getByRole('link', { name: 'Failure' }).getAttribute('href')).toBe('/attempts/5');
});

it('a switch says its state and its wish', () => {
  const change = vi.fn();
  render(<Switch on label="Schedule of daily" text="On" onChange={change} />);
  const element = screen.getByRole('switch', { name: 'Schedule of daily' });
  expect(element.getAttribute('aria-checked')).toBe('true');
  fireEvent.click(element);
  expect(change).toHaveBeenCalledWith(false);
});

describe('a table', () => {
  const columns = [{ key: 'name', head: 'Name', cell: (name: string) => <a href={`#${name}`} data-rowlink="">{name}</a> }];

  it('goes through its rows by keys and ticks them', async () => {
    const change = vi.fn();
    const user = userEvent.setup();
    render(<DataTable caption="Names" columns={columns} rows={['a', 'b', 'c']} rowKey={(r) => r} selection={{ selected: new Set(), onChange: change, label: (r) => `Select ${r}` }} />);
    await user.keyboard('jj');
    expect(document.activeElement?.textContent).toBe('b');
    await user.keyboard('kk');
    expect(document.activeElement?.textContent).toBe('a');
    await user.keyboard('x');
    expect(change).toHaveBeenCalledWith(new Set(['a']));
  });

  it('leaves keys alone while somebody types', async () => {
    const user = userEvent.setup();
    render(
      <>
        <input aria-label="field" />
        <DataTable caption="Names" columns={columns} rows={['a']} rowKey={(r) => r} />
      </>,
    );
    await user.click(screen.getByLabelText('field'));
    await user.keyboard('j');
    expect(document.activeElement).toBe(screen.getByLabelText('field'));
    expect(screen.getByLabelText<HTMLInputElement>('field').value).toBe('j');
  });

  it('leaves keys alone when they are switched off', async () => {
    writeSetting('shortcuts', 'off');
    const user = userEvent.setup();
    render(<DataTable caption="Names" columns={columns} rows={['a']} rowKey={(r) => r} />);
    await user.keyboard('j');
    expect(document.activeElement).toBe(document.body);
    writeSetting('shortcuts', 'on');
  });

  it('has a caption and headings with scope', () => {
    render(<DataTable caption="Names" columns={columns} rows={['a']} rowKey={(r) => r} />);
    expect(screen.getByRole('table', { name: 'Names' })).toBeTruthy();
    expect(screen.getByRole('columnheader', { name: 'Name' }).getAttribute('scope')).toBe('col');
  });
});

it('encodes names in paths', () => {
  expect(path`projects/${'1'}/workflows/${'a/b c&d#e+f?'}`).toBe('projects/1/workflows/a%2Fb%20c%26d%23e%2Bf%3F');
});

it('finds the sessions beside one', () => {
  expect(neighboursOf(['9', '7', '5'], '7')).toEqual({ earlier: '5', later: '9' });
  expect(neighboursOf(['9'], '9')).toEqual({ earlier: undefined, later: undefined });
  expect(neighboursOf(['9'], '1')).toEqual({ earlier: undefined, later: undefined });
});

it('brings a history up to date with newer sessions', () => {
  const session = (id: string, done: boolean): Session => ({
    id,
    project: { id: '1', name: 'p' },
    workflow: { id: '1', name: 'w' },
    sessionUuid: '',
    sessionTime: '2024-05-01T00:00:00Z',
    lastAttempt: { id: `1${id}`, retryAttemptName: null, done, success: done, cancelRequested: false, params: {}, createdAt: '2024-05-01T00:00:00Z', finishedAt: null },
  });
  const old = { sessionId: '9', attemptId: '19', sessionTime: '', status: 'running' as const, startedAt: '', finishedAt: null };
  expect(mergeHistory([old], [session('9', true), session('10', false)]).map((h) => [h.sessionId, h.status])).toEqual([
    ['10', 'running'],
    ['9', 'success'],
  ]);
});

it('changes the query part of an address', () => {
  const params = new URLSearchParams('a=1&b=2&b=3');
  expect(withChanges(params, { a: null, b: ['x'], c: '+wf^sub' })).toBe('?b=x&c=%2Bwf%5Esub');
  expect(withChanges(params, { a: '', b: [] })).toBe('');
});
