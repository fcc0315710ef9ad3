import { internalSerial, parseInternalSerial, type AccountRef } from '@giro/sdk/protocol';
import type { Command } from './command.js';
import type { Entry, HoldPlaced, Posting } from './entry.js';
import { needsOf } from './needs.js';

/** A write, as a branch that it touched knows it. */
export interface WriteRef {
  readonly branch: number;
  readonly id: string;
}

/**
 * What an earlier write touched. It never changes once the write is applied, so it may be read before anything is
 * locked: it tells what to lock. What is decided is decided on what is then read under the locks.
 */
export interface Reference {
  readonly branches: readonly number[];
  readonly accounts: readonly AccountRef[];
  /** The ids of a group's members; none otherwise. */
  readonly members: readonly string[];
}

/** By {@link referenceKey}. */
export type References = ReadonlyMap<string, Reference>;

export const NO_REFERENCES: References = new Map();

export function referenceKey({ branch, id }: WriteRef): string {
  return `${branch}/${id}`;
}

/** The earlier write that a command refers to, if it does; the members of a group each for themselves. */
export function referredBy(command: Command): readonly WriteRef[] {
  switch (command.kind) {
    case 'captureHold':
    case 'releaseHold':
      return [{ branch: command.branch, id: command.hold }];
    case 'reverseTransfer':
    case 'reverseGroup':
      return [{ branch: command.branch, id: command.original }];
    case 'group':
      return command.members.flatMap(referredBy);
    default:
      return [];
  }
}

/** What an applied write touched, from its entries in any of its branches; of a group, in all of them. */
export function referenceOf(entries: readonly Entry[]): Reference {
  const accounts = entries.flatMap(accountsOf);
  const branches = [...entries.flatMap(branchesOf), ...entries.map(({ branch }) => branch)];
  return {
    branches: [...new Set(branches)],
    accounts,
    members: [...new Set(entries.flatMap(({ group, writeId }) => (group === undefined ? [] : [writeId])))],
  };
}

/** All branches of the group that the entries open; none if they open none. */
export function groupBranches(entries: readonly Entry[]): readonly number[] {
  const header = entries.find(({ change }) => change.kind === 'groupOpened')?.change;
  return header?.kind === 'groupOpened' ? header.branches : [];
}

/** The two ends of a transfer or hold, from its entry in any branch: between branches one end is in the other one. */
export function endsOf(
  branch: number,
  { debit, credit, counterparty }: Pick<Posting | HoldPlaced, 'debit' | 'credit' | 'counterparty'>,
): { readonly from: AccountRef; readonly to: AccountRef } {
  const from = { branch, serial: debit };
  const to = { branch, serial: credit };
  if (counterparty === undefined) return { from, to };
  const incoming = parseInternalSerial(debit)?.kind === 'interbranch';
  return incoming ? { from: counterparty, to } : { from, to: counterparty };
}

/**
 * Adds what the commands of a batch say of themselves, so that later ones of the batch can refer to earlier ones. Which
 * of several writes of one id will be the applied one, nobody knows yet: then what any of them touches is needed.
 */
export function withBatch(known: References, commands: readonly Command[]): References {
  if (!commands.some((command) => referredBy(command).length > 0)) return known;
  const references = new Map(known);
  for (const command of commands) {
    if (command.kind === 'group') for (const member of command.members) enter(references, member);
    enter(references, command);
  }
  return references;
}

function enter(references: Map<string, Reference>, command: Command): void {
  const { branches, accounts } = needsOf(command, references);
  const members = command.kind === 'group' ? command.members.map(({ id }) => id) : [];
  for (const branch of branches) {
    const key = referenceKey({ branch, id: command.id });
    references.set(key, withReference(references.get(key), { branches, accounts, members }));
  }
}

function withReference(known: Reference | undefined, other: Reference): Reference {
  if (known === undefined) return other;
  return {
    branches: [...new Set([...known.branches, ...other.branches])],
    accounts: [...known.accounts, ...other.accounts],
    members: [...new Set([...known.members, ...other.members])],
  };
}

/** The branches of an entry's write, the debited one first. */
function branchesOf({ branch, change }: Entry): readonly number[] {
  if (change.kind === 'groupOpened') return change.branches;
  if (change.kind !== 'posting' && change.kind !== 'holdPlaced') return [];
  const { from, to } = endsOf(branch, change);
  return [from.branch, to.branch];
}

/** The accounts that an entry debits and credits, and between branches those of the other side. */
function accountsOf({ branch, change }: Entry): readonly AccountRef[] {
  if (change.kind !== 'posting' && change.kind !== 'holdPlaced') return [];
  const { debit, credit, currency, counterparty } = change;
  const own = [debit, credit].map((serial) => ({ branch, serial }));
  if (counterparty === undefined) return own;
  const serial = internalSerial({ kind: 'interbranch', currency, peerBranch: branch });
  return [...own, counterparty, { branch: counterparty.branch, serial }];
}
