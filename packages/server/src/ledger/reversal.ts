import { isRefusal } from './account-access.js';
import { kindOf } from './body.js';
import type { Books, RegisteredWrite } from './books.js';
import type { Command, ReverseGroup, ReverseTransfer } from './command.js';
import { refuse, refuseWith, type Decision } from './decision.js';
import type { Entry, GroupOpened, Posting, Refusal } from './entry.js';
import { move } from './movement.js';
import { endsOf } from './references.js';

/** Moves the money of an earlier transfer back, under the same limits as any transfer. */
export function reverseTransfer(books: Books, { branch, original }: ReverseTransfer): Decision {
  const write = appliedWrite(books, branch, original);
  if (isRefusal(write)) return refuseWith(write);
  const entry = write.entries.find(isPosting);
  const [first] = write.entries;
  if (first?.group !== undefined) return notReversible(original, `it is a member of group ${first.group.id}`);
  if (first?.change.kind === 'groupOpened')
    return notReversible(original, 'it is a group, which is reversed as one');
  if (entry === undefined || !REVERSIBLE.has(kindOf(write.body))) {
    return notReversible(original, 'it is no transfer, or a reversal itself');
  }
  const earlier = books.reversal(branch, original);
  if (earlier !== undefined) return refuse('ALREADY_REVERSED', { original, by: earlier.writeId });
  return reversePosting(books, entry, original);
}

/** What a group consists of, for it to be reversed; or why it cannot be. */
export function groupToReverse(books: Books, { branch, original }: ReverseGroup): ReversibleGroup | Refusal {
  const write = appliedWrite(books, branch, original);
  if (isRefusal(write)) return write;
  const header = write.entries[0]?.change;
  if (header?.kind !== 'groupOpened') return irreversible(original, 'it is no group');
  if (header.reversalOf !== undefined) return irreversible(original, 'it is a reversal itself');
  const postings = firstPostings(books, header, original);
  const kinds = postings.map(({ branch: place, writeId }) =>
    kindOf(books.write(place, writeId)?.body ?? '{}'),
  );
  if (postings.length < header.members || !kinds.every((kind) => GROUP_REVERSIBLE.has(kind))) {
    return irreversible(original, 'a member of it is no mere transfer');
  }
  const earlier = books.reversal(branch, original);
  if (earlier !== undefined) {
    return { reason: 'ALREADY_REVERSED', metadata: { original, by: earlier.writeId } };
  }
  return { branches: header.branches, postings: postings.reverse() };
}

/** A group that can be reversed. */
export interface ReversibleGroup {
  readonly branches: readonly number[];
  /** One posting of each member, the last member first. */
  readonly postings: readonly PostingEntry[];
}

/** Moves the money of one posting, and of the one it belongs to in another branch, back. */
export function reversePosting(books: Books, { branch, change }: PostingEntry, original: string): Decision {
  const { from, to } = endsOf(branch, change);
  const payer = books.account(to);
  const payee = books.account(from);
  if (payer === undefined || payee === undefined)
    throw new Error(`an account of transfer ${original} is missing`);
  return move(books, { account: payer }, { account: payee }, change.amount, { reversalOf: original });
}

/** An entry that is a posting. */
export type PostingEntry = Entry & { readonly change: Posting };

function appliedWrite(books: Books, branch: number, original: string): RegisteredWrite | Refusal {
  const write = books.write(branch, original);
  if (write !== undefined && write.entries[0]?.change.kind !== 'refusal') return write;
  return { reason: 'ORIGINAL_NOT_FOUND', metadata: { branch: String(branch), original } };
}

function isPosting(entry: Entry): entry is PostingEntry {
  return entry.change.kind === 'posting';
}

/** One posting of each member, in the order of the members. */
function firstPostings(books: Books, { branches }: GroupOpened, group: string): PostingEntry[] {
  const byIndex = new Map<number, PostingEntry>();
  for (const entry of branches.flatMap((branch) => books.group(branch, group))) {
    const index = entry.group?.index;
    if (index !== undefined && isPosting(entry) && !byIndex.has(index)) byIndex.set(index, entry);
  }
  return [...byIndex].sort(([a], [b]) => a - b).map(([, entry]) => entry);
}

function notReversible(original: string, problem: string): Decision {
  return refuseWith(irreversible(original, problem));
}

function irreversible(original: string, problem: string): Refusal {
  return { reason: 'NOT_REVERSIBLE', metadata: { original, problem } };
}

const GROUP_REVERSIBLE: ReadonlySet<Command['kind']> = new Set([
  'deposit',
  'withdraw',
  'transfer',
  'operatorTransfer',
] as const);

const REVERSIBLE: ReadonlySet<Command['kind']> = new Set([
  ...GROUP_REVERSIBLE,
  'captureHold',
  'addCash',
  'removeCash',
  'seedDeposit',
] as const);
