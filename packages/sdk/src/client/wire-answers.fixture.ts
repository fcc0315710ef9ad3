import {
  AccountKind,
  AccountState,
  Side,
  type Account,
  type StatementLine,
} from '../gen/giro/v1/account_service.js';
import { BranchState, type Branch } from '../gen/giro/v1/branch_service.js';
import type { Entry, Posting } from '../gen/giro/v1/journal_service.js';
import type { GroupReceipt, JournalHead, Receipt } from '../gen/giro/v1/receipt.js';
import { HoldState, TransferKind, type Hold, type Transfer } from '../gen/giro/v1/transfer_service.js';
import { timestampFromMicros } from '../wire/time.js';

/** What a server may answer, with nothing in it that a test does not ask for. */

export const TIME_MICROS = 1_700_000_000_123_456n;

/** {@link TIME_MICROS} on the wire. */
export const wireTime = timestampFromMicros(TIME_MICROS);

/** {@link TIME_MICROS} as the client gives it. */
export const TIME = { time: new Date('2023-11-14T22:13:20.123Z'), timeMicros: TIME_MICROS };

/** A seal whose hash is 32 times the same byte. */
export function wireHead(position: bigint, byte = Number(position)): JournalHead {
  return { position, hash: Buffer.alloc(32, byte) };
}

/** {@link wireHead} as the client gives it. */
export function head(position: bigint, byte = Number(position)) {
  return { position, hash: new Uint8Array(32).fill(byte) };
}

export function wireReceipt(id: string, branch = 17): Receipt {
  return {
    id,
    time: wireTime,
    positions: [{ branch, position: 5n }],
    balance: { amount: 7_500n, currency: 'USD' },
    replayed: false,
  };
}

/** {@link wireReceipt} as the client gives it. */
export function receipt(id: string, branch = 17) {
  return {
    id,
    ...TIME,
    positions: [{ branch, position: 5n }],
    balance: { amount: 7_500n, currency: 'USD' },
    replayed: false,
  };
}

export function wireGroupReceipt(id: string, memberIds: readonly string[]): GroupReceipt {
  return {
    id,
    time: wireTime,
    positions: [{ branch: 17, position: 9n, seal: wireHead(9n) }],
    members: memberIds.map((memberId) => wireReceipt(memberId)),
    replayed: false,
  };
}

export function wireBranch(branch: Partial<Branch>): Branch {
  return { id: 0, position: 1n, time: wireTime, cash: [], state: BranchState.OPEN, ...branch };
}

export function wireAccount(account: Partial<Account>): Account {
  return {
    id: '0-1-95',
    branch: 0,
    kind: AccountKind.CUSTOMER,
    customer: 'alice',
    currency: 'USD',
    postedDebits: '0',
    postedCredits: '5',
    balance: { amount: 5n, currency: 'USD' },
    available: { amount: 4n, currency: 'USD' },
    position: { branch: 0, position: 3n },
    openedTime: wireTime,
    state: AccountState.OPEN,
    overdraftLimit: 0n,
    heldDebits: '1',
    heldCredits: '0',
    metadata: {},
    ...account,
  };
}

export function wireStatementLine(line: Partial<StatementLine>): StatementLine {
  return {
    position: 4n,
    time: wireTime,
    transferId: 't',
    side: Side.CREDIT,
    amount: { amount: 5n, currency: 'USD' },
    balance: { amount: 5n, currency: 'USD' },
    counterparty: '17-1042-02',
    description: '',
    metadata: {},
    groupId: '',
    holdId: '',
    reversalOf: '',
    ...line,
  };
}

export function wireTransfer(transfer: Partial<Transfer>): Transfer {
  return {
    id: 't',
    kind: TransferKind.TRANSFER,
    from: '0-1-95',
    to: '17-1042-02',
    amount: { amount: 100n, currency: 'USD' },
    time: wireTime,
    position: { branch: 0, position: 4n },
    description: '',
    metadata: {},
    groupId: '',
    holdId: '',
    reversalOf: '',
    reversedBy: '',
    ...transfer,
  };
}

export function wireHold(hold: Partial<Hold>): Hold {
  return {
    id: 'h',
    state: HoldState.HELD,
    from: '0-1-95',
    to: '17-1042-02',
    amount: { amount: 100n, currency: 'USD' },
    time: wireTime,
    resolvedBy: '',
    position: { branch: 0, position: 4n },
    description: '',
    metadata: {},
    ...hold,
  };
}

/** An entry of branch 0. */
export function wireEntry(position: bigint, entry: Partial<Entry> = {}): Entry {
  return {
    position: { branch: 0, position },
    time: wireTime,
    writeId: 'w',
    change: { $case: 'branchOpened', value: {} },
    groupId: '',
    actor: '',
    description: '',
    metadata: {},
    ...entry,
  };
}

export function wirePosting(posting: Partial<Posting>): Posting {
  return {
    debitAccount: 'd',
    creditAccount: 'c',
    amount: { amount: 5n, currency: 'USD' },
    debitBalance: -5n,
    creditBalance: 5n,
    counterparty: '',
    holdId: '',
    reversalOf: '',
    ...posting,
  };
}
