import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['packages/*', 'packages/server/vitest.memory.config.ts', 'infra', 'bench', 'test'],
    reporters: ['default', './test/support/count-reporter.ts'],
  },
});
