import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['*.test.ts'],
    globalSetup: ['../../packages/server/test-support/global-setup.ts'],
    reporters: ['default', '../support/count-reporter.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
