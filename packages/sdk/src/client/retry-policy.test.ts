import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogue, type Reason } from '../catalogue/catalogue.js';
import { AccountServiceDefinition } from '../gen/giro/v1/account_service.js';
import { BranchServiceDefinition } from '../gen/giro/v1/branch_service.js';
import { JournalServiceDefinition } from '../gen/giro/v1/journal_service.js';
import { TransferServiceDefinition } from '../gen/giro/v1/transfer_service.js';
import { BankDefinition } from '../gen/seed/bank.js';
import type { Idempotency } from './method.js';
import { BACKOFF_CAP_MS, retryDelayMs, retryPolicies, watchPolicy, type Standing } from './retry-policy.js';

function standing(changes: Partial<Standing> = {}): Standing {
  return {
    policy: retryPolicies.IDEMPOTENT,
    reason: 'UNAVAILABLE',
    attempts: 1,
    sent: true,
    servers: 1,
    random: () => 0.999,
    ...changes,
  };
}

describe('retryDelayMs', () => {
  test('only failures that may pass are worth another attempt', () => {
    const retried = Object.keys(catalogue).filter(
      (reason) => retryDelayMs(standing({ reason: reason as Reason })) !== undefined,
    );
    expect(retried.sort()).toEqual(['OUTCOME_UNKNOWN', 'OVERLOADED', 'SLOW_READER', 'UNAVAILABLE']);
  });

  test.for<[Idempotency, number]>([
    ['NO_SIDE_EFFECTS', 4],
    ['IDEMPOTENT', 5],
  ])('%s: %i attempts in all', ([idempotency, attemptsMax]) => {
    const policy = retryPolicies[idempotency];
    expect(retryDelayMs(standing({ policy, attempts: attemptsMax - 1 }))).toBeDefined();
    expect(retryDelayMs(standing({ policy, attempts: attemptsMax }))).toBeUndefined();
  });

  test('NONE: not once it may have been sent', () => {
    const policy = retryPolicies.NONE;
    expect(retryDelayMs(standing({ policy, sent: true }))).toBeUndefined();
    expect(retryDelayMs(standing({ policy, sent: false }))).toBeDefined();
  });

  test('a watch: however often, and never longer than the cap', () => {
    for (const attempts of [5, 100, 1_000, 10_000]) {
      expect(retryDelayMs(standing({ policy: watchPolicy, attempts, random: () => 0.5 }))).toBe(
        attempts === 5 ? 800 : BACKOFF_CAP_MS / 2,
      );
    }
    // A server that waited for its reader is well: there is no reason to turn to another.
    const slow = standing({ policy: watchPolicy, reason: 'SLOW_READER', servers: 2, random: () => 0.5 });
    expect(retryDelayMs(slow)).toBe(50);
  });

  test('the first turn to another server is at once, later ones and those on a lone server wait', () => {
    expect(retryDelayMs(standing({ servers: 2, attempts: 1 }))).toBe(0);
    expect(retryDelayMs(standing({ servers: 2, attempts: 2 }))).toBeCloseTo(200, 0);
    expect(retryDelayMs(standing({ servers: 1, attempts: 1 }))).toBeCloseTo(100, 0);
    expect(retryDelayMs(standing({ servers: 2, attempts: 1, reason: 'OVERLOADED' }))).toBeCloseTo(999, 0);
  });

  test('jitter is full, and the cap holds', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const reason = fc.constantFrom<Reason>('UNAVAILABLE', 'OVERLOADED');
    fc.assert(
      fc.property(random, fc.integer({ min: 1, max: 50 }), reason, (value, attempts, why) => {
        const policy = { ...retryPolicies.IDEMPOTENT, attemptsMax: 100 };
        const base = why === 'OVERLOADED' ? 1_000 : 100;
        const longest = Math.min(BACKOFF_CAP_MS, base * 2 ** (attempts - 1));
        const delayMs = retryDelayMs(standing({ policy, attempts, reason: why, random: () => value }));
        expect(delayMs).toBe(value * longest);
      }),
    );
  });
});

test('every call of giro.v1 is a read or has an id; only the deposit and the withdrawal of the seed are neither', () => {
  const services = [
    BranchServiceDefinition,
    AccountServiceDefinition,
    TransferServiceDefinition,
    JournalServiceDefinition,
    BankDefinition,
  ];
  const unkeyed = services.flatMap(({ fullName, methods }) =>
    Object.values(methods)
      .filter(({ options }) => !('idempotencyLevel' in options))
      .map(({ name }) => `${fullName}.${name}`),
  );
  expect(unkeyed).toEqual(['Bank.Deposit', 'Bank.Withdraw']);
});
