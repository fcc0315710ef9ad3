import { defineProject } from 'vitest/config';

/** The services' tests once more, on books in memory: whoever calls must find no difference. */
export default defineProject({
  test: {
    name: 'server-memory',
    include: [
      'account-service',
      'bad-input',
      'balances',
      'branch-service',
      'journal-service',
      'large-answers',
      'seed-service',
      'statement',
      'transfer-reads',
      'transfer-service',
      'verify-journal',
      'watch-entries',
    ].map((name) => `src/grpc/${name}.test.ts`),
    provide: { keptIn: 'memory' },
    testTimeout: 30_000,
  },
});
