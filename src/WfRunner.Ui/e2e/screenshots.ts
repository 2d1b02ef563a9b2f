import { mkdirSync } from 'node:fs';
import { test, type Page } from '@playwright/test';
import { serveBuild } from './build.ts';
import { Server } from './server.ts';
import { build } from './world.ts';

// `npm run screenshots` packs those of light, dark and phone into docs/images; the narrow ones are for looking at.
const folder = new URL('../test-results/screens/', import.meta.url).pathname;

let server: Server;
let locked: Server;
let ids: { billing: string; failed: string; loop: string; running: string; retried: string };

test.beforeAll(async () => {
  test.setTimeout(300_000);
  mkdirSync(folder, { recursive: true });
  server = await Server.start();
  locked = await Server.start({ 'server.authenticator.basic.username': 'ann', 'server.authenticator.basic.password': 'x' });
  await build(server);
  const { sessions } = await server.api<{ sessions: { id: string; workflow: { name: string }; project: { id: string }; lastAttempt: { success: boolean; done: boolean; retryAttemptName: string | null } }[] }>('GET', 'sessions?page_size=100');
  const of = (name: string, test: (s: (typeof sessions)[number]) => boolean = () => true): (typeof sessions)[number] => sessions.find((s) => s.workflow.name === name && test(s))!;
  ids = {
    billing: of('daily_invoices').project.id,
    failed: of('daily_invoices', (s) => s.lastAttempt.done && !s.lastAttempt.success).id,
    loop: of('rebuild_all_partitions').id,
    running: of('long_import').id,
    retried: of('daily_invoices', (s) => s.lastAttempt.retryAttemptName !== null).id,
  };
});

test.afterAll(async () => {
  await server.dispose();
  await locked.dispose();
});

const screens: [name: string, path: () => string, then?: (page: Page) => Promise<unknown>][] = [
  ['overview', () => '/'],
  ['workflows', () => '/workflows'],
  ['workflow', () => `/projects/${ids.billing}/workflows/daily_invoices`],
  ['workflow-graph', () => `/projects/${ids.billing}/workflows/daily_invoices?tab=graph`],
  ['workflow-definition', () => `/projects/${ids.billing}/workflows/daily_invoices?tab=definition`],
  ['sessions', () => '/sessions'],
  ['session-timeline', () => `/sessions/${ids.failed}`],
  ['session-graph', () => `/sessions/${ids.failed}?tab=graph`],
  ['session-task', () => `/sessions/${ids.failed}?task=${encodeURIComponent('+daily_invoices+check+vat')}`],
  ['session-tasks', () => `/sessions/${ids.failed}?tab=tasks`],
  ['session-logs', () => `/sessions/${ids.failed}?tab=logs`],
  ['session-parameters', () => `/sessions/${ids.failed}?tab=parameters`],
  ['session-attempts', () => `/sessions/${ids.retried}?tab=attempts`],
  ['session-revision', () => `/sessions/${ids.failed}?tab=revision`],
  ['session-running', () => `/sessions/${ids.running}`],
  ['session-loop', () => `/sessions/${ids.loop}`],
  ['session-loop-graph', () => `/sessions/${ids.loop}?tab=graph`],
  ['session-loop-unfolded', () => `/sessions/${ids.loop}?tab=graph&unfold=all`],
  ['schedules', () => '/schedules'],
  ['schedules-week', () => '/schedules?span=week'],
  ['projects', () => '/projects'],
  ['project', () => `/projects/${ids.billing}`],
  ['project-files', () => `/projects/${ids.billing}?tab=files&file=queries%2Forders.sql`],
  ['project-revisions', () => `/projects/${ids.billing}?tab=revisions`],
  ['project-secrets', () => `/projects/${ids.billing}?tab=secrets`],
  ['editor', () => `/projects/${ids.billing}/edit`],
  ['admin', () => '/admin'],
  ['dialog-run', () => `/projects/${ids.billing}/workflows/daily_invoices`, (p) => p.getByRole('button', { name: 'Run', exact: true }).click()],
  ['dialog-retry', () => `/sessions/${ids.failed}`, (p) => p.getByRole('button', { name: 'Retry', exact: true }).click()],
  ['dialog-kill', () => `/sessions/${ids.running}`, (p) => p.getByRole('button', { name: 'Kill', exact: true }).click()],
  [
    'dialog-backfill',
    () => `/projects/${ids.billing}/workflows/daily_invoices`,
    async (p) => {
      await p.getByRole('button', { name: 'Backfill' }).click();
      await p.getByRole('button', { name: 'Preview' }).click();
    },
  ],
  ['dialog-settings', () => '/', (p) => p.keyboard.press(',')],
  ['dialog-find', () => '/', (p) => p.keyboard.press('Control+k')],
  ['dialog-shortcuts', () => '/', (p) => p.keyboard.press('?')],
  [
    'dialog-bulk',
    () => '/sessions?status=success&project=ops',
    async (p) => {
      await p.locator('tr[data-row]').first().waitFor();
      for (const box of await p.locator('tr[data-row] input').all()) await box.check();
      await p.getByRole('button', { name: 'Run again' }).click();
    },
  ],
  ['dialog-download', () => `/sessions/${ids.failed}?tab=logs`, (p) => p.getByRole('button', { name: 'Download logs' }).click()],
  ['dialog-secret', () => `/projects/${ids.billing}?tab=secrets`, (p) => p.getByRole('button', { name: 'Set a secret' }).click()],
  ['dialog-skip', () => '/schedules', (p) => p.getByRole('button', { name: 'Skip runs of daily_invoices' }).click()],
  ['dialog-delete', () => `/projects/${ids.billing}`, (p) => p.getByRole('button', { name: 'Delete', exact: true }).click()],
  [
    'editor-error',
    () => `/projects/${ids.billing}/edit?file=month_end.dig`,
    async (p) => {
      await p.getByLabel('Text of month_end.dig').fill('timezone: Asia/Tokyo\n\nschedule:\n  monthly>: 1,09:00\n\n+close:\n  ech>: close the books\n\n+statement:\n  sh>: scripts/statement.sh\n');
      await p.getByRole('region', { name: 'Findings' }).getByText('month_end.dig:7').first().waitFor();
    },
  ],
  ['sessions-selected', () => '/sessions', (p) => p.locator('tr[data-row] input').first().check()],
  ['login', () => 'login'],
  ['session-missing', () => '/sessions/999999'],
];

const kinds = [
  { name: 'light', viewport: { width: 1366, height: 850 }, colorScheme: 'light' },
  { name: 'dark', viewport: { width: 1366, height: 850 }, colorScheme: 'dark' },
  { name: 'phone', viewport: { width: 390, height: 800 }, colorScheme: 'light' },
  { name: 'narrow', viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
] as const;

const only = process.env['SCREENS']?.split(',');
const onlyKinds = process.env['KINDS']?.split(',');

for (const kind of kinds) {
  if (onlyKinds && !onlyKinds.includes(kind.name)) continue;
  test(`screens, ${kind.name}`, async ({ browser }) => {
    test.setTimeout(300_000);
    const context = await browser.newContext({ viewport: kind.viewport, colorScheme: kind.colorScheme, timezoneId: 'Europe/Berlin', locale: 'en-GB', reducedMotion: 'reduce' });
    await serveBuild(context);
    const page = await context.newPage();
    page.setDefaultTimeout(6_000);
    page.on('pageerror', (e) => console.log(`${kind.name}: ${e.message}`));
    page.on('console', (m) => m.type() === 'error' && !m.text().includes('404') && console.log(`${kind.name}: ${m.text().slice(0, 800)}`));
    for (const [name, path, then] of screens) {
      if (only && !only.includes(name)) continue;
      await page.goto(name === 'login' ? `${locked.url}/workflows` : server.url + path());
      await page.waitForLoadState('load');
      await page.locator('h1').first().waitFor();
      await page.locator('[role=status][aria-label=Loading]').first().waitFor({ state: 'detached' }).catch(() => undefined);
      if (name.includes('graph') || name.includes('unfolded')) await page.locator('.graph[data-ready=true] .react-flow__node').first().waitFor();
      if (then) await then(page);
      await page.waitForTimeout(700);
      await page.screenshot({ path: `${folder}${name}-${kind.name}.png` });
    }
    await context.close();
  });
}
