import { internalSerial, type AccountRef } from '@giro/sdk/protocol';
import type { Command } from './command.js';
import { referenceKey, type References, type WriteRef } from './references.js';
import { seedBranches, seedCustomer } from './seed-customer.js';

/** What a command must see of the books to be decided: everything it may read or change. */
export interface Needs {
  /** The branches it touches; its id is looked up and kept in each. */
  readonly branches: readonly number[];
  readonly accounts: readonly AccountRef[];
  /** Those of the branches that the command may bring into being. */
  readonly opens?: readonly number[];
  /** Customers whose accounts are found by name rather than by id. */
  readonly customers?: readonly { readonly branch: number; readonly customer: string }[];
  /** Holds that it resolves. */
  readonly holds?: readonly WriteRef[];
  /** Writes and groups that it reverses, with what may have reversed them before. */
  readonly originals?: readonly WriteRef[];
  /** Branches of which it must see every internal account and every hold that is due. */
  readonly whole?: readonly number[];
}

/**
 * Tells what a command needs.
 *
 * @param references - what is known of the earlier writes that commands refer to
 */
export function needsOf(command: Command, references: References): Needs {
  const needs = ownNeeds(command, references);
  // One on an account of another branch is refused unseen, since that branch is not locked.
  const preconditions = (command.preconditions ?? [])
    .map(({ account }) => account)
    .filter(({ branch }) => needs.branches.includes(branch));
  return preconditions.length === 0 ? needs : { ...needs, accounts: [...needs.accounts, ...preconditions] };
}

function ownNeeds(command: Command, references: References): Needs {
  switch (command.kind) {
    case 'initializeBranch':
      return { branches: [command.branch], accounts: [], opens: [command.branch] };
    case 'addCash':
    case 'removeCash': {
      const { branch, currency } = command;
      return {
        branches: [branch],
        accounts: [internal(branch, 'vault', currency), internal(branch, 'capital', currency)],
      };
    }
    case 'closeBranch':
    case 'expireHolds':
      return { branches: [command.branch], accounts: [], whole: [command.branch] };
    case 'openAccount':
    case 'abandon':
      return { branches: [command.branch], accounts: [] };
    case 'freezeAccount':
    case 'unfreezeAccount':
    case 'closeAccount':
    case 'setOverdraftLimit':
    case 'setAccountMetadata':
      return { branches: [command.account.branch], accounts: [command.account] };
    case 'deposit':
      return moveNeeds(internal(command.to.branch, 'vault', command.currency), command.to, command.currency);
    case 'withdraw':
      return moveNeeds(
        command.from,
        internal(command.from.branch, 'vault', command.currency),
        command.currency,
      );
    case 'transfer':
    case 'operatorTransfer':
    case 'placeHold':
      return moveNeeds(command.from, command.to, command.currency);
    case 'captureHold':
    case 'releaseHold':
      return holdNeeds({ branch: command.branch, id: command.hold }, references);
    case 'reverseTransfer':
    case 'reverseGroup':
      return originalNeeds({ branch: command.branch, id: command.original }, references);
    case 'group':
      return groupNeeds(command.members.map((member) => needsOf(member, references)));
    case 'seedDeposit': {
      const branches = seedBranches(command.customer);
      const customer = seedCustomer(command.customer);
      return {
        branches,
        accounts: branches.map((branch) => internal(branch, 'vault', command.currency)),
        customers: branches.map((branch) => ({ branch, customer })),
      };
    }
  }
}

/** What it takes to move an amount: between branches also the two interbranch accounts (R7). */
function moveNeeds(from: AccountRef, to: AccountRef, currency: string): Needs {
  if (from.branch === to.branch) return { branches: [from.branch], accounts: [from, to] };
  const accounts = [
    from,
    to,
    interbranch(from.branch, to.branch, currency),
    interbranch(to.branch, from.branch, currency),
  ];
  return { branches: [from.branch, to.branch], accounts };
}

/** Of a hold that is not known, only the branch that was named can be asked. */
function holdNeeds(hold: WriteRef, references: References): Needs {
  const known = references.get(referenceKey(hold));
  if (known === undefined) return { branches: [hold.branch], accounts: [], holds: [hold] };
  const { branches, accounts } = known;
  return { branches, accounts, holds: branches.map((branch) => ({ branch, id: hold.id })) };
}

function originalNeeds(original: WriteRef, references: References): Needs {
  const known = references.get(referenceKey(original));
  if (known === undefined) return { branches: [original.branch], accounts: [], originals: [original] };
  const { branches, accounts, members } = known;
  const ids = [original.id, ...members];
  const originals = branches.flatMap((branch) => ids.map((id) => ({ branch, id })));
  return { branches, accounts, originals };
}

function groupNeeds(members: readonly Needs[]): Needs {
  return {
    branches: [...new Set(members.flatMap(({ branches }) => branches))].sort((a, b) => a - b),
    accounts: members.flatMap(({ accounts }) => accounts),
    holds: members.flatMap(({ holds = [] }) => holds),
  };
}

function internal(branch: number, kind: 'vault' | 'capital', currency: string): AccountRef {
  return { branch, serial: internalSerial({ kind, currency }) };
}

function interbranch(branch: number, peerBranch: number, currency: string): AccountRef {
  return { branch, serial: internalSerial({ kind: 'interbranch', currency, peerBranch }) };
}
