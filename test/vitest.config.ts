import { defineProject } from 'vitest/config';

export default defineProject({
  test: {
    name: 'system',
    include: ['*.test.ts'],
    globalSetup: ['../packages/server/test-support/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
