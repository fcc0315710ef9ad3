import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['packages/*', 'packages/server/vitest.memory.config.ts', 'infra', 'bench', 'test'],
    // A file mostly waits, for databases and servers: one less than there are cores, Vitest's own choice, leaves one idle.
    maxWorkers: '100%',
    reporters: ['default', './test/support/count-reporter.ts'],
  },
});
