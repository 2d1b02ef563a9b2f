import type { Locator, Page } from '@playwright/test';
import { expect, project, scrollsSideways, settled, test, violations } from './fixture.ts';
import type { Server } from './server.ts';

interface Ids {
  project: string;
  failed: string;
  running: string;
}

let made: Promise<Ids> | undefined;

/** A project with a session that failed and one that goes on until the server ends. */
function prepare(server: Server): Promise<Ids> {
  made ??= (async () => {
    const pushed = await server.push('dialogs', { ...project, 'endless.dig': '+wait:\n  sh>: sleep 3600\n' }, 'first');
    await server.api('PUT', `projects/${pushed.id}/secrets/mail.password`, { value: 'x' });
    const failed = await server.run(await server.workflowId('dialogs', 'bad'), '2024-05-01T00:00:00+00:00', { code: 3, note: 'a parameter' });
    const running = await server.run(await server.workflowId('dialogs', 'endless'), '2024-05-01T00:00:00+00:00');
    await server.finished(failed.id);
    return { project: pushed.id, failed: failed.sessionId, running: running.sessionId };
  })();
  return made;
}

interface Opened {
  name: string;
  path: (ids: Ids) => string;
  /** What is pressed to open it, and what has the focus again once it is closed. */
  opener: (page: Page) => Locator;
  title: RegExp;
  /** What is needed before it can be opened. */
  before?: (page: Page) => Promise<unknown>;
  /** Brings it to a state with more in it: an error, a preview, an unfolded part. */
  unfold?: (dialog: Locator) => Promise<unknown>;
}

const button = (name: string | RegExp) => (page: Page): Locator => page.getByRole('button', { name, exact: typeof name === 'string' }).and(page.locator(':visible'));

const dialogs: Opened[] = [
  {
    name: 'run',
    path: (i) => `/projects/${i.project}/workflows/bad`,
    opener: button('Run'),
    title: /^Run bad/,
    unfold: async (d) => {
      await d.getByText('More', { exact: true }).click();
      await d.getByLabel('Another').check();
      await d.getByLabel('Parameters').fill('- no names');
      await d.getByRole('button', { name: 'Run', exact: true }).click();
      await expect(d).toContainText('Parameters are names with values');
    },
  },
  { name: 'retry', path: (i) => `/sessions/${i.failed}`, opener: button('Retry'), title: /^Retry bad/, unfold: (d) => d.getByLabel('From a task on').check() },
  { name: 'kill', path: (i) => `/sessions/${i.running}`, opener: button('Kill'), title: /^Kill attempt/ },
  {
    name: 'backfill',
    path: (i) => `/projects/${i.project}/workflows/planned`,
    opener: button('Backfill'),
    title: /^Backfill planned/,
    unfold: async (d) => {
      await d.getByRole('button', { name: 'Preview' }).click();
      await expect(d.getByRole('region', { name: 'Preview' })).toBeVisible();
    },
  },
  {
    name: 'backfill that is refused',
    path: (i) => `/projects/${i.project}/workflows/planned`,
    opener: button('Backfill'),
    title: /^Backfill planned/,
    unfold: async (d) => {
      await d.getByLabel('At most').fill('5000');
      await d.getByRole('button', { name: 'Preview' }).click();
      await expect(d.getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'skip',
    path: () => '/schedules?q=dialogs',
    opener: button(/^Skip runs of planned/),
    title: /^Skip runs of planned/,
    unfold: async (d) => {
      await d.getByRole('button', { name: 'Preview' }).click();
      await expect(d).toContainText('Then it runs at');
    },
  },
  {
    name: 'bulk',
    path: () => '/sessions?project=dialogs',
    before: async (p) => {
      await p.getByLabel(/^Select session \d+ of bad/).check();
      await p.getByLabel(/^Select session \d+ of endless/).check();
    },
    opener: (p) => p.getByRole('region', { name: 'Selected sessions' }).getByRole('button', { name: 'Run again' }),
    title: /^Run again from the start/,
  },
  {
    name: 'download of logs',
    path: (i) => `/sessions/${i.failed}?tab=logs`,
    opener: button('Download logs'),
    title: /^Download logs/,
  },
  {
    name: 'confirmation',
    path: (i) => `/projects/${i.project}`,
    opener: button('Delete'),
    title: /^Delete dialogs\?/,
    unfold: (d) => d.getByLabel(/^Type/).fill('dia'),
  },
  { name: 'settings', path: () => '/', opener: button('Settings'), title: /^Settings/ },
  {
    name: 'keyboard shortcuts',
    path: () => '/',
    before: (p) => p.locator('body').press('?'),
    opener: (p) => p.locator('main'),
    title: /^Keyboard shortcuts/,
  },
  { name: 'command palette', path: () => '/', opener: button(/^Find/), title: /^Find/, unfold: (d) => d.getByRole('combobox').fill('dialogs') },
  { name: 'command palette that finds nothing', path: () => '/', opener: button(/^Find/), title: /^Find/, unfold: (d) => d.getByRole('combobox').fill('nothing is called that') },
  {
    name: 'a secret',
    path: (i) => `/projects/${i.project}?tab=secrets`,
    opener: button('Set a secret'),
    title: /^Set a secret/,
    unfold: async (d) => {
      await d.getByLabel('Name').fill('9bad');
      await d.getByLabel(/^Show/).check();
    },
  },
  { name: 'a secret to replace', path: (i) => `/projects/${i.project}?tab=secrets`, opener: button('Replace mail.password'), title: /^Replace mail.password/ },
  { name: 'a secret to delete', path: (i) => `/projects/${i.project}?tab=secrets`, opener: button('Delete mail.password'), title: /^Delete the secret/ },
  {
    name: 'review of an edit',
    path: (i) => `/projects/${i.project}/edit?file=good.dig`,
    before: (p) => p.getByLabel('Text of good.dig').fill('+a:\n  echo>: changed\n'),
    opener: button('Review and save'),
    title: /^Save a revision/,
  },
];

/** Tab goes round inside the dialog: what lies behind it never gets the focus. (Between the last and the first stop lies the browser.) */
async function keepsFocus(page: Page, dialog: Locator): Promise<void> {
  const stops = await dialog.evaluate((d) => d.querySelectorAll('a[href],button:enabled,input:enabled,select:enabled,textarea:enabled,summary,[tabindex="0"]').length);
  const seen = new Set<string>();
  for (const key of ['Tab', 'Shift+Tab']) {
    for (let i = 0; i < stops + 3; i++) {
      await page.keyboard.press(key);
      seen.add(await dialog.evaluate((d) => (d.contains(document.activeElement) ? 'inside' : document.activeElement === document.body ? 'browser' : `outside: ${document.activeElement?.outerHTML.slice(0, 120)}`)));
    }
  }
  seen.delete('browser');
  expect([...seen]).toEqual(['inside']);
}

/** The dialog lies wholly on the screen and nothing in it is wider than it. */
async function fits(page: Page, dialog: Locator): Promise<void> {
  const box = (await dialog.boundingBox())!;
  const view = page.viewportSize()!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.y).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(view.width);
  expect(box.y + box.height).toBeLessThanOrEqual(view.height);
  expect(await dialog.locator('.dialog-body').evaluate((b) => b.scrollWidth - b.clientWidth)).toBeLessThanOrEqual(0);
  expect(await scrollsSideways(page)).toBe(false);
}

const kinds = [
  { name: 'in light', use: { colorScheme: 'light' } },
  { name: 'in dark', use: { colorScheme: 'dark' } },
  { name: 'on a phone of 320 px', use: { colorScheme: 'dark', viewport: { width: 320, height: 640 }, hasTouch: true } },
] as const;

for (const kind of kinds) {
  test.describe(kind.name, () => {
    test.use(kind.use);
    for (const one of dialogs) {
      test(`dialog ${one.name}: no violation of WCAG, keeps the focus, gives it back`, async ({ page, server }) => {
        const ids = await prepare(server);
        await page.goto(server.url + one.path(ids));
        await settled(page);
        await one.before?.(page);
        const opener = one.opener(page);
        await expect(opener).toBeEnabled();
        if (one.name !== 'keyboard shortcuts') await opener.press('Enter');
        const dialog = page.getByRole('dialog', { name: one.title });
        await expect(dialog).toBeVisible();
        expect(await dialog.evaluate((d) => d.matches(':modal') && d.contains(document.activeElement))).toBe(true);
        await fits(page, dialog);
        expect(await violations(page, 'dialog')).toEqual([]);
        if (one.unfold) {
          await one.unfold(dialog);
          await fits(page, dialog);
          expect(await violations(page, 'dialog')).toEqual([]);
        }
        await keepsFocus(page, dialog);
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
        if (one.name !== 'keyboard shortcuts') await expect(opener).toBeFocused();
      });
    }

    test('pop-ups: tips, messages and the panel of a task', async ({ page, server }) => {
      const ids = await prepare(server);
      await page.goto(`${server.url}/sessions/${ids.failed}`);
      await settled(page);
      const link = page.getByRole('button', { name: 'Copy a link to this view' });
      await page.getByRole('link', { name: 'bad' }).first().focus();
      for (let i = 0; i < 20 && !(await link.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press('Tab');
      await expect(page.getByRole('tooltip')).toHaveText('Copy a link to this view');
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('tooltip')).toHaveCount(0);

      const row = page.getByRole('treeitem', { name: /\+broken/ });
      await row.focus();
      await page.keyboard.press('Enter');
      const panel = page.getByRole('complementary', { name: 'Task +bad+broken' });
      await expect(panel).toBeFocused();
      expect(await violations(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      await page.keyboard.press('Escape');
      await expect(panel).toHaveCount(0);
      await expect(row).toBeFocused();

      await page.goto(`${server.url}/projects/${ids.project}/workflows/planned`);
      await settled(page);
      await page.getByRole('switch', { name: 'Schedule of planned' }).press('Space');
      await expect(page.locator('.toast')).toContainText('planned paused');
      expect(await violations(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      await page.getByRole('button', { name: 'Undo' }).press('Enter');
      await expect(page.locator('.toast')).toContainText('planned resumed');
    });
  });
}
