import { defineProject } from 'vitest/config';

export default defineProject({
  test: {
    name: 'server',
    include: ['src/**/*.test.ts'],
    globalSetup: ['test-support/global-setup.ts'],
    provide: { keptIn: 'PostgreSQL' },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
