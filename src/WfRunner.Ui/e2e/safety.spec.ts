import { createServer, request as forward, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, project, settled, test } from './fixture.ts';
import { Server } from './server.ts';

test.describe('a server with a password', () => {
  let locked: Server;
  test.beforeAll(async () => {
    locked = await Server.start({ 'server.authenticator.basic.username': 'ann', 'server.authenticator.basic.password': 'open:sesame' });
    await locked.push('locked', project, 'r1', { Authorization: `Basic ${btoa('ann:open:sesame')}` });
  });
  test.afterAll(() => locked.dispose());

  test('asks for it, refuses a wrong one, and goes where one wanted to go', async ({ page }) => {
    await page.goto(`${locked.url}/workflows?q=good`);
    await page.getByLabel('User name').fill('ann');
    await page.getByLabel('Password', { exact: true }).last().fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert')).toContainText('does not accept');
    await page.getByLabel('Password', { exact: true }).last().fill('open:sesame');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('link', { name: 'good', exact: true })).toBeVisible();
    await expect(page).toHaveURL(`${locked.url}/workflows?q=good`);
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('sesame');
    await page.reload();
    await expect(page.getByRole('link', { name: 'good', exact: true })).toBeVisible();
    await page.keyboard.press(',');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  });

  test('takes a header of another kind', async ({ page }) => {
    await page.goto(`${locked.url}/projects`);
    await page.getByText('Token', { exact: true }).click();
    await page.getByLabel('Token', { exact: true }).last().fill(`Basic ${btoa('ann:open:sesame')}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('link', { name: 'locked' })).toBeVisible();
  });

  test('reads logs and streams with the login', async ({ page }) => {
    await page.goto(`${locked.url}/projects`);
    await page.getByLabel('User name').fill('ann');
    await page.getByLabel('Password', { exact: true }).last().fill('open:sesame');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.locator('.connection')).toContainText('Live');
  });

  test('does not make the browser ask, but tells other clients how', async ({ request }) => {
    const asked = await request.get(`${locked.url}/api/projects`, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    expect(asked.status()).toBe(401);
    expect(asked.headers()['www-authenticate']).toBeUndefined();
    expect((await request.get(`${locked.url}/api/projects`)).headers()['www-authenticate']).toContain('Basic');
  });
});

const evil = '<img src=x onerror="window.hacked=1">';

test('names, parameters and logs are text, whatever is in them', async ({ page, server }) => {
  // A workflow's name may hold less than a project's.
  const name = 'x=%25&[y]';
  const made = await server.push(`h${evil}`, { [`${name}.dig`]: `+t:\n  echo>: '${evil}'\n+loud:\n  sh>: |-\n    printf '\\033[31m${evil}\\033[0m\\n<script>window.hacked=2</script>\\n'; exit 3\n`, '<b>.sql': evil }, `r ${evil}`);
  const { workflows } = await server.api<{ workflows: { id: string; name: string }[] }>('GET', `projects/${made.id}/workflows`);
  const run = await server.run(workflows[0]!.id, '2024-05-01T00:00:00+00:00', { [evil]: evil });
  await server.finished(run.id);
  const hacked = () => page.evaluate(() => (window as unknown as { hacked?: number }).hacked);
  await page.goto(`${server.url}/workflows?project=${encodeURIComponent(`h${evil}`)}`);
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.locator('h1')).toContainText(name);
  await expect(page.locator('.crumbs')).toContainText(evil);
  await expect(page.getByRole('link', { name: /#1|#\d+/ })).toBeVisible();
  for (const [path, seen] of [
    [`/sessions/${run.sessionId}`, 'loud'],
    [`/sessions/${run.sessionId}?tab=logs`, '<script>window.hacked=2</script>'],
    [`/sessions/${run.sessionId}?tab=parameters`, evil],
    [`/sessions/${run.sessionId}?tab=graph`, 'Critical path'],
    [`/sessions/${run.sessionId}?tab=revision`, 'Revision'],
    [`/projects/${made.id}?tab=files&file=${encodeURIComponent('<b>.sql')}`, evil],
  ] as const) {
    await page.goto(server.url + path);
    await settled(page);
    await expect(page.locator('main')).toContainText(seen);
    expect(await hacked()).toBeUndefined();
  }
});

test('pages come with a policy that allows no script of their own', async ({ request, server }) => {
  const page = await request.get(`${server.url}/sessions/12`);
  expect(page.status()).toBe(200);
  const policy = page.headers()['content-security-policy']!;
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain('unsafe');
  expect(await page.text()).not.toMatch(/<script(?![^>]*src=)/);
});

test('files are packed, named by content and kept by browsers', async ({ request, server }) => {
  const index = await (await request.get(server.url)).text();
  const script = /assets\/index-[\w-]+\.js/.exec(index)![0];
  const packed = await request.get(`${server.url}/${script}`, { headers: { 'Accept-Encoding': 'br' } });
  expect(packed.headers()['content-encoding']).toBe('br');
  expect(packed.headers()['cache-control']).toContain('immutable');
  const plain = await request.get(`${server.url}/${script}`, { headers: { 'Accept-Encoding': 'identity' } });
  expect(plain.headers()['content-encoding']).toBeUndefined();
  expect((await plain.body()).length).toBeGreaterThan(50_000);
  const again = await request.get(`${server.url}/${script}`, { headers: { 'If-None-Match': packed.headers()['etag']! } });
  expect(again.status()).toBe(304);
  expect((await request.get(`${server.url}/assets/of-another-build.js`)).status()).toBe(404);
  expect((await request.post(`${server.url}/ui`)).status()).toBe(405);
  expect((await request.get(`${server.url}/api/no-such-thing`)).status()).toBe(404);
});

test('the UI may be switched off', async ({ request }) => {
  const server = await Server.start({ 'server.ui.enabled': 'false' });
  try {
    expect((await request.get(`${server.url}/sessions`)).status()).toBe(404);
    expect((await request.get(`${server.url}/api/version`)).status()).toBe(200);
  } finally {
    await server.dispose();
  }
});

/** What stands in front of a server: passes requests on, changed or not. */
async function proxy(to: () => number, change: (path: string) => string | undefined): Promise<{ url: string; server: HttpServer }> {
  const server = createServer((from, answer) => {
    const path = change(from.url!);
    if (path === undefined) {
      answer.writeHead(404, { 'Content-Type': 'application/json' }).end('{}');
      return;
    }
    const on = forward({ host: '127.0.0.1', port: to(), method: from.method, path, headers: from.headers }, (got) => {
      answer.writeHead(got.statusCode!, got.headers);
      got.pipe(answer);
    });
    on.on('error', () => answer.destroy());
    answer.on('close', () => on.destroy());
    from.pipe(on);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

for (const strips of [true, false]) {
  test(`below a path, behind a proxy that ${strips ? 'takes it away' : 'leaves it'}`, async ({ page }) => {
    const server = await Server.start({ 'server.base-path': '/tools/wf' });
    const front = await proxy(() => server.port, (path) => (path.startsWith('/tools/wf/') ? (strips ? path.slice('/tools/wf'.length) : path) : undefined));
    try {
      await server.push('below', project);
      const made = await server.run(await server.workflowId('below', 'good'), '2024-05-01T00:00:00+09:00');
      await server.finished(made.id);
      await page.goto(`${front.url}/tools/wf/sessions/${made.sessionId}?tab=graph`);
      await expect(page.locator('.graph[data-ready=true] .react-flow__node').first()).toBeVisible();
      await page.getByRole('link', { name: 'Logs' }).click();
      await expect(page.getByRole('region', { name: /^Log/ })).toContainText('hello from a');
      await page.getByRole('link', { name: 'Workflows', exact: true }).click();
      await expect(page).toHaveURL(`${front.url}/tools/wf/workflows`);
      await page.reload();
      await expect(page.getByRole('link', { name: 'good', exact: true })).toBeVisible();
      await expect(page.locator('.connection')).toContainText('Live');
    } finally {
      front.server.closeAllConnections();
      front.server.close();
      await server.dispose();
    }
  });
}

test('a server that knows only Digdag’s API: extras are hidden, the rest works', async ({ page, server }) => {
  const made = await server.push('stock', project);
  const bad = await server.run(await server.workflowId('stock', 'bad'), '2024-05-01T00:00:00+00:00', { code: 2 });
  await server.finished(bad.id);
  const front = await proxy(() => server.port, (path) => {
    const url = new URL(path, 'http://stock');
    if (/^\/api\/(features|events|overview|openapi\.json|admin\/status)|\/history$/.test(url.pathname)) return undefined;
    // What it does not know it ignores.
    if (/^\/api\/sessions$/.test(url.pathname)) for (const name of ['status', 'workflow', 'project', 'from', 'to']) url.searchParams.delete(name);
    return url.pathname + url.search;
  });
  try {
    await page.goto(front.url);
    await settled(page);
    await expect(page.locator('.connection')).toContainText('Polling');
    await expect(page.getByRole('link', { name: 'Admin' })).toHaveCount(0);
    await expect(page.locator('main')).toContainText('failed in 24 hours');
    await page.goto(`${front.url}/sessions?status=error&project=stock`);
    await expect(page.locator('tr[data-row]')).toHaveCount(1);
    await page.goto(`${front.url}/projects/${made.id}/workflows/bad`);
    await expect(page.locator('tr[data-row]')).toContainText(['Failure']);
    const again = await server.run(await server.workflowId('stock', 'bad'), '2024-05-02T00:00:00+00:00', { code: 0 });
    await server.finished(again.id);
    await page.goto(`${front.url}/sessions/${bad.sessionId}?tab=graph`);
    await expect(page.locator('.graph[data-ready=true] .react-flow__node').first()).toBeVisible();
  } finally {
    front.server.closeAllConnections();
    front.server.close();
  }
});
