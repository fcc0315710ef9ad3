import { catalogue } from '@giro/sdk/protocol';
import { bodyOf, differingField } from './body.js';
import type { Books } from './books.js';
import type { Command } from './command.js';
import { refuse, type BranchChange, type Decision } from './decision.js';
import type { Entry, Refusal } from './entry.js';
import { fold } from './fold.js';
import { initializeBranch } from './initialize-branch.js';
import { deposit, seedDeposit, transfer, withdraw } from './movement.js';
import { needsOf } from './needs.js';
import { openAccount } from './open-account.js';

/** What became of a command. An applied write is answered from its entries alone, at first and on every replay. */
export type Outcome =
  | { readonly kind: 'applied'; readonly entries: readonly Entry[]; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly replayed: boolean };

/**
 * Decides one command on the books, and takes what it changes into them: the whole of the ledger's rules in one pure
 * step. Order of checks (R5): the id first, then everything else.
 *
 * @param clockMicros - the store's clock; the entries get a later time if the books have seen a later one (R8)
 */
export function execute(books: Books, command: Command, clockMicros: number): Outcome {
  const timeMicros = Math.max(clockMicros, books.latestMicros + 1);
  const body = bodyOf(command);
  const { branches } = needsOf(command);
  const earlier = replay(books, command.id, body, branches);
  if (earlier !== undefined) return earlier;
  const decision = decide(books, command, branches);
  if (decision.kind === 'apply') {
    const entries = append(books, command.id, body, decision.changes, timeMicros);
    return { kind: 'applied', entries, replayed: false };
  }
  const { refusal } = decision;
  if (catalogue[refusal.reason].frozen) {
    const touched = branches.filter((branch) => books.branch(branch) !== undefined);
    const changes = touched.map((branch) => ({ branch, change: { kind: 'refusal', refusal } }) as const);
    append(books, command.id, body, changes, timeMicros);
  }
  return { kind: 'refused', refusal, replayed: false };
}

function decide(books: Books, command: Command, branches: readonly number[]): Decision {
  switch (command.kind) {
    case 'initializeBranch':
      return initializeBranch(books, command);
    case 'seedDeposit':
      return seedDeposit(books, command);
    case 'openAccount': {
      const branch = books.branch(command.branch);
      return branch === undefined ? branchNotFound(command.branch) : openAccount(branch, command);
    }
    case 'deposit':
    case 'withdraw':
    case 'transfer': {
      const missing = branches.find((branch) => books.branch(branch) === undefined);
      if (missing !== undefined) return branchNotFound(missing);
      if (command.kind === 'deposit') return deposit(books, command);
      return command.kind === 'withdraw' ? withdraw(books, command) : transfer(books, command);
    }
  }
}

function replay(books: Books, id: string, body: string, branches: readonly number[]): Outcome | undefined {
  const registered = branches.map((branch) => books.write(branch, id)).filter((write) => write !== undefined);
  const other = registered.find((write) => write.body !== body);
  if (other !== undefined) {
    const metadata = { id, field: differingField(other.body, body) };
    return { kind: 'refused', refusal: { reason: 'ID_REUSED', metadata }, replayed: false };
  }
  const entries = registered.flatMap((write) => write.entries);
  const [first] = entries;
  if (first === undefined) return undefined;
  return first.change.kind === 'refusal'
    ? { kind: 'refused', refusal: first.change.refusal, replayed: true }
    : { kind: 'applied', entries, replayed: true };
}

/**
 * Gives each change its place and time, and folds it into the books. A write's entries end at the same microsecond in
 * every branch, so that both legs of a transfer have the same time even if one of them opens an account first (R8).
 */
function append(
  books: Books,
  writeId: string,
  body: string,
  changes: readonly BranchChange[],
  timeMicros: number,
): readonly Entry[] {
  const counts = new Map<number, number>();
  for (const { branch } of changes) counts.set(branch, (counts.get(branch) ?? 0) + 1);
  const longest = Math.max(...counts.values());
  const ordinals = new Map<number, number>();
  return changes.map(({ branch, change }) => {
    const ordinal = ordinals.get(branch) ?? 0;
    ordinals.set(branch, ordinal + 1);
    const entry: Entry = {
      branch,
      position: (books.branch(branch)?.position ?? 0) + 1,
      timeMicros: timeMicros + longest - (counts.get(branch) ?? 0) + ordinal,
      writeId,
      ordinal,
      body: ordinal === 0 ? body : undefined,
      change,
    };
    fold(books, entry);
    return entry;
  });
}

function branchNotFound(branch: number): Decision {
  return refuse('BRANCH_NOT_FOUND', { branch: String(branch) });
}
