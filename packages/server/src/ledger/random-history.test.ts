import { isDeepStrictEqual } from 'node:util';
import { AMOUNT_MAX, catalogue } from '@giro/sdk/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Auditor } from './auditor.fixture.js';
import type { Command } from './command.js';
import {
  deposit,
  initializeBranch,
  openAccount,
  seedDeposit,
  transfer,
  withdraw,
} from './commands.fixture.js';
import type { Outcome } from './execute.js';
import { MemoryBank } from './memory-bank.fixture.js';
import { needsOf } from './needs.js';

/** One turn of a history: a new command, an earlier one again, or a new one under an earlier one's id. */
interface Step {
  readonly turn: 'new' | 'again' | 'reuse';
  readonly draft: Command;
  /** How far back the earlier command is. */
  readonly back: number;
  readonly clockMicros: number;
  /** Whether the step begins a batch. */
  readonly begins: boolean;
}

const branch = fc.constantFrom(0, 3, 10);
const customer = fc.constantFrom('ann', 'bob');
const account = fc
  .tuple(branch, fc.integer({ min: 1, max: 3 }))
  .map(([branch, serial]) => ({ branch, serial }));
const amount = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(1n, 2n, 10n, 50n, 1_000n) },
  { weight: 1, arbitrary: fc.bigInt(AMOUNT_MAX - 100n, AMOUNT_MAX) },
);
const currency = fc.oneof(
  { weight: 9, arbitrary: fc.constant('USD') },
  { weight: 1, arbitrary: fc.constant('EUR') },
);
const options = currency.map((code) => ({ id: 'its step gives it one', currency: code }));

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(branch, fc.bigInt(0n, 20n), options).map((a) => initializeBranch(...a)) },
  { weight: 3, arbitrary: fc.tuple(branch, customer, options).map((a) => openAccount(...a)) },
  { weight: 6, arbitrary: fc.tuple(account, amount, options).map((a) => deposit(...a)) },
  { weight: 6, arbitrary: fc.tuple(account, amount, options).map((a) => withdraw(...a)) },
  {
    weight: 12,
    arbitrary: fc
      .tuple(account, account, amount, options)
      .filter(([from, to]) => !isDeepStrictEqual(from, to))
      .map((a) => transfer(...a)),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(0, 3, 13, 20), amount, options).map((a) => seedDeposit(...a)),
  },
);

const step: fc.Arbitrary<Step> = fc.record({
  turn: fc.oneof(
    { weight: 6, arbitrary: fc.constant('new' as const) },
    { weight: 2, arbitrary: fc.constant('again' as const) },
    { weight: 1, arbitrary: fc.constant('reuse' as const) },
  ),
  draft: command,
  back: fc.nat({ max: 200 }),
  clockMicros: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 2 ** 52 })),
  begins: fc.boolean(),
});

/** What every history begins with, so that it gets somewhere. Branch 0 comes later or never. */
const opening: readonly Step[] = [
  initializeBranch(3, 0n),
  initializeBranch(10, 20n),
  openAccount(3, 'ann'),
  openAccount(10, 'bob'),
  deposit({ branch: 10, serial: 1 }, 1_000n),
  transfer({ branch: 10, serial: 1 }, { branch: 3, serial: 1 }, 900n),
  withdraw({ branch: 3, serial: 1 }, 10n),
].map((draft) => ({ turn: 'new', draft, back: 0, clockMicros: 0, begins: true }));

it('keeps R1 to R8 at every step of any history, whatever the clock does', () => {
  const seen = new Set<string>();
  const history = fc.array(step, { maxLength: 400, size: 'max' });
  fc.assert(
    fc.property(history, (steps) => play([...opening, ...steps], seen)),
    { numRuns: 20 },
  );
  // A history that never gets anywhere proves nothing.
  expect([...seen].sort()).toEqual([
    'ACCOUNT_NOT_FOUND',
    'BALANCE_OVERFLOW',
    'BRANCH_EXISTS',
    'BRANCH_NOT_FOUND',
    'CURRENCY_MISMATCH',
    'ID_REUSED',
    'INSUFFICIENT_CASH',
    'INSUFFICIENT_FUNDS',
    'deposit',
    'initializeBranch',
    'openAccount',
    'seedDeposit',
    'transfer',
    'withdraw',
  ]);
});

function play(steps: readonly Step[], seen: Set<string>): void {
  const bank = new MemoryBank();
  const auditor = new Auditor();
  const register = new Register();
  const commands: Command[] = [];
  for (const batch of batches(steps)) {
    const taken = batch.map((step) => {
      const next = commandOf(step, commands);
      commands.push(next);
      return next;
    });
    const before = bank.entries.length;
    const outcomes = bank.doAll(taken, batch[0]!.clockMicros);
    const appended = bank.entries.slice(before);
    const expected = taken.flatMap((next, index) => {
      const outcome = outcomes[index]!;
      seen.add(outcome.kind === 'applied' ? next.kind : outcome.refusal.reason);
      return register.check(next, outcome);
    });
    expect(appended.toSorted(byBranch)).toMatchObject(expected.toSorted(byBranch));
    for (const entry of appended) auditor.take(entry);
    for (const state of bank.branches.values()) auditor.compareBranch(state);
    for (const state of bank.accounts.values()) auditor.compareAccount(state);
    auditor.compareTotals();
    expect(auditor.problems).toEqual([]);
  }
}

function byBranch(a: { readonly branch: number }, b: { readonly branch: number }): number {
  return a.branch - b.branch;
}

function batches(steps: readonly Step[]): Step[][] {
  const made: Step[][] = [];
  for (const step of steps) {
    if (step.begins || made.length === 0) made.push([]);
    made.at(-1)!.push(step);
  }
  return made;
}

function commandOf({ turn, draft, back }: Step, earlier: readonly Command[]): Command {
  const other = earlier.at(-1 - (back % Math.max(earlier.length, 1)));
  if (turn === 'again' && other !== undefined) return other;
  return { ...draft, id: turn === 'reuse' && other !== undefined ? other.id : uuidOf(earlier.length) };
}

function uuidOf(index: number): string {
  return `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`;
}

/** What R5 says of every id, kept apart from the books: the first answer, per branch. */
class Register {
  readonly #branches = new Set<number>();
  readonly #answers = new Map<string, { command: Command; outcome: Outcome }>();

  /** Checks the answer to a command, and says what the journals must have got by it. */
  check(command: Command, outcome: Outcome): { readonly branch: number }[] {
    const { branches } = needsOf(command, new Map());
    const keyOf = (branch: number) => `${branch}/${command.id}`;
    const earlier = branches.flatMap((branch) => this.#answers.get(keyOf(branch)) ?? []);
    const other = earlier.find((answer) => !isDeepStrictEqual(answer.command, command));
    if (other !== undefined) {
      checkReuse(command, other.command, outcome);
      return [];
    }
    expect(outcome).toEqual({ ...(earlier[0]?.outcome ?? outcome), replayed: earlier.length > 0 });
    if (earlier.length > 0) return [];
    const expected = this.#traces(command, branches, outcome);
    for (const { branch } of expected) this.#answers.set(keyOf(branch), { command, outcome });
    return expected;
  }

  #traces(command: Command, branches: readonly number[], outcome: Outcome): { branch: number }[] {
    if (outcome.kind === 'applied') {
      if (command.kind === 'initializeBranch') this.#branches.add(command.branch);
      return [...outcome.entries];
    }
    const { refusal } = outcome;
    if (!catalogue[refusal.reason].frozen) return [];
    const change = { kind: 'refusal', refusal };
    return branches
      .filter((branch) => this.#branches.has(branch))
      .map((branch) => ({ branch, writeId: command.id, change }));
  }
}

function checkReuse(command: Command, other: Command, outcome: Outcome): void {
  expect(outcome).toMatchObject({ kind: 'refused', refusal: { reason: 'ID_REUSED' }, replayed: false });
  const field = outcome.kind === 'refused' ? outcome.refusal.metadata['field']! : '';
  const [one, two] = [command, other].map((some) => (some as unknown as Record<string, unknown>)[field]);
  expect(isDeepStrictEqual(one, two), field).toBe(false);
}
