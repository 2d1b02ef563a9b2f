import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';
import { serveBuild } from './build.ts';
import { Server } from './server.ts';

/** A server shared by the tests of a worker, and a page that may not complain. */
export const test = base.extend<{ complaints: string[] }, { server: Server }>({
  server: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants it written so
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.dispose();
    },
    { scope: 'worker' },
  ],
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      await serveBuild(page.context());
      page.on('pageerror', (e) => complaints.push(e.message));
      page.on('console', (m) => {
        // A refused or missing resource is said by the page itself; anything else, above all the security policy, is a fault.
        if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) complaints.push(m.text());
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Everything that WCAG 2.2 A and AA rules that can be checked by a program find wrong, on the page or in a part of it. */
export async function violations(page: Page, part = 'html'): Promise<string[]> {
  const found = await new AxeBuilder({ page }).include(part).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  // "region" wants all in landmarks; a tooltip belongs to what it describes, wherever it stands.
  const wrong = found.violations.flatMap((v) => (v.id === 'region' && v.nodes.every((n) => String(n.target) === '#tip') ? [] : [v]));
  return wrong.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 4).join(' | ')} ${v.nodes[0]?.failureSummary ?? ''}`);
}

/** Whether the page itself scrolls sideways. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);
}

export async function settled(page: Page): Promise<void> {
  await expect(page.locator('h1').first()).toBeVisible();
  await expect(page.locator('[role=status][aria-label=Loading]')).toHaveCount(0);
}

/** A small project: one workflow that goes well, one that fails, one that waits, one with a schedule and a loop. */
export const project = {
  'good.dig': 'timezone: Asia/Tokyo\n\n+a:\n  sh>: echo "hello from a"\n+b:\n  echo>: b\n',
  'bad.dig': '+first:\n  echo>: first\n+broken:\n  sh>: echo "about to break"; exit ${code}\n+never:\n  echo>: never\n',
  'slow.dig': '+wait:\n  sh>: for i in $(seq 1 300); do echo "tick $i"; sleep 0.2; done\n+after:\n  echo>: after\n',
  'paced.dig': '+work:\n  sh>: sleep ${pace}\n',
  'planned.dig': 'timezone: Europe/Berlin\n\nschedule:\n  daily>: 03:00:00\n\n+loop:\n  loop>: 30\n  _do:\n    +x:\n      echo>: ${i}\n',
};
