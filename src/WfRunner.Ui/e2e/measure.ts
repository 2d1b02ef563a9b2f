import { readFileSync } from 'node:fs';
import { test, type Page } from '@playwright/test';
import { Server } from './server.ts';

/** Frames a second while something is done. */
async function frames(page: Page, work: () => Promise<unknown>): Promise<string> {
  await page.evaluate(() => {
    const w = window as unknown as { frames: number[]; stop: boolean };
    w.frames = [];
    w.stop = false;
    const count = (time: number): void => {
      w.frames.push(time);
      if (!w.stop) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  await work();
  return page.evaluate(() => {
    const w = window as unknown as { frames: number[]; stop: boolean };
    w.stop = true;
    const steps = w.frames.slice(1).map((t, i) => t - w.frames[i]!);
    const total = w.frames[w.frames.length - 1]! - w.frames[0]!;
    const sorted = [...steps].sort((a, b) => a - b);
    return `${((1000 * steps.length) / total).toFixed(1)} frames/s, longest frame ${Math.max(...steps).toFixed(0)} ms, 95 % under ${sorted[Math.floor(sorted.length * 0.95)]!.toFixed(0)} ms`;
  });
}

test('measure', async ({ browser }) => {
  const server = await Server.start();
  const page = await browser.newPage({ viewport: { width: 1366, height: 850 } });
  try {
    const sizes = JSON.parse(readFileSync(new URL('../dist/sizes.json', import.meta.url), 'utf8')) as { name: string; gzip: number; brotli: number }[];
    const index = readFileSync(new URL('../dist/index.html', import.meta.url), 'utf8');
    const first = sizes.filter((s) => s.name === 'index.html' || index.includes(s.name));
    const sum = (key: 'gzip' | 'brotli') => first.reduce((n, s) => n + s[key], 0);
    console.log(`first view: ${sum('gzip')} bytes as gzip, ${sum('brotli')} as brotli, ${first.length} files`);

    const group = (g: number) => `+group${g}:\n  _parallel: ${g % 2 === 0}\n` + Array.from({ length: 20 }, (_, i) => `  +task${i}:\n    echo>: x\n`).join('');
    await server.push('big', {
      'thousand.dig': Array.from({ length: 50 }, (_, g) => group(g)).join(''),
      'loop.dig': '+l:\n  loop>: 1000\n  _parallel: {limit: 100}\n  _do:\n    +x:\n      echo>: ${i}\n',
      'talk.dig': `+talk:\n  sh>: |\n    awk 'BEGIN { for (i = 1; i <= 1000000; i++) printf "2026-11-26 12:00:00.%03d +0000 [%s] (worker-%d): record %d was read, checked and written\\n", i % 1000, (i % 97 == 0 ? "WARN" : "INFO"), i % 8, i }'\n`,
    });
    const run = async (name: string) => {
      const made = await server.run(await server.workflowId('big', name), '2024-05-01T00:00:00+00:00');
      await server.finished(made.id);
      return made.sessionId;
    };

    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Next runs' }).waitFor();
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1);
    console.log(`first contentful paint of a cold cache: ${paint.toFixed(0)} ms`);

    const thousand = await run('thousand');
    let start = Date.now();
    await page.goto(`${server.url}/sessions/${thousand}?tab=graph&unfold=all`);
    await page.locator('.graph[data-ready=true] .react-flow__node').first().waitFor();
    console.log(`graph of 1,050 tasks, unfolded, from address to drawn: ${Date.now() - start} ms`);
    const graph = page.locator('.react-flow__pane');
    const box = (await graph.boundingBox())!;
    console.log(
      'panning it: ' +
        (await frames(page, async () => {
          await page.mouse.move(box.x + 40, box.y + box.height - 60);
          await page.mouse.down();
          for (let i = 0; i < 90; i++) await page.mouse.move(box.x + 40 + 300 * Math.sin(i / 8), box.y + box.height - 60 - 200 * Math.sin(i / 14), { steps: 2 });
          await page.mouse.up();
        })),
    );
    console.log(
      'zooming it: ' +
        (await frames(page, async () => {
          await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
          for (let i = 0; i < 40; i++) {
            await page.mouse.wheel(0, i < 20 ? 40 : -40);
            await page.waitForTimeout(16);
          }
        })),
    );

    const loop = await run('loop');
    start = Date.now();
    await page.goto(`${server.url}/sessions/${loop}?tab=graph`);
    await page.locator('.graph[data-ready=true] .react-flow__node').first().waitFor();
    console.log(`graph of a loop of 1,000, folded, from address to drawn: ${Date.now() - start} ms`);
    await page.goto(`${server.url}/sessions/${loop}`);
    await page.getByRole('treeitem').first().click();
    await page.getByRole('treeitem').first().press('ArrowRight');
    await page.mouse.move(700, 500);
    console.log(
      'scrolling the timeline of 1,000 rows: ' +
        (await frames(page, async () => {
          for (let i = 0; i < 60; i++) {
            await page.mouse.wheel(0, 400);
            await page.waitForTimeout(16);
          }
        })),
    );

    const talk = await run('talk');
    start = Date.now();
    await page.goto(`${server.url}/sessions/${talk}?tab=logs`);
    const log = page.getByRole('region', { name: /^Log, 1\d{6} lines/ });
    await log.waitFor();
    console.log(`a log of a million lines (90 MB), from address to drawn: ${Date.now() - start} ms`);
    await log.hover();
    console.log(
      'scrolling it: ' +
        (await frames(page, async () => {
          for (let i = 0; i < 60; i++) {
            await page.mouse.wheel(0, 3_000);
            await page.waitForTimeout(16);
          }
        })),
    );
    start = Date.now();
    await page.getByLabel('Search the log').fill('record 999999 ');
    await page.getByText('1 of 1').waitFor();
    console.log(`searching it for its last line: ${Date.now() - start} ms`);
  } finally {
    await page.close();
    await server.dispose();
  }
});
