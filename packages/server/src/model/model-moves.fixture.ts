import type { AccountRef, InternalKind } from '@giro/sdk/protocol';
import type {
  AddCash,
  Deposit,
  OperatorTransfer,
  PlaceHold,
  RemoveCash,
  Transfer,
  Withdraw,
} from '../ledger/command.js';
import type { Refusal } from '../ledger/entry.js';
import type { ModelBooks, ModelWrite } from './model-books.fixture.js';
import {
  checkBounds,
  checkCredited,
  checkDebited,
  checkFunds,
  internalRef,
  legsBetween,
  openInternal,
  post,
} from './model-movement.fixture.js';

/** What moves money, or reserves it, from one account to another. */
export type ModelMove = Deposit | Withdraw | Transfer | OperatorTransfer | AddCash | RemoveCash | PlaceHold;

export function move(books: ModelBooks, write: ModelWrite, command: ModelMove): Refusal | undefined {
  const { from, to, ofFrom = [], ofTo = [] } = endsOf(command);
  const { amount, currency } = command;
  const movement = { legs: legsBetween(from, to, currency), amount, currency };
  const refused =
    checkDebited(books, from, currency, ofFrom) ??
    checkCredited(books, to, currency, ofTo) ??
    checkFunds(books, movement, write.timeMicros) ??
    checkBounds(books, movement, write.timeMicros);
  if (refused !== undefined) return refused;
  if (command.kind === 'placeHold') reserve(books, write, command);
  else post(books, write, movement);
  return undefined;
}

interface Ends {
  readonly from: AccountRef;
  readonly to: AccountRef;
  /** The bank's own accounts that the write may debit. */
  readonly ofFrom?: readonly InternalKind[];
  /** The bank's own accounts that the write may credit. */
  readonly ofTo?: readonly InternalKind[];
}

const OPERATORS: readonly InternalKind[] = ['exchange', 'income', 'expense'];

function endsOf(command: ModelMove): Ends {
  switch (command.kind) {
    case 'deposit': {
      const from = internalRef(command.to.branch, 'vault', command.currency);
      return { from, to: command.to, ofFrom: ['vault'] };
    }
    case 'withdraw': {
      const to = internalRef(command.from.branch, 'vault', command.currency);
      return { from: command.from, to, ofTo: ['vault'] };
    }
    case 'addCash':
    case 'removeCash': {
      const { branch, currency } = command;
      const vault = internalRef(branch, 'vault', currency);
      const capital = internalRef(branch, 'capital', currency);
      return command.kind === 'addCash'
        ? { from: vault, to: capital, ofFrom: ['vault'], ofTo: ['capital'] }
        : { from: capital, to: vault, ofFrom: ['capital'], ofTo: ['vault'] };
    }
    case 'operatorTransfer':
      return { ...command, ofFrom: OPERATORS, ofTo: OPERATORS };
    case 'transfer':
    case 'placeHold':
      return command;
  }
}

function reserve(books: ModelBooks, write: ModelWrite, hold: PlaceHold): void {
  const { amount, currency, expiresInMs } = hold;
  const legs = legsBetween(hold.from, hold.to, currency);
  const opened = legs.map(({ branch, debit, credit }) => {
    const before = books.journal(branch).length;
    openInternal(books, write, { branch, serial: debit });
    openInternal(books, write, { branch, serial: credit });
    return books.journal(branch).length - before;
  });
  // Each entry comes a microsecond after the one before, and both parts of the hold have the same time.
  const placedMicros = write.timeMicros + Math.max(...opened);
  const expiresMicros = expiresInMs === undefined ? undefined : placedMicros + expiresInMs * 1_000;
  for (const { branch, debit, credit, counterparty } of legs) {
    const reserved = { debit, credit, amount, currency, expiresMicros, counterparty };
    books.append(write, branch, { kind: 'holdPlaced', ...reserved });
  }
}
