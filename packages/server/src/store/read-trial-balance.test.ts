import { beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../test-support/database.js';
import {
  captureHold,
  deposit,
  initializeBranch,
  openAccount,
  placeHold,
  releaseHold,
  transfer,
  withdraw,
} from '../ledger/commands.fixture.js';
import { bankDatabase, contents, openReads, openStore, transact } from './bank-database.fixture.js';
import { readBankTrialBalance, readTrialBalance } from './read-trial-balance.js';

const ann = { branch: 0, serial: 1 };
const euros = { branch: 0, serial: 2 };
const bob = { branch: 0, serial: 3 };
const eve = { branch: 3, serial: 1 };

const captured = placeHold(euros, eve, 1n, { currency: 'EUR' });
const released = placeHold(euros, eve, 1n, { currency: 'EUR' });

/** What every bank of these tests begins with. */
const opening = [
  initializeBranch(0, 1_000n),
  initializeBranch(3, 0n, { currency: 'EUR' }),
  initializeBranch(9_999, 7n),
  openAccount(0, 'ann'),
  openAccount(0, 'ann', { currency: 'EUR' }),
  openAccount(0, 'bob'),
  openAccount(3, 'eve', { currency: 'EUR' }),
  deposit(ann, 100n),
  withdraw(ann, 30n),
  deposit(euros, 50n, { currency: 'EUR' }),
  transfer(euros, eve, 4n, { currency: 'EUR' }),
  placeHold(euros, eve, 11n, { currency: 'EUR', expiresInMs: 3_600_000 }),
  captured,
  captureHold(0, captured),
  released,
  releaseHold(3, released),
];

const none = { heldDebits: 0n, heldCredits: 0n };

let url: string;

beforeAll(async () => {
  url = await bankDatabase(...opening);
});

describe("a branch's trial balance", () => {
  it('sums to zero per currency, at the position it names, with what open holds reserve (R1)', async () => {
    const { branches } = await contents(url);
    expect(await readTrialBalance(openReads(url), 0)).toEqual({
      position: branches[0]!.position,
      lines: [
        { currency: 'EUR', postedDebits: 55n, postedCredits: 55n, heldDebits: 11n, heldCredits: 11n },
        { currency: 'USD', postedDebits: 1_130n, postedCredits: 1_130n, ...none },
      ],
    });
  });

  it('of an empty branch is zero, and of no branch an error', async () => {
    const database = openReads(url);
    expect(await readTrialBalance(database, 9_999)).toMatchObject({
      lines: [{ postedDebits: 7n, postedCredits: 7n }],
    });
    await expect(readTrialBalance(database, 4)).rejects.toMatchObject({ reason: 'BRANCH_NOT_FOUND' });
  });
});

describe("the bank's trial balance", () => {
  it('sums over all branches, at the time of the database', async () => {
    const bank = await readBankTrialBalance(openReads(url));
    expect(bank).toEqual({
      lines: [
        { currency: 'EUR', postedDebits: 60n, postedCredits: 60n, heldDebits: 22n, heldCredits: 22n },
        { currency: 'USD', postedDebits: 1_137n, postedCredits: 1_137n, ...none },
      ],
      branches: 3,
      interbranchMismatches: 0,
      timeMicros: expect.any(Number) as number,
    });
    const { branches } = await contents(url);
    expect(bank.timeMicros).toBeGreaterThan(Math.min(...branches.map(({ timeMicros }) => timeMicros)));
  });

  it('of a bank without branches is empty', async () => {
    expect(await readBankTrialBalance(openReads(await bankDatabase()))).toMatchObject({
      lines: [],
      branches: 0,
      interbranchMismatches: 0,
    });
  });

  it.each([
    ['a pair of which one says more', `posted_credits = posted_credits + 1 where branch_id = 0`, 1],
    [
      'a pair of which one says more on the other side',
      `posted_debits = posted_debits + 1 where branch_id = 3`,
      1,
    ],
    ['a pair of which one was paid more', `posted_debits = posted_debits + 1 where branch_id = 0`, 1],
    ['each account without a partner', `serial = serial + 1 where branch_id = 3`, 2],
  ])('counts %s as a mismatch (R7)', async (_what, change, mismatches) => {
    const damaged = await bankDatabase(...opening);
    await query(damaged, `update accounts set ${change} and kind = 'interbranch'`);
    expect(await readBankTrialBalance(openReads(damaged))).toMatchObject({
      interbranchMismatches: mismatches,
    });
  });
});

it('holds that are due reserve nothing, though no entry says so yet (trap 15)', async () => {
  const due = await bankDatabase(...opening);
  const database = openReads(due);
  await transact(openStore(due), placeHold(ann, bob, 9n, { expiresInMs: 1 }));
  await expect
    .poll(async () => (await readTrialBalance(database, 0)).lines)
    .toContainEqual({ currency: 'USD', postedDebits: 1_130n, postedCredits: 1_130n, ...none });
  const bank = await readBankTrialBalance(database);
  expect(bank.lines.map(({ heldDebits, heldCredits }) => [heldDebits, heldCredits])).toEqual([
    [22n, 22n],
    [0n, 0n],
  ]);
  expect((await contents(due)).accounts.some(({ heldDebits }) => heldDebits === 9n)).toBe(true);
});
