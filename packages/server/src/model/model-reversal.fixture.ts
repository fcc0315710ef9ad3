import { formatAccountId, isInternal } from '@giro/sdk/protocol';
import type { ReverseGroup, ReverseTransfer } from '../ledger/command.js';
import type { Posting, Refusal } from '../ledger/entry.js';
import type { ModelBooks, ModelRegistered, ModelWrite } from './model-books.fixture.js';
import {
  checkBounds,
  checkFunds,
  checkNotClosed,
  post,
  refuse,
  type ModelLeg,
} from './model-movement.fixture.js';

/** The branches that a reversal touches: the named one alone if it knows no such write. */
export function reversalBranches(
  books: ModelBooks,
  { branch, original }: ReverseTransfer | ReverseGroup,
): readonly number[] {
  const registered = appliedWrite(books, branch, original);
  // A release moves nothing: there is nothing to be looked for in the hold's other branch.
  if (registered === undefined || registered.command?.kind === 'releaseHold') return [branch];
  return registered.branches;
}

/** Whether the original is there, of a kind that can be reversed, and was not reversed before. */
export function checkOriginal(
  books: ModelBooks,
  { kind, branch, original }: ReverseTransfer | ReverseGroup,
): Refusal | undefined {
  const registered = appliedWrite(books, branch, original);
  if (registered === undefined) return refuse('ORIGINAL_NOT_FOUND', { branch: String(branch), original });
  const { command, group } = registered;
  const reversible =
    kind === 'reverseTransfer'
      ? group === undefined && command !== undefined && REVERSIBLE.includes(command.kind)
      : command?.kind === 'group' &&
        command.members.every((member) => REVERSIBLE_MEMBERS.includes(member.kind));
  if (!reversible) return refuse('NOT_REVERSIBLE', { original });
  const by = reversalOf(books, branch, original);
  return by === undefined ? undefined : refuse('ALREADY_REVERSED', { original, by });
}

/** Moves back what the original moved. */
export function reverse(books: ModelBooks, write: ModelWrite, command: ReverseTransfer): Refusal | undefined {
  const { original } = command;
  const mirrored = reversalBranches(books, command).flatMap((branch) => mirrorOf(books, branch, original));
  const [first] = mirrored;
  if (first === undefined) throw new Error(`the write ${original} has moved nothing`);
  const { amount, currency } = first;
  const legs = mirrored.map(({ leg }) => leg);
  const movement = { legs, amount, currency };
  const refused =
    checkPayers(books, legs) ??
    checkPayees(books, legs) ??
    checkFunds(books, movement, write.timeMicros) ??
    checkBounds(books, movement, write.timeMicros);
  if (refused !== undefined) return refused;
  post(books, write, movement, { reversalOf: original });
  return undefined;
}

function checkPayers(books: ModelBooks, legs: readonly ModelLeg[]): Refusal | undefined {
  for (const { branch, debit: serial } of legs) {
    const account = books.account({ branch, serial });
    if (account === undefined || isInternal(account)) continue;
    const closed = checkNotClosed(books, account);
    if (closed !== undefined) return closed;
    if (account.status === 'frozen') return refuse('ACCOUNT_FROZEN', { account: formatAccountId(account) });
  }
  return undefined;
}

function checkPayees(books: ModelBooks, legs: readonly ModelLeg[]): Refusal | undefined {
  for (const { branch, credit: serial } of legs) {
    const closed = checkNotClosed(books, { branch, serial });
    if (closed !== undefined) return closed;
  }
  return undefined;
}

/** A write that was applied; not one that was refused or abandoned. */
function appliedWrite(books: ModelBooks, branch: number, id: string): ModelRegistered | undefined {
  const registered = books.registered(branch, id);
  return registered?.answer.kind === 'applied' ? registered : undefined;
}

const REVERSIBLE_MEMBERS = ['deposit', 'withdraw', 'transfer', 'operatorTransfer'];

const REVERSIBLE = [...REVERSIBLE_MEMBERS, 'captureHold', 'addCash', 'removeCash', 'seedDeposit'];

/** The id of the write that reversed the original. */
function reversalOf(books: ModelBooks, branch: number, original: string): string | undefined {
  return books.journal(branch).find(({ change }) => 'reversalOf' in change && change.reversalOf === original)
    ?.writeId;
}

function mirrorOf(
  books: ModelBooks,
  branch: number,
  original: string,
): (Pick<Posting, 'amount' | 'currency'> & { readonly leg: ModelLeg })[] {
  return books.journal(branch).flatMap(({ writeId, change }) => {
    if (writeId !== original || change.kind !== 'posting') return [];
    const { debit, credit, amount, currency, counterparty } = change;
    return [{ amount, currency, leg: { branch, debit: credit, credit: debit, counterparty } }];
  });
}
