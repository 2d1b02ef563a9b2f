import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

// Pictures for the documentation: npm run screenshots
export default defineConfig({ ...base, testDir: 'e2e', testMatch: 'screenshots.ts', outputDir: 'test-results/pictures' });
