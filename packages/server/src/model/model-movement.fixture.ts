import {
  AMOUNT_MAX,
  formatAccountId,
  internalSerial,
  isInternal,
  parseInternalSerial,
  type AccountRef,
  type InternalKind,
  type Reason,
  type ReasonMetadata,
} from '@giro/sdk/protocol';
import type { Captured, Refusal } from '../ledger/entry.js';
import type { ModelBooks, ModelWrite } from './model-books.fixture.js';

/** A movement's part in one branch. */
export interface ModelLeg {
  readonly branch: number;
  readonly debit: number;
  readonly credit: number;
  /** The account at the other end, in another branch. */
  readonly counterparty: AccountRef | undefined;
}

/** Money to be moved or reserved. */
export interface ModelMovement {
  readonly legs: readonly ModelLeg[];
  readonly amount: bigint;
  readonly currency: string;
}

export function refuse(reason: Reason, metadata: ReasonMetadata): Refusal {
  return { reason, metadata };
}

export function internalRef(
  branch: number,
  kind: InternalKind,
  currency: string,
  peerBranch = 0,
): AccountRef {
  return { branch, serial: internalSerial({ kind, currency, peerBranch }) };
}

/** One leg within a branch; between two branches one in each, the debited branch's first (R7). */
export function legsBetween(from: AccountRef, to: AccountRef, currency: string): readonly ModelLeg[] {
  if (from.branch === to.branch) {
    return [{ branch: from.branch, debit: from.serial, credit: to.serial, counterparty: undefined }];
  }
  const [owes, isOwed] = [
    internalRef(from.branch, 'interbranch', currency, to.branch),
    internalRef(to.branch, 'interbranch', currency, from.branch),
  ];
  return [
    { branch: from.branch, debit: from.serial, credit: owes.serial, counterparty: to },
    { branch: to.branch, debit: isOwed.serial, credit: to.serial, counterparty: from },
  ];
}

/** Whether the account is there for this write, in its currency, and takes a debit. */
export function checkDebited(
  books: ModelBooks,
  ref: AccountRef,
  currency: string,
  visible: readonly InternalKind[] = [],
): Refusal | undefined {
  return (
    checkThere(books, ref, currency, visible) ??
    checkNotClosed(books, ref) ??
    (books.account(ref)?.status === 'frozen'
      ? refuse('ACCOUNT_FROZEN', { account: formatAccountId(ref) })
      : undefined)
  );
}

/** Whether the account is there for this write, in its currency, and takes a credit. */
export function checkCredited(
  books: ModelBooks,
  ref: AccountRef,
  currency: string,
  visible: readonly InternalKind[] = [],
): Refusal | undefined {
  return checkThere(books, ref, currency, visible) ?? checkNotClosed(books, ref);
}

export function checkNotClosed(books: ModelBooks, ref: AccountRef): Refusal | undefined {
  if (books.account(ref)?.status !== 'closed') return undefined;
  return refuse('ACCOUNT_CLOSED', { account: formatAccountId(ref) });
}

/** Whether there is an account of a customer, in this currency if one is asked for. */
export function checkThere(
  books: ModelBooks,
  ref: AccountRef,
  given: string | undefined,
  visible: readonly InternalKind[] = [],
): Refusal | undefined {
  const account = formatAccountId(ref);
  const internal = isInternal(ref) ? parseInternalSerial(ref.serial) : undefined;
  const isVisible = internal !== undefined && visible.includes(internal.kind);
  // An internal account that was never used is opened by the write itself.
  const found = isVisible ? internal : isInternal(ref) ? undefined : books.account(ref);
  if (found === undefined) return refuse('ACCOUNT_NOT_FOUND', { account });
  const { currency } = found;
  if (given === undefined || given === currency) return undefined;
  return refuse('CURRENCY_MISMATCH', { account, currency, given });
}

/** Customers' accounts have what is available, vaults have their cash; the bank's other accounts go as low as need be. */
export function checkFunds(
  books: ModelBooks,
  { legs, amount, currency }: ModelMovement,
  timeMicros: number,
): Refusal | undefined {
  for (const { branch, debit, credit } of legs) {
    const payer = books.account({ branch, serial: debit });
    if (payer?.kind === 'customer') {
      const available = books.available(payer, timeMicros);
      const account = formatAccountId(payer);
      const amounts = { available: String(available), needed: String(amount), currency };
      if (available < amount) return refuse('INSUFFICIENT_FUNDS', { account, ...amounts });
    }
    if (parseInternalSerial(credit)?.kind === 'vault') {
      const vault = books.account({ branch, serial: credit });
      const available = vault === undefined ? 0n : books.available(vault, timeMicros);
      const amounts = { available: String(available), needed: String(amount), currency };
      if (available < amount) return refuse('INSUFFICIENT_CASH', { branch: String(branch), ...amounts });
    }
  }
  return undefined;
}

/** Whether every account stays within 64 bits, even if all that is held on its side were posted (R2). */
export function checkBounds(
  books: ModelBooks,
  { legs, amount }: ModelMovement,
  timeMicros: number,
): Refusal | undefined {
  for (const { branch, debit, credit } of legs) {
    const debited = { branch, serial: debit };
    if (books.surplus(debited) - books.held('debit', debited, timeMicros) - amount < -AMOUNT_MAX) {
      return refuse('BALANCE_OVERFLOW', { account: formatAccountId(debited) });
    }
    const credited = { branch, serial: credit };
    if (books.surplus(credited) + books.held('credit', credited, timeMicros) + amount > AMOUNT_MAX) {
      return refuse('BALANCE_OVERFLOW', { account: formatAccountId(credited) });
    }
  }
  return undefined;
}

/** Moves the money: one posting per leg. */
export function post(
  books: ModelBooks,
  write: ModelWrite,
  { legs, amount, currency }: ModelMovement,
  what: { readonly capture?: Captured; readonly reversalOf?: string } = {},
): void {
  for (const { branch, debit, credit, counterparty } of legs) {
    openInternal(books, write, { branch, serial: debit });
    openInternal(books, write, { branch, serial: credit });
    const after = (serial: number, change: bigint) => {
      const kind = books.account({ branch, serial })?.kind;
      const isDebitNormal = kind === 'vault' || kind === 'expense';
      return books.balance({ branch, serial }, kind) + (isDebitNormal ? -change : change);
    };
    books.append(write, branch, {
      kind: 'posting',
      ...{ debit, credit, amount, currency, counterparty },
      debitBalance: after(debit, -amount),
      creditBalance: after(credit, amount),
      capture: what.capture,
      reversalOf: what.reversalOf,
    });
  }
}

/** Opens one of the bank's own accounts if this is its first use. */
export function openInternal(books: ModelBooks, write: ModelWrite, ref: AccountRef): void {
  const internal = isInternal(ref) ? parseInternalSerial(ref.serial) : undefined;
  if (internal === undefined || books.account(ref) !== undefined) return;
  const { kind: accountKind, currency, peerBranch } = internal;
  const opened = { serial: ref.serial, accountKind, currency, customer: undefined, peerBranch };
  books.append(write, ref.branch, { kind: 'accountOpened', ...opened });
}
