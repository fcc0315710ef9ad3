import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { onTestFinished } from 'vitest';
import type { Command, Member, PlaceHold } from '../ledger/command.js';
import {
  captureHold,
  deposit,
  freezeAccount,
  group,
  initializeBranch,
  openAccount,
  placeHold,
  releaseHold,
  reverseGroup,
  reverseTransfer,
  seedDeposit,
  setOverdraftLimit,
  transfer,
  unfreezeAccount,
  withdraw,
} from '../ledger/commands.fixture.js';
import type { Outcome } from '../ledger/execute.js';
import { bankDatabase, openStore } from '../store/bank-database.fixture.js';
import { Committer } from './committer.js';

const SERVERS = 4;
const branches = [1, 2, 3];

/** A command that was sent, and what was answered. */
export interface Answer {
  readonly command: Command;
  readonly outcome: Outcome;
}

/** Three branches with three accounts each. */
export function crowdedBooks(): readonly Command[] {
  return [
    ...branches.map((branch) => initializeBranch(branch, 500n)),
    ...branches.flatMap((branch) => ['ann', 'bob', 'eve'].map((customer) => openAccount(branch, customer))),
    ...branches.map((branch) => deposit({ branch, serial: 1 }, 1_000n)),
  ];
}

/** A bank of three branches, and several servers that serve it until the end of the test. */
export async function crowdedBank() {
  const url = await bankDatabase(...crowdedBooks());
  /** What the servers have warned of: commits that had to be tried again. */
  const failures: unknown[] = [];
  const committers = Array.from({ length: SERVERS }, () => {
    const committer = new Committer(openStore(url), {
      warn: (details) => failures.push('err' in details ? details.err : details),
    });
    onTestFinished(() => committer.close());
    return committer;
  });
  return { url, committers, failures };
}

/** Sends commands through all servers at once, every third twice and every fifth with another amount as well. */
export async function crowd(
  committers: readonly Pick<Committer, 'submit'>[],
  size: number,
): Promise<Answer[]> {
  const drawn = commandsOf(fc.sample(draft, size));
  const commands = drawn.flatMap((command, index) => [
    command,
    ...(index % 3 === 0 ? [command] : []),
    ...(index % 5 === 0 ? withOtherAmount(command) : []),
  ]);
  return Promise.all(
    commands.map(async (command, index) => {
      // Arrivals are spread over many turns of the event loop, and so over many batches.
      await sleep(index % 40);
      const [committer] = committers.slice(index % committers.length);
      if (committer === undefined) throw new Error('there is no server');
      return { command, outcome: await committer.submit(command) };
    }),
  );
}

function withOtherAmount(command: Command): Command[] {
  if (!('amount' in command) || command.amount === undefined) return [];
  return [{ ...command, amount: command.amount + 1n }];
}

/** A command, or what is to be done with an earlier one that is so far back. */
type Draft = Command | Referring;

interface Referring {
  readonly refer: 'capture' | 'captureAll' | 'captureInGroup' | 'release' | 'reverse' | 'reverseGroup';
  readonly back: number;
  readonly amount: bigint;
}

/** Accounts 1 are hot: two thirds of the traffic. */
const account = fc
  .tuple(fc.constantFrom(...branches), fc.constantFrom(1, 1, 1, 1, 2, 3))
  .map(([branch, serial]) => ({ branch, serial }));
const amount = fc.bigInt(1n, 200n);
const ends = fc
  .tuple(account, account, amount)
  .filter(([from, to]) => from.branch !== to.branch || from.serial !== to.serial);
const hold = fc
  .tuple(ends, fc.constantFrom(undefined, undefined, 1, 20, 60_000))
  .map(([[from, to, held], expiresInMs]) => placeHold(from, to, held, { expiresInMs }));
const member: fc.Arbitrary<Member> = fc.oneof(
  { weight: 6, arbitrary: ends.map((a) => transfer(...a)) },
  { weight: 1, arbitrary: fc.tuple(account, amount).map((a) => deposit(...a)) },
  { weight: 1, arbitrary: hold },
);
const draft: fc.Arbitrary<Draft> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(account, amount).map((a) => deposit(...a)) },
  { weight: 4, arbitrary: fc.tuple(account, amount).map((a) => withdraw(...a)) },
  { weight: 12, arbitrary: ends.map((a) => transfer(...a)) },
  { weight: 6, arbitrary: hold },
  { weight: 4, arbitrary: fc.array(member, { minLength: 1, maxLength: 6 }).map((members) => group(members)) },
  {
    weight: 10,
    arbitrary: fc.record({
      refer: fc.constantFrom(
        ...(['capture', 'captureAll', 'captureInGroup', 'release', 'reverse', 'reverseGroup'] as const),
      ),
      // Mostly what is on its way just now.
      back: fc.constantFrom(0, 0, 0, 1, 2, 5, 20),
      amount,
    }),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(1, 2, 13), amount).map((a) => seedDeposit(...a)) },
  { weight: 1, arbitrary: fc.constantFrom(1, 7, 8).map((branch) => initializeBranch(branch, 5n)) },
  { weight: 1, arbitrary: fc.tuple(account, fc.bigInt(0n, 300n)).map((a) => setOverdraftLimit(...a)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(account, fc.boolean())
      .map(([ref, on]) => (on ? freezeAccount(ref) : unfreezeAccount(ref))),
  },
);

/** Fills in what the drafts refer to. */
function commandsOf(drafts: readonly Draft[]): Command[] {
  const commands: Command[] = [];
  for (const each of drafts) {
    const command = 'refer' in each ? referring(each, commands) : each;
    if (command !== undefined) commands.push(command);
  }
  return commands;
}

function referring(
  { refer, back, amount: some }: Referring,
  earlier: readonly Command[],
): Command | undefined {
  const hold = lastOf(earlier, 'placeHold', back);
  const moved = lastOf(earlier, 'transfer', back);
  const together = lastOf(earlier, 'group', back);
  switch (refer) {
    case 'capture':
      return hold && captureHold(eitherBranch(hold, some), hold, some);
    case 'captureAll':
      return hold && captureHold(eitherBranch(hold, some), hold);
    case 'release':
      return hold && releaseHold(eitherBranch(hold, some), hold);
    case 'captureInGroup':
      return hold && group([captureHold(hold.to.branch, hold), transfer(hold.to, hold.from, 1n)]);
    case 'reverse':
      return moved && reverseTransfer(eitherBranch(moved, some), moved);
    case 'reverseGroup':
      return together && reverseGroup(branches[Number(some) % branches.length] ?? 1, together);
  }
}

function lastOf<Kind extends Command['kind']>(
  earlier: readonly Command[],
  kind: Kind,
  back: number,
): Extract<Command, { kind: Kind }> | undefined {
  return earlier
    .filter((command): command is Extract<Command, { kind: Kind }> => command.kind === kind)
    .at(-1 - back);
}

function eitherBranch({ from, to }: Pick<PlaceHold, 'from' | 'to'>, some: bigint): number {
  return some % 2n === 0n ? from.branch : to.branch;
}
