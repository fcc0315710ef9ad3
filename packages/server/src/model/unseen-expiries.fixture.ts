import type { AccountRef } from '@giro/sdk/protocol';
import type { Command } from '../ledger/command.js';
import type { ModelBooks, ModelHold } from './model-books.fixture.js';
import { touchedBy } from './model-touched.fixture.js';

/** Longer than a group takes, each of whose entries takes a microsecond. */
const GROUP_MICROS_MAX = 1_000;

/** Parts of holds, each by its branch and id. */
export type Unseen = ReadonlySet<string>;

export const NONE_UNSEEN: Unseen = new Set();

export function isUnseen(unseen: Unseen, { branch, id }: ModelHold): boolean {
  return unseen.has(`${branch}/${id}`);
}

/**
 * What a group on its way may not have seen expire: a batch looks for what is due on the accounts that its commands name,
 * and of others the journal of a group that was refused does not tell. First that it has seen everything.
 */
export function unseenChoices(books: ModelBooks, command: Command, timeMicros: number): readonly Unseen[] {
  const named = new Set(namedBy(books, command).map(({ branch, serial }) => `${branch}-${serial}`));
  const due = touchedBy(books, command)
    .flatMap((branch) => books.holds(branch))
    .filter(({ status, expiresMicros = Infinity }) => {
      return status === 'held' && expiresMicros <= timeMicros + GROUP_MICROS_MAX;
    })
    .filter(
      ({ branch, debit, credit }) => ![debit, credit].some((serial) => named.has(`${branch}-${serial}`)),
    )
    .map(({ branch, id }) => `${branch}/${id}`);
  return due.reduce<Unseen[]>(
    (choices, hold) => [...choices, ...choices.map((choice) => new Set([...choice, hold]))],
    [NONE_UNSEEN],
  );
}

/** The customers' accounts that a command is about, as far as the books know them. */
function namedBy(books: ModelBooks, command: Command): readonly AccountRef[] {
  const { preconditions = [] } = command;
  return [...preconditions.map(({ account }) => account), ...movedBy(books, command)];
}

function movedBy(books: ModelBooks, command: Command): readonly AccountRef[] {
  if (command.kind === 'group') return command.members.flatMap((member) => namedBy(books, member));
  if ('hold' in command) {
    return touchedBy(books, command).flatMap((branch) => sidesOf(branch, books.hold(branch, command.hold)));
  }
  if ('original' in command) {
    const original = books.registered(command.branch, command.original)?.command;
    return original === undefined ? [] : namedBy(books, original);
  }
  if ('account' in command) return [command.account];
  return [...('from' in command ? [command.from] : []), ...('to' in command ? [command.to] : [])];
}

function sidesOf(branch: number, hold: ModelHold | undefined): readonly AccountRef[] {
  return hold === undefined ? [] : [hold.debit, hold.credit].map((serial) => ({ branch, serial }));
}
