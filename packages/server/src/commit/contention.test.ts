import { onTestFinished, describe, expect, it } from 'vitest';
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
  withdraw,
} from '../ledger/commands.fixture.js';
import type { Outcome } from '../ledger/execute.js';
import { bankDatabase, brokenRules, contents, openStore } from '../store/bank-database.fixture.js';
import { Committer } from './committer.js';

const ann = { branch: 1, serial: 1 };
const eve = { branch: 2, serial: 1 };
const zoe = { branch: 3, serial: 1 };

const ROUNDS = 8;

/** A bank of three branches, and servers that serve it until the end of the test. */
async function bank(servers = 4) {
  const url = await bankDatabase(
    ...[1, 2, 3].map((branch) => initializeBranch(branch, 0n)),
    ...[1, 2, 3].map((branch) => openAccount(branch, `in ${branch}`)),
    ...[ann, eve, zoe].map((account) => deposit(account, 10_000n)),
  );
  const failures: { cause?: { code?: string } }[] = [];
  const committers = Array.from({ length: servers }, () => {
    const committer = new Committer(openStore(url), {
      warn: (details) => failures.push((details as { err: object }).err),
    });
    onTestFinished(() => committer.close());
    return committer;
  });
  const deadlocks = () => failures.filter(({ cause }) => cause?.code === '40P01');
  return { url, committers, deadlocks };
}

/** Sends each command through another server, all at once. */
function atOnce(committers: readonly Committer[], commands: readonly Command[]): Promise<Outcome[]> {
  return Promise.all(
    commands.map((command, index) => committers[index % committers.length]!.submit(command)),
  );
}

/** Expects that one of several applied, and that the others were told of it. */
function expectOneWinner(
  commands: readonly Command[],
  outcomes: readonly Outcome[],
  reasons: readonly string[],
): void {
  const winners = commands.filter((_command, index) => outcomes[index]?.kind === 'applied');
  expect(winners.length).toBe(1);
  for (const outcome of outcomes) {
    if (outcome.kind === 'applied') continue;
    expect(reasons).toContain(outcome.refusal.reason);
    expect(outcome.refusal.metadata['by']).toBe(winners[0]?.id);
  }
}

describe('when servers want the same thing at once', () => {
  it('one capture or release of a hold wins, through whichever branch and server (R5, R7)', async () => {
    const { url, committers, deadlocks } = await bank();
    for (let round = 0; round < ROUNDS; round++) {
      const hold = placeHold(ann, eve, 40n);
      await committers[0]!.submit(hold);
      const attempts = [
        captureHold(1, hold),
        captureHold(2, hold, 10n),
        round % 2 === 0 ? releaseHold(2, hold) : captureHold(2, hold),
        captureHold(1, hold, 39n),
      ];
      const outcomes = await atOnce(committers, attempts);
      expectOneWinner(attempts, outcomes, ['HOLD_CAPTURED', 'HOLD_RELEASED']);
    }
    expect(deadlocks()).toEqual([]);
    expect(await brokenRules(url)).toEqual([]);
  });

  it('one reversal of a transfer wins, and one of a group (R8)', async () => {
    const { url, committers, deadlocks } = await bank();
    for (let round = 0; round < ROUNDS; round++) {
      const single = transfer(ann, eve, 30n);
      const together = group([transfer(eve, zoe, 20n), transfer(zoe, ann, 10n)]);
      await atOnce(committers, [single, together]);
      const singles = [1, 2, 1, 2].map((branch) => reverseTransfer(branch, single));
      const groups = [3, 2, 1, 3].map((branch) => reverseGroup(branch, together));
      const outcomes = await atOnce(committers, [...singles, ...groups]);
      expectOneWinner(singles, outcomes.slice(0, 4), ['ALREADY_REVERSED']);
      expectOneWinner(groups, outcomes.slice(4), ['ALREADY_REVERSED']);
    }
    const { accounts } = await contents(url);
    const balances = accounts
      .filter(({ kind }) => kind === 'customer')
      .map(({ postedCredits, postedDebits }) => postedCredits - postedDebits);
    expect(balances).toEqual([10_000n, 10_000n, 10_000n]);
    expect(deadlocks()).toEqual([]);
    expect(await brokenRules(url)).toEqual([]);
  });

  it('one write of an id wins, of a group as well, and the others get its answer (R5)', async () => {
    const { url, committers } = await bank();
    for (let round = 0; round < ROUNDS; round++) {
      const command = group([transfer(ann, eve, 3n), placeHold(eve, zoe, 2n), transfer(zoe, ann, 1n)]);
      const outcomes = await atOnce(committers, [command, command, command, command]);
      expect(outcomes.map(({ kind }) => kind)).toEqual(Array(4).fill('applied'));
      expect(outcomes.filter(({ replayed }) => !replayed).length).toBe(1);
    }
    expect(await brokenRules(url)).toEqual([]);
  });

  it('the last money goes to one of those who want it, held or spent (R4)', async () => {
    const { url, committers } = await bank();
    for (let round = 0; round < ROUNDS; round++) {
      const amount = 600n;
      const commands = [
        placeHold(ann, eve, amount),
        transfer(ann, zoe, amount),
        group([transfer(ann, eve, 1n), transfer(ann, eve, amount - 1n)]),
        withdraw(ann, amount),
      ];
      await atOnce(committers, commands);
    }
    const { accounts } = await contents(url);
    const [spent] = accounts.filter(({ branch, kind }) => branch === 1 && kind === 'customer');
    expect(spent!.postedCredits - spent!.postedDebits - spent!.heldDebits).toBe(10_000n - 16n * 600n);
    expect(await brokenRules(url)).toEqual([]);
  });
});

describe('writes over the same branches in opposite orders', () => {
  it.each<[string, (index: number) => Command]>([
    ['groups', (index) => group(index % 2 === 0 ? circle() : circle().toReversed())],
    ['transfers', (index) => (index % 2 === 0 ? transfer(ann, zoe, 1n) : transfer(zoe, ann, 1n))],
  ])('apply whole, without a deadlock, and no update is lost: %s (R6)', async (_what, make) => {
    const { url, committers, deadlocks } = await bank();
    const commands: Command[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const batch = Array.from({ length: 16 }, (_, index) => make(index));
      const outcomes = await atOnce(committers, batch);
      expect(outcomes.map(({ kind }) => kind)).toEqual(batch.map(() => 'applied'));
      commands.push(...batch);
    }
    const moves = commands.flatMap((command): readonly Command[] =>
      command.kind === 'group' ? command.members : [command],
    );
    const { accounts } = await contents(url);
    for (const account of [ann, eve, zoe]) {
      const [kept] = accounts.filter(({ branch, serial }) => branch === account.branch && serial === 1);
      expect(kept).toMatchObject({
        postedDebits: total(moves, 'from', account),
        postedCredits: 10_000n + total(moves, 'to', account),
      });
    }
    expect(deadlocks()).toEqual([]);
    expect(await brokenRules(url)).toEqual([]);
  });
});

/** Round and back, through all branches. */
function circle() {
  return [transfer(ann, eve, 3n), transfer(eve, zoe, 2n), transfer(zoe, ann, 1n)];
}

function total(commands: readonly Command[], side: 'from' | 'to', account: typeof ann): bigint {
  return commands.reduce((sum, command) => {
    return command.kind === 'transfer' && command[side] === account ? sum + command.amount : sum;
  }, 0n);
}
