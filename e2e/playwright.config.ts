import { defineConfig } from '@playwright/test';

/**
 * `quick` is a part of `npm test`. `live` holds what also needs a machine that keeps up with a
 * publisher, a viewer and the server at once; `long` takes some minutes, `soak` an hour (or
 * SOAK_MINUTES):
 * npx playwright test --config e2e --project live
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
  timeout: 180_000,
  expect: { timeout: 30_000 },
  projects: [
    { name: 'quick', grepInvert: /@live|@long|@soak/ },
    { name: 'live', grep: /@live/ },
    { name: 'long', grep: /@long/, timeout: 300_000 },
    { name: 'soak', grep: /@soak/, timeout: 2 * 3_600_000 },
  ],
});
