import { AMOUNT_MAX } from '@giro/sdk/protocol';
import { expect, it } from 'vitest';
import { query } from '../../test-support/database.js';
import type { Command } from '../ledger/command.js';
import {
  deposit,
  initializeBranch,
  openAccount,
  seedDeposit,
  transfer,
  withdraw,
} from '../ledger/commands.fixture.js';
import {
  bankDatabase,
  brokenRules,
  entriesOf,
  openReads,
  openStore,
  transact,
} from './bank-database.fixture.js';
import { readAccount } from './read-accounts.js';
import { readEntries } from './read-journal.js';

const ann = { branch: 0, serial: 1 };
const eve = { branch: 9_999, serial: 1 };

it('gives back every kind of entry as it was written (R8)', async () => {
  const url = await bankDatabase();
  const store = openStore(url);
  const commands: Command[] = [
    initializeBranch(0, AMOUNT_MAX - 500n),
    initializeBranch(9_999, 0n, { currency: 'XAU' }),
    openAccount(0, 'ann "the \\ first" O’Neil, 安'),
    openAccount(9_999, 'eve'),
    deposit(ann, 500n),
    transfer(ann, eve, 200n),
    withdraw(eve, 1n),
    withdraw(ann, 300n),
    seedDeposit(20, 7n),
  ];
  const outcomes = await transact(store, ...commands);
  const reads = openReads(url);
  const kept = [...(await readEntries(reads, 0, 0, 100)), ...(await readEntries(reads, 9_999, 0, 100))];
  const applied = outcomes.flatMap((outcome) => (outcome.kind === 'applied' ? outcome.entries : []));
  const refusals = kept.filter(({ change }) => change.kind === 'refusal');
  expect(applied.length).toBe(kept.length - refusals.length);
  for (const entry of applied) expect(kept).toContainEqual(entry);
  expect(refusals.map(({ writeId, change }) => [writeId, change])).toEqual([
    [commands[6]!.id, { kind: 'refusal', refusal: outcomes[6]!.kind === 'refused' && outcomes[6]!.refusal }],
  ]);
  expect(new Set(kept.map(({ change }) => change.kind))).toEqual(
    new Set(['branchOpened', 'accountOpened', 'posting', 'refusal']),
  );
  for (const [index, command] of commands.entries()) {
    const [again] = await transact(store, command);
    expect(again).toEqual({ ...outcomes[index], replayed: true });
  }
  expect(await brokenRules(url)).toEqual([]);
});

it('keeps lifetime totals beyond 64 bits to the last unit (R2)', async () => {
  const url = await bankDatabase(initializeBranch(0, 0n), openAccount(0, 'ann'));
  const store = openStore(url);
  for (let round = 0; round < 3; round++) {
    await transact(store, deposit(ann, AMOUNT_MAX), withdraw(ann, AMOUNT_MAX));
  }
  const [outcome] = await transact(store, deposit(ann, AMOUNT_MAX));
  expect(entriesOf(outcome)).toMatchObject([{ change: { amount: AMOUNT_MAX, creditBalance: AMOUNT_MAX } }]);
  expect(await readAccount(openReads(url), ann)).toMatchObject({
    postedDebits: 27_670_116_110_564_327_421n,
    postedCredits: 36_893_488_147_419_103_228n,
  });
  expect(await brokenRules(url)).toEqual([]);
});

it('has room for more traffic than there will ever be (R2)', async () => {
  const url = await bankDatabase(initializeBranch(0, 0n), openAccount(0, 'ann'));
  const lots = 10n ** 37n;
  await query(
    url,
    'update accounts set posted_debits = posted_debits + $1, posted_credits = posted_credits + $1',
    [lots],
  );
  const [outcome] = await transact(openStore(url), deposit(ann, 5n));
  expect(entriesOf(outcome)).toMatchObject([{ change: { creditBalance: 5n } }]);
  expect(await readAccount(openReads(url), ann)).toMatchObject({
    postedDebits: lots,
    postedCredits: lots + 5n,
  });
});

it('names the entry that is damaged', async () => {
  const url = await bankDatabase(initializeBranch(0, 0n), openAccount(0, 'ann'));
  await query(url, `update entries set detail = '{"kind":"refusal"}' where position = 4`);
  await expect(readEntries(openReads(url), 0, 0, 100)).rejects.toThrow(
    'the entry at position 4 of branch 0 is damaged: no detail of a accountOpened',
  );
});
