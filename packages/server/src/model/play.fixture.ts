import { isDeepStrictEqual } from 'node:util';
import { formatAccountId } from '@giro/sdk/protocol';
import type { Command } from '../ledger/command.js';
import type { Entry, Refusal } from '../ledger/entry.js';
import type { Outcome } from '../ledger/execute.js';
import { brokenRules } from './broken-rules.fixture.js';
import { compareBranch, compareStates } from './compare-states.fixture.js';
import { batchesOf, commandAt, type Step } from './history.fixture.js';
import type { KeptBank, KeptSeal } from './kept-bank.fixture.js';
import { ModelBank } from './model-bank.fixture.js';
import { mustEqual } from './must-equal.fixture.js';
import { NOTHING_SAID, type ModelAnswer, type ModelEntry, type Said } from './model-books.fixture.js';
import { touchedBy } from './model-touched.fixture.js';
import { unseenChoices, type Unseen } from './unseen-expiries.fixture.js';

/** A bank that a history is played on. */
export interface PlayedBank {
  /** Does a batch. @param model - for whoever wants to set a clock by what is to expire */
  batch(commands: readonly Command[], step: Step, model: ModelBank): Promise<readonly Round[]>;
  kept(): Promise<KeptBank>;
  /** Whether everything is to be checked after each batch, and not only what it changed, and the rest at the end. */
  readonly isCheckedOften: boolean;
}

/** The batch was decided and made durable once. */
export interface Round {
  /** What its callers were told; undefined if they heard nothing. */
  readonly outcomes: readonly Outcome[] | undefined;
  /** Whether the round before was an attempt of the same server: then what that one decided is told as a first answer. */
  readonly isRetry: boolean;
}

/** What a play has seen: kinds of commands that applied, and reasons of refusals. */
export type Seen = Map<string, number>;

/**
 * Plays a history on a bank, comparing each reply, each entry and, after each batch, everything kept with what the model
 * says, and checking the rules.
 */
export async function play(bank: PlayedBank, steps: readonly Step[], seen: Seen): Promise<void> {
  const played = new Play(bank, seen);
  for (const batch of batchesOf(steps)) await played.batch(batch);
  played.check(await bank.kept());
}

class Play {
  readonly #model = new ModelBank();
  readonly #bank: PlayedBank;
  readonly #seen: Seen;
  readonly #commands: Command[] = [];
  readonly #log: (() => string)[] = [];
  #journals = new Map<number, readonly Entry[]>();
  #seals: readonly KeptSeal[] = [];
  /** How many entries of each journal the model has caught up with. */
  readonly #taken = new Map<number, number>();
  #timeMicros = 0;

  constructor(bank: PlayedBank, seen: Seen) {
    this.#bank = bank;
    this.#seen = seen;
  }

  async batch(steps: readonly [Step, ...Step[]]): Promise<void> {
    const commands = steps.map((step) => {
      const command = commandAt(step, this.#commands, this.#model.books);
      this.#commands.push(command);
      return command;
    });
    this.#log.push(
      () => `-- ${steps[0].fate}, ${JSON.stringify(steps[0].clock)}`,
      ...commands.map((command) => () => textOf(command)),
    );
    try {
      const rounds = await this.#bank.batch(commands, steps[0], this.#model);
      const kept = await this.#bank.kept();
      this.#journals = journalsOf(kept);
      this.#seals = kept.seals;
      const before = new Map(this.#taken);
      this.#compareRounds(commands, rounds);
      for (const branch of kept.branches) {
        if (before.get(branch.id) !== branch.position) compareBranch(branch, kept, this.#model.books);
      }
      if (this.#bank.isCheckedOften) this.check(kept);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      throw new Error(`${said}\n\nafter\n${this.#log.map((line) => line()).join('\n')}\n`, { cause: error });
    }
  }

  /** Compares everything, and checks every rule at every position. */
  check(kept: KeptBank): void {
    compareStates(kept, this.#model.books);
    mustEqual(brokenRules(kept), [], () => 'the rules that are broken');
  }

  #compareRounds(commands: readonly Command[], rounds: readonly Round[]): void {
    let before: readonly ModelAnswer[] = [];
    for (const { outcomes, isRetry } of rounds) {
      const answers = commands.map((command, index) => {
        const answer = this.#decide(command);
        const firstHeard = isRetry && before[index]?.replayed === false;
        const expected = firstHeard ? { ...answer, replayed: false } : answer;
        const outcome = outcomes?.[index];
        if (outcome !== undefined) this.#compareOutcome(command, expected, outcome);
        return answer;
      });
      before = answers;
    }
    for (const [branch, journal] of this.#journals) {
      this.#takeExpiries(branch, Infinity);
      this.#compareEntries(branch);
      mustEqual(
        journal.slice(this.#taken.get(branch)),
        [],
        () => `entries of ${branch} that nobody asked for`,
      );
    }
  }

  /** Asks the model, and compares what the server has written with what the model would have. */
  #decide(command: Command): ModelAnswer {
    const { books } = this.#model;
    const touched = touchedBy(books, command);
    const own = touched.flatMap((branch) => {
      const first = this.#ahead(branch).find(
        ({ writeId, ordinal }) => writeId === command.id && ordinal >= 0,
      );
      return first ?? [];
    });
    for (const { branch, position } of own) this.#takeExpiries(branch, position);
    this.#timeMicros = earliest(own) ?? this.#timeMicros;
    const answer = this.#answer(command, touched, own);
    for (const branch of touched) this.#compareEntries(branch);
    return answer;
  }

  /** @param own - the first entry of the command in each branch */
  #answer(command: Command, touched: readonly number[], own: readonly Entry[]): ModelAnswer {
    const hintOf = (index: number) => {
      const entries = touched.flatMap((branch) => this.#ahead(branch));
      const ofMember = entries.filter(({ group }) => group?.id === command.id && group.index === index);
      for (const { branch, position } of ofMember) this.#takeExpiries(branch, position);
      const timeMicros = earliest(ofMember);
      const [first] = ofMember;
      return first === undefined || timeMicros === undefined ? undefined : { id: first.writeId, timeMicros };
    };
    const ask = (unseen?: Unseen) => this.#model.do(command, this.#timeMicros, hintOf, unseen);
    const written = own[0]?.change;
    const isGroup = command.kind === 'group' || command.kind === 'reverseGroup';
    if (!isGroup || written?.kind !== 'refusal') return ask();
    const { books } = this.#model;
    const before = books.copy();
    for (const unseen of unseenChoices(books, command, this.#timeMicros)) {
      const answer = ask(unseen);
      if (answer.kind === 'refused' && isSameRefusal(answer.refusal, written.refusal)) return answer;
      books.restore(before);
    }
    return ask();
  }

  #ahead(branch: number): readonly Entry[] {
    return (this.#journals.get(branch) ?? []).slice(this.#taken.get(branch) ?? 0);
  }

  /** Lets the model know of what the server has written down as expired, before the position and after all it knows. */
  #takeExpiries(branch: number, before: number): void {
    const journal = this.#journals.get(branch) ?? [];
    for (;;) {
      const next = journal[this.#model.books.journal(branch).length];
      if (next === undefined || next.ordinal >= 0 || next.position >= before) return;
      this.#model.expire(branch, next.writeId, next.timeMicros);
    }
  }

  #compareEntries(branch: number): void {
    const expected = this.#model.books.journal(branch);
    const from = this.#taken.get(branch) ?? 0;
    const written = this.#ahead(branch).slice(0, expected.length - from);
    mustEqual(written.map(comparable), expected.slice(from).map(comparable), () => `entries of ${branch}`);
    this.#taken.set(branch, expected.length);
  }

  /** The entry as it is kept, with the seal that covers it: an answer is made of nothing else. */
  #keptEntry({ branch, position }: Entry): Entry | undefined {
    const entry = this.#journals.get(branch)?.[position - 1];
    const seal = this.#seals.find((each) => each.branch === branch && each.last >= position);
    if (entry === undefined || seal === undefined) return undefined;
    return { ...entry, seal: { position: seal.last, hash: seal.hash } };
  }

  #compareOutcome(command: Command, expected: ModelAnswer, outcome: Outcome): void {
    const text = () => `the answer to ${textOf(command)}`;
    mustEqual(comparableAnswer(outcome), comparableAnswer(expected), text);
    if (expected.kind === 'refused' && outcome.kind === 'refused' && expected.differing.length > 0) {
      const named = outcome.refusal.metadata['field'] ?? '';
      const fields = expected.differing;
      mustEqual(fields.includes(named), true, () => `${text()}, field ${named} of ${fields.join()}`);
    }
    if (outcome.kind === 'applied') {
      for (const entry of outcome.entries) mustEqual(entry, this.#keptEntry(entry), text);
    }
    const what = expected.kind === 'applied' ? command.kind : expected.refusal.reason;
    if (!expected.replayed) this.#seen.set(what, (this.#seen.get(what) ?? 0) + 1);
  }
}

/** What an answer says: the refusal, or where the entries are that it is told from. */
function comparableAnswer(answer: Outcome | ModelAnswer) {
  const { kind, replayed } = answer;
  if (answer.kind === 'refused') return { kind, replayed, refusal: comparableRefusal(answer.refusal) };
  return { kind, replayed, places: answer.entries.map(placeOf).sort() };
}

function earliest(entries: readonly Entry[]): number | undefined {
  return entries.length === 0 ? undefined : Math.min(...entries.map(({ timeMicros }) => timeMicros));
}

function journalsOf({ entries }: KeptBank): Map<number, readonly Entry[]> {
  const journals = new Map<number, Entry[]>();
  for (const entry of entries) {
    const journal = journals.get(entry.branch);
    if (journal === undefined) journals.set(entry.branch, [entry]);
    else journal.push(entry);
  }
  return journals;
}

/** What the model has an opinion of in an entry: all but times, bodies, salts and seals. */
function comparable(entry: Entry | ModelEntry) {
  const { branch, position, writeId, ordinal, group, change } = entry;
  const worded =
    change.kind === 'refusal' ? { ...change, refusal: comparableRefusal(change.refusal) } : change;
  return { branch, position, writeId, ordinal, group, said: saidIn(entry), change: worded };
}

function saidIn(entry: Entry | ModelEntry): Said {
  if ('said' in entry) return entry.said;
  const { description, metadata } = entry.notes?.notes ?? NOTHING_SAID;
  return { actor: entry.actor, description, metadata };
}

function isSameRefusal(one: Refusal, other: Refusal): boolean {
  return isDeepStrictEqual(comparableRefusal(one), comparableRefusal(other));
}

/** A refusal without the words that are free. */
function comparableRefusal({ reason, metadata: { problem, field, ...metadata } }: Refusal) {
  return { reason, metadata };
}

function placeOf({ branch, position }: Pick<Entry, 'branch' | 'position'>): string {
  return `${branch}:${position}`;
}

/** A command as a line of a report. */
function textOf(command: Command): string {
  return JSON.stringify(command, (_key, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    const isRef = typeof value === 'object' && value !== null && 'serial' in value && 'branch' in value;
    return isRef ? formatAccountId(value as { branch: number; serial: number }) : value;
  });
}
