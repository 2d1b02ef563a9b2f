import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';

const folder = new URL('../dist/', import.meta.url).pathname;
const types: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };

/**
 * With WF_UI=dist the page's files come from the last `npm run build` rather than from the server, so that a change of the UI alone
 * needs no build of the server. Its security policy and its packing are not tested then.
 */
export async function serveBuild(context: BrowserContext): Promise<void> {
  if (process.env['WF_UI'] !== 'dist') return;
  await context.route(
    (url) => !/^\/(api\/|config\.js$|tools\/)/.test(url.pathname),
    async (route) => {
      const { pathname } = new URL(route.request().url());
      const isFile = pathname !== '/' && existsSync(join(folder, pathname));
      if (!isFile && route.request().resourceType() !== 'document') return route.continue();
      const file = isFile ? pathname : 'index.html';
      const body = readFileSync(join(folder, file));
      const contentType = types[file.split('.').pop()!] ?? 'application/octet-stream';
      return route.fulfill({ contentType, body });
    },
  );
}
