import {
  AccountKind,
  describeReason,
  formatAccountId,
  Side,
  timestampFromMicros,
  TransferKind,
  type Account as WireAccount,
  type Branch as WireBranch,
  type Entry as WireEntry,
  type JournalPosition,
  type Receipt as WireReceipt,
  type Refusal as WireRefusal,
  type StatementLine as WireStatementLine,
  type Timestamp,
  type Transfer as WireTransfer,
} from '@giro/sdk/protocol';
import type { Change, Entry, Posting, Refusal } from '../ledger/entry.js';
import type { Receipt } from '../ledger/receipt.js';
import { transferOf } from '../ledger/transfer-view.js';
import { availableIn, balanceOf, type AccountState } from '../ledger/state.js';
import type { BranchView } from '../store/read-branches.js';

export function wireReceipt(receipt: Receipt, replayed: boolean): WireReceipt {
  return {
    id: receipt.id,
    time: wireTime(receipt.timeMicros),
    positions: receipt.positions.map(({ branch, position }) => wirePosition(branch, position)),
    balance: { amount: receipt.balance, currency: receipt.currency },
    replayed,
  };
}

export function wireRefusal({ reason, metadata }: Refusal, replayed: boolean): WireRefusal {
  return { reason, message: describeReason(reason, metadata), metadata: { ...metadata }, replayed };
}

export function wireAccount(account: AccountState): WireAccount {
  const { branch, currency } = account;
  return {
    id: formatAccountId(account),
    branch,
    kind: ACCOUNT_KINDS[account.kind],
    customer: account.customer ?? '',
    peerBranch: account.peerBranch,
    currency,
    postedDebits: account.postedDebits.toString(),
    postedCredits: account.postedCredits.toString(),
    balance: { amount: balanceOf(account), currency },
    available: { amount: availableIn(account), currency },
    position: wirePosition(branch, account.position),
    openedTime: wireTime(account.openedMicros),
  };
}

export function wireBranch(branch: BranchView): WireBranch {
  return {
    id: branch.id,
    position: BigInt(branch.position),
    time: wireTime(branch.timeMicros),
    cash: branch.cash.map(({ currency, amount }) => ({ currency, amount })),
  };
}

export function wireEntry(entry: Entry): WireEntry {
  return {
    position: wirePosition(entry.branch, entry.position),
    time: wireTime(entry.timeMicros),
    writeId: entry.writeId,
    change: wireChange(entry.branch, entry.change),
  };
}

/** A posting seen from one of its two accounts. */
export function wireStatementLine({ branch, position, timeMicros, writeId, change }: Entry, serial: number) {
  const posting = change as Posting;
  const debited = posting.debit === serial;
  const otherSide = { branch, serial: debited ? posting.credit : posting.debit };
  const line: WireStatementLine = {
    position: BigInt(position),
    time: wireTime(timeMicros),
    transferId: writeId,
    side: debited ? Side.DEBIT : Side.CREDIT,
    amount: { amount: posting.amount, currency: posting.currency },
    balance: { amount: debited ? posting.debitBalance : posting.creditBalance, currency: posting.currency },
    counterparty: formatAccountId(posting.counterparty ?? otherSide),
  };
  return line;
}

/** @returns undefined if the entries are not those of a transfer */
export function wireTransfer(entries: readonly Entry[]): WireTransfer | undefined {
  const transfer = transferOf(entries);
  if (transfer === undefined) return undefined;
  return {
    id: transfer.id,
    kind: TRANSFER_KINDS[transfer.kind],
    from: transfer.from === undefined ? '' : formatAccountId(transfer.from),
    to: transfer.to === undefined ? '' : formatAccountId(transfer.to),
    amount: { amount: transfer.amount, currency: transfer.currency },
    time: wireTime(transfer.timeMicros),
    position: wirePosition(transfer.branch, transfer.position),
  };
}

export function wirePosition(branch: number, position: number): JournalPosition {
  return { branch, position: BigInt(position) };
}

function wireChange(branch: number, change: Change): WireEntry['change'] {
  switch (change.kind) {
    case 'branchOpened':
      return { $case: 'branchOpened', value: {} };
    case 'accountOpened': {
      const { serial, accountKind, customer = '', peerBranch, currency } = change;
      const account = formatAccountId({ branch, serial });
      return {
        $case: 'accountOpened',
        value: { account, kind: ACCOUNT_KINDS[accountKind], customer, peerBranch, currency },
      };
    }
    case 'posting':
      return { $case: 'posting', value: wirePosting(branch, change) };
    case 'refusal':
      return { $case: 'refusal', value: wireRefusal(change.refusal, false) };
  }
}

function wirePosting(branch: number, posting: Posting) {
  const { debit, credit, amount, currency, debitBalance, creditBalance, counterparty } = posting;
  return {
    debitAccount: formatAccountId({ branch, serial: debit }),
    creditAccount: formatAccountId({ branch, serial: credit }),
    amount: { amount, currency },
    debitBalance,
    creditBalance,
    counterparty: counterparty === undefined ? '' : formatAccountId(counterparty),
  };
}

function wireTime(micros: number): Timestamp {
  return timestampFromMicros(BigInt(micros));
}

const ACCOUNT_KINDS = {
  customer: AccountKind.CUSTOMER,
  vault: AccountKind.VAULT,
  capital: AccountKind.CAPITAL,
  interbranch: AccountKind.INTERBRANCH,
} as const;

const TRANSFER_KINDS = {
  deposit: TransferKind.DEPOSIT,
  withdrawal: TransferKind.WITHDRAWAL,
  transfer: TransferKind.TRANSFER,
} as const;
