import { catalogue } from '@giro/sdk/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../ledger/command.js';
import { bankDatabase, openSession } from '../store/bank-database.fixture.js';
import { historyOf, type Step } from './history.fixture.js';
import { MemoryPlay } from './memory-play.fixture.js';
import { play, type Seen } from './play.fixture.js';
import { PostgresPlay } from './postgres-play.fixture.js';

/** Multiplies the number of histories. */
const MANY = Number(process.env['GIRO_HISTORIES'] ?? 1);

/** A failure tells its seed and path: with them, the same history is played again. */
const { GIRO_SEED: SEED, GIRO_PATH: PATH } = process.env;

const IN_MEMORY = 1_000 * MANY;
const ON_POSTGRES = 120 * MANY;

/** When no further history is begun, nor a failing one made smaller: the rest of the tests has to be run too. */
const TIME_LIMIT_MS = 30_000 * MANY;

/** Over the limit by more than the longest history takes. */
const TIMEOUT_MS = TIME_LIMIT_MS + 30_000;

/** What the histories have met. */
const seen: Seen = new Map();

describe('in any history, all is answered and written as the model says, and the rules hold (R1 to R10)', () => {
  it('by the rules on books in memory', { timeout: TIMEOUT_MS }, async () => {
    await each(IN_MEMORY, (steps) => play(new MemoryPlay(), steps, seen));
  });

  it(
    'by a server on PostgreSQL, whatever happens to it and to its answers',
    { timeout: TIMEOUT_MS },
    async () => {
      const url = await bankDatabase();
      const reader = await openSession(url);
      await each(ON_POSTGRES, async (steps) => {
        const bank = await PostgresPlay.begin(url, reader);
        try {
          await play(bank, steps, seen);
        } finally {
          await bank.end();
        }
      });
    },
  );

  // What a history never meets, it proves nothing of.
  it.skipIf(SEED !== undefined)(
    'and every write has applied, and been refused for every reason there is',
    () => {
      const frozen = Object.entries(catalogue).filter(([, { frozen }]) => frozen);
      const reasons = frozen.map(([reason]) => reason).filter((reason) => !OUT_OF_REACH.includes(reason));
      const missing = [...KINDS, ...reasons].filter((what) => !seen.has(what));
      expect(missing).toEqual([]);
    },
  );
});

async function each(numRuns: number, property: (steps: readonly Step[]) => Promise<void>): Promise<void> {
  await fc.assert(fc.asyncProperty(historyOf(40), property), {
    ...(SEED === undefined
      ? { numRuns }
      : { seed: Number(SEED), path: PATH ?? '', numRuns: 1, endOnFailure: true }),
    interruptAfterTimeLimit: TIME_LIMIT_MS,
  });
}

/** Every kind of write, but `abandon`: what becomes of that is a refusal. */
const KINDS: readonly Command['kind'][] = [
  ...(['initializeBranch', 'addCash', 'removeCash', 'closeBranch', 'openAccount'] as const),
  ...([
    'freezeAccount',
    'unfreezeAccount',
    'closeAccount',
    'setOverdraftLimit',
    'setAccountMetadata',
  ] as const),
  ...(['deposit', 'withdraw', 'transfer', 'operatorTransfer', 'seedDeposit'] as const),
  ...(['placeHold', 'captureHold', 'releaseHold', 'expireHolds'] as const),
  ...(['reverseTransfer', 'group', 'reverseGroup'] as const),
];

/** A branch is full after four billion accounts; and a client alone says REFUSED, for what it does not know. */
const OUT_OF_REACH = ['BRANCH_FULL', 'REFUSED'];
