import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['packages/*', 'infra', 'bench', 'test'],
    reporters: ['default', './test/support/count-reporter.ts'],
  },
});
