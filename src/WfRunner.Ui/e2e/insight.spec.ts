import { readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { expect, project, settled, test, violations } from './fixture.ts';

test('sessions are filtered by how long they took', async ({ page, server }) => {
  await server.push('lengths', project);
  const paced = await server.workflowId('lengths', 'paced');
  const short = await server.run(paced, '2024-05-01T00:00:00+00:00', { pace: 0 });
  const long = await server.run(paced, '2024-05-02T00:00:00+00:00', { pace: 3 });
  await server.finished(short.id);
  await server.finished(long.id);
  await page.goto(`${server.url}/sessions?project=lengths`);
  await expect(page.locator('tr[data-row]')).toHaveCount(2);
  await page.getByLabel('Took at least').fill('3s');
  await expect(page).toHaveURL(/longer=3s/);
  await expect(page.locator(`tr[data-row="${long.sessionId}"]`)).toBeVisible();
  await expect(page.locator('tr[data-row]')).toHaveCount(1);
  await page.getByLabel('Took at least').fill('3 s oon');
  await expect(page.getByLabel('Took at least')).toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByLabel('Took at least')).toHaveValue('');
  await page.goto(`${server.url}/sessions?shorter=2s&project=lengths`);
  await expect(page.getByLabel('at most')).toHaveValue('2s');
  await expect(page.locator(`tr[data-row="${short.sessionId}"]`)).toBeVisible();
  await expect(page.locator('tr[data-row]')).toHaveCount(1);
});

test('a task that is slow today is seen at once', async ({ page, server }) => {
  await server.push('paces', project);
  const paced = await server.workflowId('paces', 'paced');
  for (const day of [1, 2, 3]) await server.finished((await server.run(paced, `2024-05-0${day}T00:00:00+00:00`, { pace: 0 })).id);
  const slow = await server.run(paced, '2024-05-04T00:00:00+00:00', { pace: 6.5 });
  await server.finished(slow.id);
  await page.goto(`${server.url}/sessions/${slow.sessionId}?task=%2Bpaced%2Bwork`);
  const panel = page.getByRole('complementary', { name: 'Task +paced+work' });
  await expect(panel).toContainText(/Usually\s*0s\s*median of 3 runs/);
  await expect(panel).toContainText(/\ds longer than usual/);
  await expect(page.getByRole('treeitem', { name: /\+work, Success.*usually 0s/ })).toContainText('usually 0s');
  expect(await violations(page)).toEqual([]);
});

test('administration: who holds what, and what waits for what', async ({ page, server }) => {
  const made = await server.push('held', { 'held.dig': 'schedule:\n  daily>: 00:00:00\n\n+wait:\n  sh>: sleep 300\n' });
  const { schedules } = await server.api<{ schedules: { id: string }[] }>('GET', `projects/${made.id}/schedules`);
  const { attempts } = await server.api<{ attempts: { id: string }[] }>('POST', `schedules/${schedules[0]!.id}/backfill`, { fromTime: '2026-01-01T00:00:00Z', attemptName: 'b', count: 2, dryRun: false });
  await page.goto(`${server.url}/admin`);
  await settled(page);
  const leases = page.getByRole('region', { name: 'Leases' });
  const first = leases.getByRole('row').filter({ hasText: 'held' });
  await expect(first).toContainText(/in \d+/);
  const waiting = page.getByRole('region', { name: 'Waiting' }).getByRole('row').filter({ hasText: 'held' });
  await expect(waiting).toContainText(/the end of session \d+ \(attempt \d+\)/);
  expect(await violations(page)).toEqual([]);
  for (const one of [...attempts].reverse()) await server.api('POST', `attempts/${one.id}/kill`, {});
});

test('editor: findings at their lines while one writes', async ({ page, server }) => {
  const made = await server.push('checked', { 'main.dig': '+a:\n  echo>: a\n', 'other.dig': '+b:\n  echo>: b\n' });
  await page.goto(`${server.url}/projects/${made.id}/edit?file=main.dig`);
  const findings = page.getByRole('region', { name: 'Findings' });
  await expect(findings.getByRole('status')).toHaveText('Nothing found.');
  await page.getByLabel('Text of main.dig').fill('+a:\n  echo>: a\n\n+c:\n  ech>: c\n');
  await expect(findings.getByRole('status')).toHaveText('1 warning');
  await expect(findings.getByRole('listitem')).toContainText(/main\.dig:5:3.*there is no operator ech>.*WF0713/);
  await expect(page.locator('.code-gutter b')).toHaveText('5\n');
  await page.getByRole('button', { name: 'other.dig' }).click();
  await findings.getByRole('button', { name: 'main.dig:5:3' }).click();
  await expect(page.getByLabel('Text of main.dig')).toBeFocused();
  expect(await page.getByLabel('Text of main.dig').evaluate((e: HTMLTextAreaElement) => e.value.slice(e.selectionStart))).toBe('ech>: c\n');
  expect(await violations(page)).toEqual([]);
  await page.getByLabel('Text of main.dig').fill('+a: [\n');
  await expect(findings.getByRole('status')).toHaveText('1 error');
  await page.getByRole('button', { name: 'Review and save' }).click();
  await expect(page.getByRole('dialog').getByRole('note')).toContainText('1 error');
  expect((await server.api<{ revisions: unknown[] }>('GET', `projects/${made.id}/revisions`)).revisions).toHaveLength(1);
});

test('logs of a whole attempt are saved, also what the page has not read', async ({ page, server }) => {
  await server.push('saved', { 'many.dig': `${Array.from({ length: 12 }, (_, i) => `+t${i}:\n  sh>: echo "line of ${i}"\n`).join('')}+again:\n  _retry: 1\n  sh>: echo again; [ -e ../../nothing ] || true\n` });
  const made = await server.run(await server.workflowId('saved', 'many'), '2024-05-01T00:00:00+00:00');
  await server.finished(made.id);
  await page.goto(`${server.url}/sessions/${made.sessionId}?tab=logs`);
  await expect(page.getByRole('button', { name: /Load later files/ })).toBeVisible();
  const save = async (choice: RegExp): Promise<{ name: string; bytes: Uint8Array }> => {
    await page.getByRole('button', { name: 'Download logs' }).click();
    const dialog = page.getByRole('dialog', { name: 'Download logs' });
    await dialog.getByLabel(choice).check();
    expect(await violations(page, 'dialog')).toEqual([]);
    const waiting = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download', exact: true }).click();
    const download = await waiting;
    await expect(dialog).toHaveCount(0);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const zip = await save(/a file for each task/);
  expect(zip.name).toBe(`attempt-${made.id}-logs.zip`);
  const files = unzipSync(zip.bytes);
  expect(Object.keys(files)).toHaveLength(13);
  expect(strFromU8(files['+many+t11.log']!)).toContain('line of 11');
  const text = await save(/as one text/);
  expect(text.name).toBe(`attempt-${made.id}-logs.txt`);
  for (let i = 0; i < 12; i++) expect(strFromU8(text.bytes)).toContain(`line of ${i}\n`);
  expect(strFromU8((await save(/What is shown now/)).bytes)).not.toContain('line of 11');
});
