import fc, { type Arbitrary } from 'fast-check';
import type { Command } from '../ledger/command.js';
import { deposit, initializeBranch, openAccount, transfer, withdraw } from '../ledger/commands.fixture.js';
import { commandOf, type Draft } from './draft.fixture.js';
import { areTwo, draft } from './draw-draft.fixture.js';
import { closeAccount, closeBranch, group, placeHold, setOverdraftLimit } from './model-commands.fixture.js';
import type { ModelBooks } from './model-books.fixture.js';

/** One turn of a history: a new command, an earlier one again, or a new one under an earlier one's id. */
export interface Step {
  readonly turn: 'new' | 'again' | 'reuse';
  readonly draft: Draft;
  /** How far back the earlier command is. */
  readonly back: number;
  /** Whether the step begins a batch, and what happens to it then. */
  readonly begins: boolean;
  readonly fate: Fate;
  readonly clock: Clock;
}

/**
 * What happens to a batch on its way: nothing; the server is new; its session was cut; its first attempt is rolled back;
 * the answer to its commit is lost; or its callers hear nothing and send it all again, to another server.
 */
export type Fate = (typeof FATES)[number];

/** How the clock stands at a batch, where a test can choose: so much later, or close to when a hold expires. */
export type Clock = { readonly laterMicros: number } | { readonly nearExpiryMicros: number };

const FATES = ['calm', 'restarted', 'cut', 'rolledBack', 'answerLost', 'sentAgain'] as const;

const step: Arbitrary<Step> = fc.record({
  turn: fc.oneof(
    { weight: 14, arbitrary: fc.constant('new' as const) },
    { weight: 2, arbitrary: fc.constant('again' as const) },
    { weight: 1, arbitrary: fc.constant('reuse' as const) },
  ),
  draft,
  back: fc.nat({ max: 20 }),
  begins: fc.boolean(),
  fate: fc.oneof(
    { weight: 5, arbitrary: fc.constant('calm' as const) },
    { weight: 4, arbitrary: fc.constantFrom(...FATES) },
  ),
  clock: fc.oneof(
    { weight: 3, arbitrary: fc.record({ laterMicros: fc.integer({ min: -5, max: 5 }) }) },
    { weight: 2, arbitrary: fc.record({ laterMicros: fc.integer({ min: 0, max: 40_000 }) }) },
    { weight: 3, arbitrary: fc.record({ nearExpiryMicros: fc.integer({ min: -8, max: 2 }) }) },
  ),
});

/** Turns that seldom come by chance in an order that leads somewhere. */
const scene: Arbitrary<readonly Step[]> = fc
  .record({
    account: fc.record({ branch: fc.constantFrom(3, 10), serial: fc.constantFrom(1, 2) }),
    branch: fc.constantFrom(0, 3, 10),
  })
  .chain(({ account, branch }) =>
    fc.constantFrom<(readonly Draft[])[]>(
      // A branch closes before it was of any use, and what is sent to it then is refused.
      [plain(initializeBranch(0, 0n)), plain(closeBranch(0)), plain(openAccount(0, 'ann'))],
      // An account without money can have promised some.
      [
        plain(setOverdraftLimit(account, 60n)),
        plain(placeHold(account, { branch, serial: 1 }, 5n)),
        plain(closeAccount(account)),
      ],
      // An account is emptied and closed.
      [
        { ...plain(withdraw(account, 1n)), all: true },
        plain(closeAccount(account)),
        plain(deposit(account, 1n)),
      ],
    ),
  )
  .filter((drafts) =>
    drafts.every(({ command }) => !('from' in command && 'to' in command) || areTwo(command)),
  )
  .map((drafts) => drafts.map(stepOf));

const turns = fc.oneof({ weight: 15, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: scene });

/** A random history of at most so many turns, mostly after an opening that lets it get somewhere. */
export function historyOf(maxLength: number): Arbitrary<readonly Step[]> {
  const opened = fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: fc.nat({ max: OPENING.length }) },
    { weight: 9, arbitrary: fc.constant(OPENING.length) },
  );
  return fc
    .tuple(opened, fc.array(turns, { maxLength, size: 'max' }))
    .map(([length, steps]) => [...OPENING.slice(0, length), ...steps.flat()]);
}

/** Cuts a history into batches. */
export function batchesOf(steps: readonly Step[]): (readonly [Step, ...Step[]])[] {
  const batches: [Step, ...Step[]][] = [];
  for (const step of steps) {
    const batch = batches.at(-1);
    if (batch === undefined || step.begins) batches.push([step]);
    else batch.push(step);
  }
  return batches;
}

/** The command that a step means, given those before it and what the books say. */
export function commandAt(
  { turn, draft, back }: Step,
  earlier: readonly Command[],
  books: ModelBooks,
): Command {
  const other = earlier.at(-1 - (back % Math.max(earlier.length, 1)));
  if (turn === 'again' && other !== undefined) return sentAgain(other);
  const id = turn === 'reuse' && other !== undefined ? other.id : idOf(earlier.length);
  return commandOf(draft, id, earlier, books);
}

/** The last two digits are left to the members of a group. */
function idOf(index: number): string {
  return `00000000-0000-7000-8000-${String(index + 1).padStart(10, '0')}00`;
}

/** A client that sends a write again makes a new salt for its notes: the write is the same. */
function sentAgain(command: Command): Command {
  if (command.notes === undefined) return command;
  return { ...command, notes: { ...command.notes, salt: Buffer.alloc(16, 7) } };
}

const [ann, bob, zoe] = [
  { branch: 3, serial: 1 },
  { branch: 3, serial: 2 },
  { branch: 10, serial: 1 },
];

/** Branch 0 comes later or never. */
const OPENING: readonly Step[] = [
  initializeBranch(3, 0n),
  initializeBranch(10, 20n),
  openAccount(3, 'ann'),
  openAccount(10, 'zoe'),
  openAccount(3, 'bob'),
  openAccount(10, 'max'),
  deposit(zoe, 1_000n),
  transfer(zoe, ann, 900n),
  setOverdraftLimit(bob, 60n),
  group(transfer(ann, zoe, 1n), transfer(ann, bob, 1n)),
  placeHold(ann, zoe, 50n, 20),
  placeHold(ann, bob, 10n),
].map((command) =>
  stepOf({ ...plain(command), members: command.kind === 'group' ? command.members.map(plain) : [] }),
);

function plain<Plain extends Command>(command: Plain) {
  return { command, pick: { back: 0, side: 0, stray: false }, all: false, conditions: [], members: [] };
}

function stepOf(drawn: Draft): Step {
  const clock = { laterMicros: 1 };
  return { turn: 'new', draft: drawn, back: 0, begins: false, fate: 'calm', clock };
}
