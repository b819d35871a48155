import { defineConfig } from '@playwright/test';

/**
 * `quick` is a part of `npm test`; `long` takes a quarter of an hour, `soak` an hour:
 * npx playwright test --config e2e --project long
 */
export default defineConfig({
  testDir: 'specs',
  outputDir: '../test-results',
  // Two cores: one publisher, one viewer and the servers fill them.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  reporter: [['list']],
  timeout: 120_000,
  expect: { timeout: 30_000 },
  projects: [
    { name: 'quick', grepInvert: /@long|@soak/ },
    { name: 'long', grep: /@long/, timeout: 300_000 },
    { name: 'soak', grep: /@soak/, timeout: 2 * 3_600_000 },
  ],
});
