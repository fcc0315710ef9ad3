import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { query } from '../../test-support/database.js';
import { bodyOf } from '../ledger/body.js';
import type { Command } from '../ledger/command.js';
import {
  deposit,
  initializeBranch,
  openAccount,
  seedDeposit,
  transfer,
  withdraw,
} from '../ledger/commands.fixture.js';
import type { Outcome } from '../ledger/execute.js';
import { bankDatabase, brokenRules, contents, openStore } from '../store/bank-database.fixture.js';
import { Committer } from './committer.js';

const SERVERS = 4;
const branches = [1, 2, 3];

interface Answer {
  readonly command: Command;
  readonly outcome: Outcome;
}

/** Accounts 1 are hot: two thirds of the traffic. */
const account = fc
  .tuple(fc.constantFrom(...branches), fc.constantFrom(1, 1, 1, 1, 2, 3))
  .map(([branch, serial]) => ({ branch, serial }));
const amount = fc.bigInt(1n, 200n);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(account, amount).map((a) => deposit(...a)) },
  { weight: 2, arbitrary: fc.tuple(account, amount).map((a) => withdraw(...a)) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(account, account, amount)
      .filter(([from, to]) => from.branch !== to.branch || from.serial !== to.serial)
      .map((a) => transfer(...a)),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(1, 2, 13), amount).map((a) => seedDeposit(...a)) },
  { weight: 1, arbitrary: fc.constantFrom(1, 7, 8).map((branch) => initializeBranch(branch, 5n)) },
);

it('keeps every rule when several servers serve a crowd, ids repeated and reused (R1 to R8, R11)', async () => {
  const { url, committers } = await bank();
  const answers = await crowd(committers, 600);
  await checkAnswers(url, answers);
  for (const sent of groupedByBody(answers)) {
    const first = sent.filter(({ outcome }) => !outcome.replayed && !isReuse(outcome));
    expect(first.length).toBeLessThanOrEqual(1);
  }
});

it('keeps every rule while their sessions are ended, and gives everybody one definite answer (R5, R13)', async () => {
  const { url, committers } = await bank();
  const over = new AbortController();
  const ending = endSessions(url, over.signal);
  const answers: Answer[] = [];
  for (let wave = 0; wave < 6; wave++) answers.push(...(await crowd(committers, 100)));
  over.abort();
  await ending;
  await checkAnswers(url, answers);
});

/** Ends sessions of the servers at random, again and again. */
async function endSessions(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await query(
      url,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'giro' and datname = current_database() and random() < 0.3`,
    );
    await sleep(15);
  }
}

async function bank() {
  const url = await bankDatabase(
    ...branches.map((branch) => initializeBranch(branch, 500n)),
    ...branches.flatMap((branch) => ['ann', 'bob', 'eve'].map((customer) => openAccount(branch, customer))),
    ...branches.map((branch) => deposit({ branch, serial: 1 }, 1_000n)),
  );
  const committers = Array.from({ length: SERVERS }, () => {
    const committer = new Committer(openStore(url), { warn: () => undefined });
    onTestFinished(() => committer.close());
    return committer;
  });
  return { url, committers };
}

/** Sends commands through all servers at once, every third twice and every fifth with another amount as well. */
async function crowd(committers: readonly Committer[], size: number): Promise<Answer[]> {
  const commands = fc
    .sample(command, size)
    .flatMap((drawn, index) => [
      drawn,
      ...(index % 3 === 0 ? [drawn] : []),
      ...(index % 5 === 0 && 'amount' in drawn && drawn.amount !== undefined
        ? [{ ...drawn, amount: drawn.amount + 1n }]
        : []),
    ]);
  return Promise.all(
    commands.map(async (next, index) => {
      // Arrivals are spread over many turns of the event loop, and so over many batches.
      await sleep(index % 40);
      return { command: next, outcome: await committers[index % SERVERS]!.submit(next) };
    }),
  );
}

/** What anybody was told is what is kept, whichever server said so. */
async function checkAnswers(url: string, answers: readonly Answer[]): Promise<void> {
  expect(await brokenRules(url)).toEqual([]);
  const { entries } = await contents(url);
  for (const sent of groupedByBody(answers)) {
    const [{ command, outcome }] = sent;
    for (const other of sent) {
      expect({ ...other.outcome, replayed: true }).toEqual({ ...outcome, replayed: true });
    }
    if (isReuse(outcome)) continue;
    const kept = entries.filter(({ writeId }) => writeId === command.id);
    if (outcome.kind === 'applied')
      expect(kept).toEqual(outcome.entries.toSorted((a, b) => a.branch - b.branch));
    else for (const { change } of kept) expect(change).toEqual({ kind: 'refusal', refusal: outcome.refusal });
  }
}

/** The answers to each body that was sent, however often. */
function groupedByBody(answers: readonly Answer[]): [Answer, ...Answer[]][] {
  const groups = new Map<string, [Answer, ...Answer[]]>();
  for (const answer of answers) {
    const key = `${answer.command.id} ${bodyOf(answer.command, 0)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [answer]);
    else group.push(answer);
  }
  return [...groups.values()];
}

function isReuse(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.refusal.reason === 'ID_REUSED';
}
