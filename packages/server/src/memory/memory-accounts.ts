import { INTERNAL_SERIAL_MIN, type AccountRef } from '@giro/sdk/protocol';
import type { Entry } from '../ledger/entry.js';
import { availableIn, balanceOf, type AccountState } from '../ledger/state.js';
import { accountNotFound, type AccountFilter } from '../store/read-accounts.js';
import { positionNotFound, type BalanceMoment, type BalanceView } from '../store/read-balances.js';
import type { MemoryBooks } from './memory-books.js';
import type { MemoryBranch } from './memory-branch.js';

/** The account as a write that is decided now would find it. @throws RequestError with ACCOUNT_NOT_FOUND */
export function accountNow(branch: MemoryBranch, serial: number, nowMicros: number): AccountState {
  const account = branch.accounts.get(serial);
  if (account === undefined) throw accountNotFound({ branch: branch.state.id, serial });
  const due = branch.dueHolds(nowMicros);
  const heldBy = (side: 'debit' | 'credit') =>
    due.reduce((sum, hold) => (hold[side] === serial ? sum + hold.amount : sum), 0n);
  return {
    ...account,
    heldDebits: account.heldDebits - heldBy('debit'),
    heldCredits: account.heldCredits - heldBy('credit'),
  };
}

export function listAccounts(
  branch: MemoryBranch,
  { customer, includeInternal, after, limit }: AccountFilter,
  nowMicros: number,
): AccountState[] {
  return [...branch.accounts.values()]
    .filter((account) => account.serial > after)
    .filter((account) => includeInternal || account.serial < INTERNAL_SERIAL_MIN)
    .filter((account) => customer === undefined || account.customer === customer)
    .sort((a, b) => a.serial - b.serial)
    .slice(0, limit)
    .map(({ serial }) => accountNow(branch, serial, nowMicros));
}

export function seedAccount(
  { branches }: MemoryBooks,
  ids: readonly number[],
  customer: string,
  nowMicros: number,
): AccountState | undefined {
  for (const branch of ids.flatMap((id) => branches.get(id) ?? [])) {
    const account = [...branch.accounts.values()].find((known) => known.customer === customer);
    if (account !== undefined) return accountNow(branch, account.serial, nowMicros);
  }
  return undefined;
}

export function balanceNow(branch: MemoryBranch, serial: number, nowMicros: number): BalanceView {
  const account = accountNow(branch, serial, nowMicros);
  const { id, position, timeMicros } = branch.state;
  return {
    ...{ branch: id, serial, currency: account.currency },
    ...{ balance: balanceOf(account), available: availableIn(account), position, timeMicros },
  };
}

/** @throws RequestError with ACCOUNT_NOT_FOUND or POSITION_NOT_FOUND */
export function balanceAt(branch: MemoryBranch, serial: number, moment: BalanceMoment): BalanceView {
  const { state, entries, accounts } = branch;
  const account = accounts.get(serial);
  const ref: AccountRef = { branch: state.id, serial };
  if (account === undefined) throw accountNotFound(ref);
  const position = 'position' in moment ? moment.position : branch.positionAt(moment.timeMicros);
  if (position > state.position) throw positionNotFound(state.id, position, state.position);
  return {
    ...{ ...ref, currency: account.currency, balance: balanceAfter(branch, serial, position) },
    ...{ available: undefined, position, timeMicros: entries[position - 1]?.timeMicros },
  };
}

/** What an account had when its branch's journal was at a position. */
export function balanceAfter(branch: MemoryBranch, serial: number, position: number): bigint {
  const last = branch.postings(serial).findLast((entry) => entry.position <= position);
  return last === undefined ? 0n : balanceIn(last, serial);
}

/** The balance of an account right after its posting. */
function balanceIn({ change }: Entry, serial: number): bigint {
  if (change.kind !== 'posting') return 0n;
  return change.debit === serial ? change.debitBalance : change.creditBalance;
}
