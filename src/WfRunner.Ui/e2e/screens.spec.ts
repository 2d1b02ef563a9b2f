import { expect, project, scrollsSideways, settled, test, violations } from './fixture.ts';
import type { Server } from './server.ts';

interface Ids {
  project: string;
  failed: string;
  failedAttempt: string;
  loop: string;
  workflow: string;
}

async function prepare(server: Server): Promise<Ids> {
  const { projects } = await server.api<{ projects: { id: string; name: string }[] }>('GET', 'projects');
  let made = projects.find((p) => p.name === 'screens');
  if (!made) {
    await server.push('screens', { ...project, 'queries/q.sql': 'select 1\n' }, 'first');
    made = await server.push('screens', { ...project, 'queries/q.sql': 'select 2\n' }, 'second');
    await server.api('PUT', `projects/${made.id}/secrets/mail.password`, { value: 'x' });
    const bad = await server.run(await server.workflowId('screens', 'bad'), '2024-05-01T00:00:00+00:00', { code: 3 });
    const loop = await server.run(await server.workflowId('screens', 'planned'), '2024-05-01T00:00:00+02:00');
    for (const day of ['01', '02', '03']) await server.finished((await server.run(await server.workflowId('screens', 'good'), `2024-05-${day}T00:00:00+09:00`, { day })).id);
    await server.finished(bad.id);
    await server.finished(loop.id);
  }
  const { sessions } = await server.api<{ sessions: { id: string; workflow: { name: string; id: string }; project: { name: string }; lastAttempt: { id: string } }[] }>('GET', 'sessions');
  const of = (name: string) => sessions.find((s) => s.project.name === 'screens' && s.workflow.name === name)!;
  return { project: made.id, failed: of('bad').id, failedAttempt: of('bad').lastAttempt.id, loop: of('planned').id, workflow: of('good').workflow.id };
}

const screens: [name: string, path: (ids: Ids) => string, seen: RegExp][] = [
  ['overview', () => '/', /failed in 24 hours/],
  ['workflows', () => '/workflows', /planned/],
  ['workflow', (i) => `/projects/${i.project}/workflows/good`, /Durations/],
  ['graph of a workflow', (i) => `/projects/${i.project}/workflows/good?tab=graph`, /As written/],
  ['definition', (i) => `/projects/${i.project}/workflows/bad?tab=definition`, /about to break/],
  ['workflow of a revision', (i) => `/workflows/${i.workflow}`, /see the newest/],
  ['sessions', () => '/sessions', /Failure/],
  ['filtered sessions', () => '/sessions?status=error&project=screens', /bad/],
  ['timeline', (i) => `/sessions/${i.failed}`, /\+broken/],
  ['attempt', (i) => `/attempts/${i.failedAttempt}`, /\+broken/],
  ['graph of a session', (i) => `/sessions/${i.failed}?tab=graph`, /critical path/i],
  ['graph with a loop', (i) => `/sessions/${i.loop}?tab=graph`, /30 success/],
  ['task panel', (i) => `/sessions/${i.failed}?task=%2Bbad%2Bbroken`, /Configuration/],
  ['tasks', (i) => `/sessions/${i.failed}?tab=tasks`, /Group Error/],
  ['logs', (i) => `/sessions/${i.failed}?tab=logs`, /about to break/],
  ['parameters', (i) => `/sessions/${i.failed}?tab=parameters`, /code/],
  ['attempts', (i) => `/sessions/${i.failed}?tab=attempts`, /shown/],
  ['revision', (i) => `/sessions/${i.failed}?tab=revision`, /Session UUID/],
  ['schedules', () => '/schedules', /Coming runs/],
  ['schedules of a week', () => '/schedules?span=week', /Coming runs/],
  ['projects', () => '/projects', /screens/],
  ['project', (i) => `/projects/${i.project}`, /Top tasks/],
  ['files', (i) => `/projects/${i.project}?tab=files&file=queries%2Fq.sql`, /select/],
  ['revisions', (i) => `/projects/${i.project}?tab=revisions`, /select 2/],
  ['secrets', (i) => `/projects/${i.project}?tab=secrets`, /mail\.password/],
  ['editor', (i) => `/projects/${i.project}/edit`, /New revision/],
  ['new project', () => '/projects/new', /New project/],
  ['administration', () => '/admin', /Limits/],
  ['a session that is not there', () => '/sessions/999999', /does not exist/],
];

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });
    for (const [name, path, seen] of screens) {
      test(`${name}: deep link, words, no violation of WCAG`, async ({ page, server }) => {
        const ids = await prepare(server);
        await page.goto(server.url + path(ids));
        await settled(page);
        await expect(page.locator('main')).toContainText(seen);
        expect(await violations(page)).toEqual([]);
      });
    }
  });
}

test.describe('on a phone of 320 px', () => {
  test.use({ viewport: { width: 320, height: 640 }, hasTouch: true });
  for (const [name, path, seen] of screens) {
    test(`${name}: nothing lies beyond the edge`, async ({ page, server }) => {
      const ids = await prepare(server);
      await page.goto(server.url + path(ids));
      await settled(page);
      await expect(page.locator('main')).toContainText(seen);
      expect(await scrollsSideways(page)).toBe(false);
    });
  }
});

test('an unknown page becomes the overview', async ({ page, server }) => {
  await page.goto(`${server.url}/unknown/page`);
  await expect(page).toHaveURL(`${server.url}/`);
});

test('dark from the first paint, and a choice that stays', async ({ page, server }) => {
  await page.goto(server.url);
  await settled(page);
  await page.keyboard.press(',');
  await page.getByText('Dark', { exact: true }).click();
  await page.reload({ waitUntil: 'commit' });
  // Before any of the program has run: the small script in the head has set it.
  await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
});

test('one setting changes all times', async ({ page, server }) => {
  const ids = await prepare(server);
  await page.goto(`${server.url}/projects/${ids.project}/workflows/good`);
  await settled(page);
  const time = page.locator('td time').first();
  await expect(time).toContainText('2024-05-02 17:00:00 +02:00');
  await page.goto(`${server.url}/projects/${ids.project}/workflows/good?tz=utc`);
  await expect(time).toContainText('2024-05-02 15:00:00 UTC');
  await page.goto(`${server.url}/projects/${ids.project}/workflows/good?tz=workflow`);
  await expect(time).toContainText('2024-05-03 00:00:00 +09:00');
  await expect(time).toHaveAttribute('data-tip', /workflow \(Asia\/Tokyo\)/);
});

test('the description of the API that the types come from is the server’s', async ({ server }) => {
  const { readFileSync } = await import('node:fs');
  const kept: unknown = JSON.parse(readFileSync(new URL('../src/api/openapi.json', import.meta.url), 'utf8'));
  expect(await server.api<unknown>('GET', 'openapi.json')).toEqual(kept);
});

test('long lists draw only what is seen and are searched at once', async ({ page, server }) => {
  const files = Object.fromEntries(Array.from({ length: 1200 }, (_, i) => [`wf${String(i).padStart(4, '0')}.dig`, '+a:\n  echo>: x\n']));
  await server.push('many', files);
  let most = 0;
  let now = 0;
  page.on('request', (r) => r.url().includes('/api/') && !r.url().includes('/events') && (most = Math.max(most, ++now)));
  page.on('requestfinished', (r) => r.url().includes('/api/') && !r.url().includes('/events') && now--);
  page.on('requestfailed', (r) => r.url().includes('/api/') && !r.url().includes('/events') && now--);
  await page.goto(`${server.url}/workflows?project=many`);
  await expect(page.getByRole('link', { name: 'wf0000' })).toBeVisible();
  expect(await page.locator('tr[data-row]').count()).toBeLessThan(120);
  expect(most).toBeLessThanOrEqual(3);
  const start = Date.now();
  await page.getByLabel('Search workflows').fill('wf1199');
  await expect(page.getByRole('link', { name: 'wf1199' })).toBeVisible();
  expect(Date.now() - start).toBeLessThan(1_500);
  await page.getByLabel('Search workflows').fill('');
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await expect(page.getByRole('link', { name: 'wf1199' })).toBeVisible();
  const { projects } = await server.api<{ projects: { id: string; name: string }[] }>('GET', 'projects?name=many');
  await server.api('DELETE', `projects/${projects[0]!.id}`);
});
