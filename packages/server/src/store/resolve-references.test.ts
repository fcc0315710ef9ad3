import { newWriteId } from '@giro/sdk/protocol';
import { describe, expect, it } from 'vitest';
import type { Command } from '../ledger/command.js';
import {
  captureHold,
  deposit,
  group,
  initializeBranch,
  openAccount,
  placeHold,
  releaseHold,
  reverseGroup,
  reverseTransfer,
  transfer,
} from '../ledger/commands.fixture.js';
import type { Outcome } from '../ledger/execute.js';
import {
  bankDatabase,
  brokenRules,
  contents,
  lockBranch,
  lockWaiters,
  openStore,
  transact,
} from './bank-database.fixture.js';

const ann = { branch: 1, serial: 1 };
const eve = { branch: 2, serial: 1 };
const zoe = { branch: 3, serial: 1 };

function bank(): Promise<string> {
  return bankDatabase(
    ...[1, 2, 3].map((branch) => initializeBranch(branch, 0n)),
    ...[1, 2, 3].map((branch) => openAccount(branch, `in ${branch}`)),
    deposit(ann, 100n),
    deposit(eve, 100n),
  );
}

function answers(outcomes: readonly Outcome[]): string[] {
  return outcomes.map((outcome) => (outcome.kind === 'applied' ? 'applied' : outcome.refusal.reason));
}

async function balances(url: string): Promise<bigint[]> {
  const { accounts } = await contents(url);
  return accounts
    .filter(({ kind }) => kind === 'customer')
    .map(({ postedCredits, postedDebits }) => postedCredits - postedDebits);
}

const hold = placeHold(ann, eve, 50n);
const moved = transfer(ann, eve, 30n);
const together = group([transfer(ann, eve, 10n), transfer(eve, zoe, 10n)]);

/** A write that others refer to, and those: through the branch that is not the first. */
const references: readonly [string, Command, () => Command][] = [
  ['a capture', hold, () => captureHold(2, hold, 20n)],
  ['a release', hold, () => releaseHold(2, hold)],
  ['a reversal', moved, () => reverseTransfer(2, moved)],
  ['the reversal of a group', together, () => reverseGroup(3, together)],
];

describe('what a command refers to', () => {
  it.each(references)('may be a write of its own batch: %s', async (_what, original, refer) => {
    const url = await bank();
    const store = openStore(url);
    expect(answers(await transact(store, original, refer()))).toEqual(['applied', 'applied']);
    expect(answers(await transact(store, refer()))).not.toContain('applied');
    expect(await brokenRules(url)).toEqual([]);
  });

  it.each(references)(
    'may be a write that another server has applied: %s',
    async (_what, original, refer) => {
      const url = await bank();
      await transact(openStore(url), original);
      const command = refer();
      const store = openStore(url);
      const first = await transact(store, command);
      expect(answers(first)).toEqual(['applied']);
      expect(await transact(openStore(url), command)).toMatchObject([{ kind: 'applied', replayed: true }]);
      expect(await brokenRules(url)).toEqual([]);
    },
  );

  it.each(references)(
    'is looked for again if it comes while the locks are waited for: %s',
    async (_what, original, refer) => {
      const url = await bank();
      const branch = original === together ? 3 : 2;
      const release = await lockBranch(url, branch);
      const applying = transact(openStore(url), original);
      await lockWaiters(url);
      const store = openStore(url);
      const command = refer();
      const referring = transact(store, command);
      referring.catch(() => undefined);
      await lockWaiters(url, 2);
      await release();
      expect(answers(await applying)).toEqual(['applied']);
      await expect(referring).rejects.toMatchObject({
        failure: 'conflict',
        message: `conflict: write ${original.id} has been applied meanwhile`,
      });
      expect(answers(await transact(store, command))).toEqual(['applied']);
      expect(await brokenRules(url)).toEqual([]);
    },
  );

  it('is looked for again if another write of its id has come than its batch holds (R7)', async () => {
    const url = await bank();
    const release = await lockBranch(url, 2);
    const applying = transact(openStore(url), hold);
    await lockWaiters(url);
    const store = openStore(url);
    const batch = [placeHold(eve, zoe, 1n, { id: hold.id }), captureHold(2, hold)];
    const referring = transact(store, ...batch);
    referring.catch(() => undefined);
    await lockWaiters(url, 2);
    await release();
    await applying;
    await expect(referring).rejects.toMatchObject({ failure: 'conflict' });
    expect(answers(await transact(store, ...batch))).toEqual(['ID_REUSED', 'applied']);
    expect(await balances(url)).toEqual([50n, 150n, 0n]);
    expect(await brokenRules(url)).toEqual([]);
  });

  it('needs no second look if the batch says the same of it', async () => {
    const url = await bank();
    const release = await lockBranch(url, 2);
    const applying = transact(openStore(url), hold);
    await lockWaiters(url);
    const referring = transact(openStore(url), hold, captureHold(2, hold));
    await lockWaiters(url, 2);
    await release();
    await applying;
    expect(await referring).toMatchObject([{ replayed: true }, { kind: 'applied', replayed: false }]);
  });

  it('may be nothing: the branch that was named says so, and keeps it (R5)', async () => {
    const url = await bank();
    const nothing = { id: newWriteId() };
    const commands = [captureHold(2, nothing), reverseTransfer(2, nothing), reverseGroup(2, nothing)];
    const first = await transact(openStore(url), ...commands);
    expect(answers(first)).toEqual(['HOLD_NOT_FOUND', 'ORIGINAL_NOT_FOUND', 'ORIGINAL_NOT_FOUND']);
    expect(await transact(openStore(url), ...commands)).toEqual(
      first.map((outcome) => ({ ...outcome, replayed: true })),
    );
    const { entries } = await contents(url);
    const kept = entries.filter(({ writeId }) => commands.some(({ id }) => id === writeId));
    expect(kept.map(({ branch }) => branch)).toEqual([2, 2, 2]);
  });

  it('is not taken for what another branch knows by the same id (R5)', async () => {
    const url = await bank();
    const elsewhere = group([deposit(zoe, 1n)], { id: together.id });
    const here = group([transfer(ann, eve, 10n)], { id: together.id });
    await transact(openStore(url), elsewhere, here);
    const outcomes = await transact(
      openStore(url),
      elsewhere,
      reverseGroup(2, here),
      reverseGroup(3, elsewhere),
    );
    expect(answers(outcomes)).toEqual(['applied', 'applied', 'applied']);
    expect(await balances(url)).toEqual([100n, 100n, 0n]);
    expect(await brokenRules(url)).toEqual([]);
  });

  it('may be a member of a group, seen from any branch', async () => {
    const url = await bank();
    const inside = placeHold(ann, zoe, 40n);
    await transact(openStore(url), group([deposit(eve, 1n), inside]));
    expect(answers(await transact(openStore(url), captureHold(3, inside, 15n)))).toEqual(['applied']);
    expect(await balances(url)).toEqual([85n, 101n, 15n]);
    expect(await brokenRules(url)).toEqual([]);
  });
});
