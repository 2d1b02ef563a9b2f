import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Relative addresses: the server says in <base href> where the UI lives, so that one build serves every base path.
export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    cssCodeSplit: true,
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': process.env['WF_SERVER'] ?? 'http://127.0.0.1:65432' } },
  test: {
    projects: [
      { extends: true, test: { name: 'rules', environment: 'node', include: ['src/**/*.test.ts'] } },
      { extends: true, test: { name: 'components', environment: 'jsdom', include: ['src/**/*.test.tsx'], setupFiles: ['src/testing/setup.ts'] } },
    ],
  },
});
