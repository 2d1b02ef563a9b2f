import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

// Sizes and speeds: npm run measure
export default defineConfig({ ...base, testMatch: 'measure.ts', outputDir: 'test-results/measure', timeout: 180_000 });
