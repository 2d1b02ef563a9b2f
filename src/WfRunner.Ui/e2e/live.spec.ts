import { expect, project, settled, test } from './fixture.ts';
import { Server } from './server.ts';

test('what happens elsewhere appears without a reload', async ({ page, server }) => {
  await server.push('live', project);
  await page.goto(`${server.url}/sessions?project=live`);
  await settled(page);
  await expect(page.locator('.connection')).toContainText('Live');
  await page.evaluate(() => ((window as unknown as { same: boolean }).same = true));
  const made = await server.run(await server.workflowId('live', 'slow'), '2024-05-01T00:00:00+00:00');
  await expect(page.locator('tr[data-row]')).toContainText(['Running']);
  await server.api('POST', `attempts/${made.id}/kill`, {});
  await expect(page.locator('tr[data-row]')).toContainText(['Canceled']);
  expect(await page.evaluate(() => (window as unknown as { same?: boolean }).same)).toBe(true);
});

test('tasks of a running session change before one’s eyes', async ({ page, server }) => {
  await server.push('live-tasks', { 'steps.dig': '+one:\n  sh>: sleep 1\n+two:\n  sh>: sleep 1\n' });
  const made = await server.run(await server.workflowId('live-tasks', 'steps'), '2024-05-01T00:00:00+00:00');
  await page.goto(`${server.url}/sessions/${made.sessionId}`);
  await expect(page.getByRole('treeitem', { name: /\+two, (Blocked|Ready)/ })).toBeVisible();
  await expect(page.getByRole('treeitem', { name: /\+one, Success/ })).toBeVisible();
  await expect(page.getByRole('treeitem', { name: /\+two, Success/ })).toBeVisible();
  await expect(page.locator('h1')).toContainText('Success');
});

test('the log of a running task is followed until one scrolls up', async ({ page, server }) => {
  await server.push('live-log', { 'talk.dig': '+talk:\n  sh>: for i in $(seq 1 400); do echo "tick $i"; sleep 0.1; done\n' });
  const made = await server.run(await server.workflowId('live-log', 'talk'), '2024-05-01T00:00:00+00:00');
  await page.goto(`${server.url}/sessions/${made.sessionId}?tab=logs`);
  const log = page.getByRole('region', { name: /^Log/ });
  await expect(log).toContainText('tick 3');
  await expect(log).toContainText('tick 60', { timeout: 30_000 });
  const atEnd = () => log.evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight < 40);
  expect(await atEnd()).toBe(true);
  await log.hover();
  await page.mouse.wheel(0, -2_000);
  await expect(page.getByRole('switch', { name: 'Follow new lines' })).toHaveAttribute('aria-checked', 'false');
  await page.getByRole('button', { name: 'Jump to the end' }).click();
  await expect.poll(atEnd).toBe(true);
  await server.api('POST', `attempts/${made.id}/kill`, {});
});

test('a server that goes away and comes back', async ({ page }) => {
  const server = await Server.start();
  try {
    await server.push('gone', project);
    const made = await server.run(await server.workflowId('gone', 'good'), '2024-05-01T00:00:00+09:00');
    await server.finished(made.id);
    await page.goto(`${server.url}/sessions`);
    await expect(page.locator('.connection')).toContainText('Live');
    await expect(page.getByRole('link', { name: 'good' })).toBeVisible();
    await server.stop();
    await expect(page.getByRole('alert')).toContainText('has not answered since');
    await expect(page.getByRole('link', { name: 'good' })).toBeVisible();
    await server.start();
    await expect(page.locator('.connection')).toContainText('Live', { timeout: 30_000 });
    await expect(page.locator('.offline-banner')).toHaveCount(0);
    await server.run(await server.workflowId('gone', 'good'), '2024-05-02T00:00:00+09:00');
    await expect(page.locator('tr[data-row]')).toHaveCount(2);
  } finally {
    await server.dispose();
  }
});

test('an idle page asks for next to nothing', async ({ page, server }) => {
  const made = await server.push('idle', { 'quiet.dig': '+a:\n  echo>: a\n' });
  await page.goto(`${server.url}/projects/${made.id}/workflows/quiet`);
  await settled(page);
  await expect(page.locator('.connection')).toContainText('Live');
  await page.waitForLoadState('load');
  await page.clock.install();
  const asked: string[] = [];
  page.on('request', (r) => r.url().includes('/api/') && asked.push(r.url()));
  await page.clock.fastForward(60_000);
  await page.evaluate(() => fetch('api/version'));
  expect(asked.filter((u) => u.includes('/archive'))).toEqual([]);
  expect(asked.filter((u) => !u.endsWith('/version')).length).toBeLessThanOrEqual(4);
});
