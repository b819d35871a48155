import { defineConfig } from 'vitest/config';

/** Real browsers: they need both cores of a small machine to show a picture in time. */
const IN_A_BROWSER = 'packages/anonymizer/test/browser/**/*.test.ts';

export default defineConfig({
  test: {
    // Real codecs and models on two shared cores: a limit against hangs, never a speed claim.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', '.cache/**', IN_A_BROWSER],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [IN_A_BROWSER],
          fileParallelism: false,
          // After the others, and alone.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
