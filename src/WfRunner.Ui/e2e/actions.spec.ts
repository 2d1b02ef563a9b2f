import { expect, project, settled, test } from './fixture.ts';
import type { Server } from './server.ts';

let id: string;

test.beforeAll(async ({ server }) => {
  id = (await server.push('actions', { ...project, 'picture.png': Uint8Array.from([137, 80, 78, 71, 0, 255, 1, 2]), 'run.sh': '#!/bin/sh\n' }, 'one')).id;
});

const workflow = (server: Server, name: string): string => `${server.url}/projects/${id}/workflows/${name}`;

test('run: session time and parameters reach the server, and the result opens', async ({ page, server }) => {
  await page.goto(workflow(server, 'good'));
  await settled(page);
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Run good' });
  await dialog.getByLabel('Another').check();
  await dialog.getByLabel(/Session time in Asia/).fill('2024-06-01T08:30');
  await dialog.getByLabel('Parameters').fill('a: 1\nb: [x]');
  await expect(dialog.locator('.cli code')).toHaveText("wf start actions good --session '2024-06-01 08:30:00' -P params.yml");
  const sent = page.waitForRequest((r) => r.method() === 'PUT' && r.url().endsWith('/api/attempts'));
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  expect((await sent).postDataJSON()).toMatchObject({ sessionTime: '2024-06-01T08:30:00+09:00', params: { a: 1, b: ['x'] } });
  await expect(page).toHaveURL(/\/sessions\/\d+$/);
  await expect(page.locator('h1')).toContainText('Success');
});

test('run: wrong parameters are said before anything is sent', async ({ page, server }) => {
  await page.goto(workflow(server, 'good'));
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Parameters').fill('- not\n- names');
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(dialog).toContainText('Parameters are names with values');
  await expect(dialog).toBeVisible();
});

test('run: a session that exists may be opened or run again', async ({ page, server }) => {
  const made = await server.run(await server.workflowId('actions', 'good'), '2024-06-02T00:00:00+09:00');
  await server.finished(made.id);
  await page.goto(workflow(server, 'good'));
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Another').check();
  await dialog.getByLabel(/Session time in/).fill('2024-06-02T00:00');
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('exists already');
  await expect(dialog.getByRole('link', { name: 'Open it' })).toHaveAttribute('href', `/sessions/${made.sessionId}`);
  await dialog.getByRole('button', { name: 'Run again under a new name' }).click();
  await expect(page).toHaveURL(`${server.url}/sessions/${made.sessionId}`);
  await expect(page.locator('.meta')).toContainText('(2nd)');
});

test('retry: what failed, with changed parameters', async ({ page, server }) => {
  const made = await server.run(await server.workflowId('actions', 'bad'), '2024-06-03T00:00:00+00:00', { code: 3 });
  await server.finished(made.id);
  await page.goto(`${server.url}/sessions/${made.sessionId}`);
  await expect(page.getByRole('region', { name: 'What failed' })).toContainText('+bad+broken');
  await expect(page.getByRole('region', { name: 'End of the log' })).toContainText('about to break');
  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Parameters')).toHaveValue('code: 3\n');
  await dialog.getByLabel('Parameters').fill('code: 0');
  const sent = page.waitForRequest((r) => r.method() === 'PUT' && r.url().endsWith('/api/attempts'));
  await dialog.getByRole('button', { name: 'Retry', exact: true }).click();
  const body = (await sent).postDataJSON() as { retryAttemptName: string };
  expect(body).toMatchObject({ resume: { mode: 'failed', attemptId: made.id }, params: { code: 0 } });
  expect(body.retryAttemptName).toMatch(/^[0-9a-f-]{36}$/);
  await expect(page.locator('h1')).toContainText('Success');
  await page.getByRole('link', { name: /^Attempts/ }).click();
  await expect(page.locator('tr[data-row]')).toHaveCount(2);
});

test('retry: from a chosen task', async ({ page, server }) => {
  const made = await server.run(await server.workflowId('actions', 'bad'), '2024-06-04T00:00:00+00:00', { code: 3 });
  await server.finished(made.id);
  await page.goto(`${server.url}/sessions/${made.sessionId}?task=%2Bbad%2Bbroken`);
  await page.getByRole('button', { name: 'Retry from here' }).click();
  const sent = page.waitForRequest((r) => r.method() === 'PUT' && r.url().endsWith('/api/attempts'));
  await page.getByRole('dialog').getByRole('button', { name: 'Retry', exact: true }).click();
  expect((await sent).postDataJSON()).toMatchObject({ resume: { mode: 'from', from: '+bad+broken' } });
});

test('kill: asked once, then said', async ({ page, server }) => {
  const made = await server.run(await server.workflowId('actions', 'slow'), '2024-06-05T00:00:00+00:00');
  await page.goto(`${server.url}/sessions/${made.sessionId}`);
  await expect(page.locator('h1')).toContainText('Running');
  await expect(page.getByRole('button', { name: 'Retry', exact: true })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Kill', exact: true })).toBeVisible();
  await page.keyboard.press('Shift+K');
  await page.getByRole('dialog').getByRole('button', { name: 'Kill', exact: true }).click();
  await expect(page.locator('h1')).toContainText(/Cancel(ing|ed)/);
  await expect(page.getByRole('button', { name: 'Kill', exact: true })).toHaveCount(0);
  await expect(page.locator('h1')).toContainText('Canceled');
});

test('schedule: pause with a way back, skip, backfill with preview', async ({ page, server }) => {
  await page.goto(workflow(server, 'planned'));
  await settled(page);
  const paused = page.waitForRequest((r) => /schedules\/\d+\/disable$/.test(r.url()));
  await page.getByRole('switch', { name: 'Schedule of planned' }).click();
  await paused;
  await expect(page.getByRole('switch')).toHaveAttribute('aria-checked', 'false');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('switch')).toHaveAttribute('aria-checked', 'true');

  const next = page.locator('.meta time').first();
  const before = await next.getAttribute('datetime');
  await page.getByRole('button', { name: 'Skip' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByRole('dialog')).toContainText('Then it runs at');
  await page.getByRole('dialog').getByRole('button', { name: 'Skip', exact: true }).click();
  await expect(next).not.toHaveAttribute('datetime', before!);

  await page.getByRole('button', { name: 'Backfill' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('At most').fill('2');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await expect(dialog.getByRole('region', { name: 'Preview' })).toContainText('2 would start');
  await dialog.getByRole('button', { name: 'Start 2 sessions' }).click();
  await expect(page.locator('.toasts')).toContainText('Started 2 sessions');
  await expect(page.locator('tr[data-row]')).toHaveCount(2);
});

test('the server’s refusal is shown in its words', async ({ page, server }) => {
  await page.goto(workflow(server, 'planned'));
  await page.getByRole('button', { name: 'Backfill' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('At most').fill('5000');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await expect(dialog.getByRole('alert')).toContainText('count is set to 5000 but there are only');
});

test('secrets: set, replaced, deleted; a value is never shown', async ({ page, server }) => {
  await page.goto(`${server.url}/projects/${id}?tab=secrets`);
  await page.getByRole('button', { name: 'Set a secret' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('9bad');
  await expect(dialog.getByRole('button', { name: 'Set', exact: true })).toBeDisabled();
  await dialog.getByLabel('Name').fill('pg.password');
  await dialog.getByLabel('Value', { exact: true }).fill('correct horse');
  await dialog.getByRole('button', { name: 'Set', exact: true }).click();
  await expect(page.getByRole('cell', { name: 'pg.password', exact: true })).toBeVisible();
  expect(await page.content()).not.toContain('correct horse');
  await page.getByRole('button', { name: 'Delete pg.password' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('No secret is set.')).toBeVisible();
});

test('several sessions at once', async ({ page, server }) => {
  const bad = await server.workflowId('actions', 'bad');
  const made = await Promise.all(['10', '11', '12'].map((day) => server.run(bad, `2024-06-${day}T00:00:00+00:00`, { code: 1 })));
  for (const m of made) await server.finished(m.id);
  await page.goto(`${server.url}/sessions?status=error&workflow=bad&project=actions&from=2024-06-10T00:00:00Z`);
  await expect(page.locator('tr[data-row]')).toHaveCount(3);
  await page.getByLabel('Select all').check();
  await page.getByRole('button', { name: 'Retry what failed' }).click();
  const dialog = page.getByRole('dialog', { name: /3 sessions/ });
  await dialog.getByRole('button', { name: 'Retry', exact: true }).click();
  await expect(dialog.getByText('retried')).toHaveCount(3);
});

test('several pages of sessions at once: all that match, few at a time, stopped and gone on with', async ({ page, server }) => {
  await server.push('crowd', { 'ends.dig': '+a:\n  fail>: no\n', 'gone.dig': '+a:\n  fail>: no\n' }, 'one');
  const ends = await server.workflowId('crowd', 'ends');
  const gone = await server.workflowId('crowd', 'gone');
  const all: string[] = [];
  for (let i = 0; i < 110; i++) {
    all.push((await server.run(ends, new Date(Date.UTC(2023, 1, 1, 0, i)).toISOString().replace('.000Z', '+00:00'))).id);
    if (i % 10 === 9) await server.finished(all[i]!);
  }
  const odd = await server.run(gone, '2023-02-02T00:00:00+00:00');
  for (const id of [...all, odd.id]) await server.finished(id);
  // The newest revision has one of the two workflows no more: the server refuses to run it again.
  await server.push('crowd', { 'ends.dig': '+a:\n  echo>: now\n' }, 'two');

  await page.goto(`${server.url}/sessions?status=error&project=crowd`);
  await expect(page.locator('tr[data-row]')).toHaveCount(50);
  await page.getByLabel('Select all', { exact: true }).check();
  const bar = page.getByRole('region', { name: 'Selected sessions' });
  await expect(bar).toContainText('50 selected');
  await bar.getByRole('button', { name: 'Select all that match, on every page' }).click();
  await expect(bar).toContainText('111 selected all that match');
  let now = 0;
  let most = 0;
  const isWork = (url: string): boolean => /\/api\/(attempts|projects\/\d+\/workflows\/)/.test(url);
  page.on('request', (r) => isWork(r.url()) && (most = Math.max(most, ++now)));
  page.on('requestfinished', (r) => isWork(r.url()) && now--);
  await bar.getByRole('button', { name: 'Retry what failed' }).click();
  const dialog = page.getByRole('dialog', { name: 'Retry what failed: 111 sessions' });
  await dialog.getByRole('button', { name: 'Retry', exact: true }).click();
  await expect(dialog.getByRole('progressbar')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog.getByRole('status')).toContainText(/^\d+ retried.* not begun/);
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await expect(dialog.getByRole('status')).toHaveText('110 retried, 1 failed');
  await expect(dialog.getByRole('list', { name: 'Sessions' }).getByRole('listitem').first()).toContainText(/gone.*workflow.*failed/is);
  await expect(dialog.getByRole('button', { name: 'Try the 1 that failed again' })).toBeVisible();
  expect(most).toBeLessThanOrEqual(3);
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.locator('tr[data-row]')).toHaveCount(1);
  await expect(page.locator('main')).toBeFocused();
});

test('sessions: older, newer, latest, and back', async ({ page, server }) => {
  const good = await server.workflowId('actions', 'good');
  for (let i = 0; i < 55; i++) {
    const made = await server.run(good, `2023-01-01T00:${String(i).padStart(2, '0')}:00+09:00`);
    if (i % 5 === 4) await server.finished(made.id);
  }
  await page.goto(`${server.url}/sessions?project=actions&workflow=good&to=2023-12-31T00:00:00Z`);
  await expect(page.locator('tr[data-row]')).toHaveCount(50);
  await expect(page.getByRole('button', { name: 'Latest' })).toBeDisabled();
  await page.getByRole('button', { name: 'Older' }).click();
  await expect(page.locator('tr[data-row]')).toHaveCount(5);
  await expect(page.getByRole('button', { name: 'Older' })).toBeDisabled();
  await page.reload();
  await expect(page.locator('tr[data-row]')).toHaveCount(5);
  await page.goBack();
  await expect(page.locator('tr[data-row]')).toHaveCount(50);
});

test('editor: only what was touched changes, what others pushed is not lost', async ({ page, server }) => {
  const made = await server.push('edited', { 'main.dig': '+a:\n  echo>: a\n', 'picture.png': Uint8Array.from([137, 80, 78, 71, 0, 255, 1, 2]), 'run.sh': '#!/bin/sh\n' }, 'one');
  await page.goto(`${server.url}/projects/${made.id}/edit`);
  await page.getByLabel('Text of main.dig').fill('+a:\n  echo>: changed\n');
  await server.push('edited', { 'main.dig': '+a:\n  echo>: a\n', 'theirs.txt': 'theirs\n', 'picture.png': Uint8Array.from([137, 80, 78, 71, 0, 255, 1, 2]), 'run.sh': '#!/bin/sh\n' }, 'two');
  await page.getByRole('button', { name: 'Review and save' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('alert')).toContainText('Somebody pushed revision two');
  await expect(dialog).toContainText('theirs.txt');
  await dialog.getByRole('button', { name: 'Put my changes onto theirs' }).click();
  await expect(page).toHaveURL(`${server.url}/projects/${made.id}`);
  const archive = new Uint8Array(await (await fetch(`${server.url}/api/projects/${made.id}/archive`)).arrayBuffer());
  const { gunzipSync } = await import('fflate');
  const { unpackTar } = await import('modern-tar');
  const entries = await unpackTar(gunzipSync(archive));
  const find = (name: string) => entries.find((e) => e.header.name === name)!;
  expect([...find('picture.png').data!]).toEqual([137, 80, 78, 71, 0, 255, 1, 2]);
  expect(find('run.sh').header.mode! & 0o111).toBe(0o111);
  expect(new TextDecoder().decode(find('main.dig').data)).toContain('changed');
  expect(find('theirs.txt')).toBeDefined();
});

test('editor: a new project, and the server’s findings', async ({ page, server }) => {
  await page.goto(`${server.url}/projects/new`);
  await page.getByLabel('Name').fill('written-here');
  await page.getByLabel('Text of main.dig').fill('+a:\n  echo>: [unclosed\n');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('Validating project failed');
  await dialog.getByRole('button', { name: 'Back' }).click();
  await page.getByLabel('Text of main.dig').fill('+a:\n  echo>: fine\n');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.locator('h1')).toHaveText('written-here');
});

test('a project is deleted after its name is typed', async ({ page, server }) => {
  const made = await server.push('short-lived', { 'a.dig': '+a:\n  echo>: a\n' });
  await page.goto(`${server.url}/projects/${made.id}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Delete the project' })).toBeDisabled();
  await dialog.getByLabel(/Type/).fill('short-lived');
  await dialog.getByRole('button', { name: 'Delete the project' }).click();
  await expect(page).toHaveURL(`${server.url}/projects`);
  await expect(page.getByRole('link', { name: 'short-lived' })).toHaveCount(0);
});

test('with the keyboard alone: the newest failed session, retried, its log followed', async ({ page, server }) => {
  const made = await server.run(await server.workflowId('actions', 'bad'), '2024-07-01T00:00:00+00:00', { code: 5 });
  await server.finished(made.id);
  await page.goto(server.url);
  await settled(page);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page.locator('h1')).toHaveText('Sessions');
  await expect(page.locator('tr[data-row]').first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${server.url}/sessions/${made.sessionId}`);
  await expect(page.getByRole('button', { name: 'Retry', exact: true })).toBeEnabled();
  await page.keyboard.press('r');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(page.locator('[data-autofocus]')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.meta')).toContainText('(2nd)');
  await page.keyboard.press('l');
  await expect(page.getByRole('region', { name: /^Log/ })).toContainText('about to break');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('planned actions');
  await page.keyboard.press('Enter');
  await expect(page.locator('h1')).toContainText('planned');
});
