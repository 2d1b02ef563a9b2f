import { expect, settled, test, violations } from './fixture.ts';

const trigger = (project: string, workflow: string): string => `trigger:\n  attempt>:\n  dependent_project_name: ${project}\n  dependent_workflow_name: ${workflow}\n\n+a:\n  echo>: after\n`;

test('a workflow names what it starts after, and what starts after it', async ({ page, server }) => {
  const first = await server.push('ingestion', { 'load.dig': '+a:\n  echo>: loaded\n' });
  const second = await server.push('reports', { 'report.dig': trigger('ingestion', 'load') });
  await page.goto(`${server.url}/projects/${second.id}/workflows/report`);
  await expect(page.getByText('Starts after')).toBeVisible();
  await expect(page.getByRole('link', { name: 'ingestion / load' })).toBeVisible();
  await page.goto(`${server.url}/projects/${first.id}/workflows/load`);
  await page.getByRole('link', { name: 'reports / report' }).click();
  await expect(page).toHaveURL(new RegExp(`/projects/${second.id}/workflows/report$`));

  const load = await server.run(await server.workflowId('ingestion', 'load'), '2026-01-02T00:00:00+00:00', {});
  await server.finished(load.id);
  await expect(page.getByRole('region', { name: 'Sessions' }).getByText('Success')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('what waits for its pool is shown, found and explained', async ({ page, server }) => {
  await server.push('pooled', { 'slow.dig': '+wait:\n  sh>: sleep 300\n' });
  const pool = await server.api<{ id: string }>('POST', 'pools', { name: 'narrow', concurrencyLimit: 1 });
  const rule = await server.api<{ id: string }>('POST', 'pool_rules', { poolId: pool.id, priority: 7, conditions: [{ type: 'project_name', operator: 'starts_with', values: ['pooled'] }] });
  const id = await server.workflowId('pooled', 'slow');
  const start = (day: number): Promise<{ id: string; sessionId: string }> =>
    server.api('PUT', 'attempts', { workflowId: id, sessionTime: `2026-01-0${day}T00:00:00+00:00`, params: {}, allowQueueing: true });
  const running = await start(1);
  const queued = await start(2);

  await page.goto(`${server.url}/sessions?project=pooled`);
  await expect(page.locator(`tr[data-row="${queued.sessionId}"]`)).toContainText('Queued');
  await page.getByRole('button', { name: 'Queued' }).click();
  await expect(page.locator('tr[data-row]')).toHaveCount(1);
  await page.goto(`${server.url}/admin`);
  await settled(page);
  const pools = page.getByRole('region', { name: 'Pools' });
  await expect(pools.getByRole('row').filter({ hasText: 'narrow' })).toContainText('projects pooled* (priority 7)');
  await expect(page.getByRole('region', { name: 'Waiting' }).getByRole('row').filter({ hasText: 'pooled' })).toContainText('room in the pool narrow');
  expect(await violations(page)).toEqual([]);

  await server.api('POST', `attempts/${queued.id}/kill`, {});
  await server.api('POST', `attempts/${running.id}/kill`, {});
  await server.finished(running.id);
  await server.api('DELETE', `pool_rules/${rule.id}`);
  await server.api('DELETE', `pools/${pool.id}`);
});
