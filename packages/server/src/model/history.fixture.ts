import fc, { type Arbitrary } from 'fast-check';
import type { Command } from '../ledger/command.js';
import { altered, ALTERATIONS, sentAgain, type Alteration } from './altered.fixture.js';
import { commandOf, idOf, type Draft } from './draft.fixture.js';
import { draft } from './draw-draft.fixture.js';
import type { ModelBooks } from './model-books.fixture.js';
import { OPENING, scene } from './scene.fixture.js';

/** One turn of a history. */
export interface Step {
  /** A new command; an earlier one again; one that is almost an earlier one; or a new one under an earlier one's id. */
  readonly turn: 'new' | 'again' | Alteration | 'reuse';
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
    { weight: 28, arbitrary: fc.constant('new' as const) },
    { weight: 4, arbitrary: fc.constant('again' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...ALTERATIONS) },
    { weight: 2, arbitrary: fc.constant('reuse' as const) },
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

const turns = fc.oneof({ weight: 20, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: scene });

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
  if (turn === 'new' || other === undefined) return commandOf(draft, idOf(earlier.length), earlier, books);
  if (turn === 'reuse') return commandOf(draft, other.id, earlier, books);
  return turn === 'again' ? sentAgain(other) : altered(other, turn, books);
}
