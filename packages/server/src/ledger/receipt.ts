import { kindOf } from './body.js';
import type { Command } from './command.js';
import type { Entry } from './entry.js';
import { endsOf } from './references.js';
import type { JournalHead } from './seal.js';

/** What a client gets for an applied write; made from its entries, so that a replay gets the same. */
export interface Receipt {
  readonly id: string;
  readonly timeMicros: number;
  /** The write's last entry in each branch it touched, the debited branch first. */
  readonly positions: readonly ReceiptPosition[];
  /** Balance right after the write of the account it acted for; undefined if it posted nothing and opened no account for anybody. */
  readonly balance: { readonly amount: bigint; readonly currency: string } | undefined;
}

export interface ReceiptPosition {
  readonly branch: number;
  readonly position: number;
  /** The seal that covers it. */
  readonly seal: JournalHead | undefined;
}

/** What a client gets for an applied group. */
export interface GroupReceipt {
  readonly id: string;
  readonly timeMicros: number;
  readonly positions: readonly ReceiptPosition[];
  /** In the order of the members. */
  readonly members: readonly Receipt[];
}

/** Makes the receipt of an applied write from its entries, in whatever order of branches they come. */
export function receiptOf(entries: readonly Entry[]): Receipt {
  const ordered = debitedFirst(entries);
  const last = ordered.at(-1);
  return {
    id: last?.writeId ?? '',
    timeMicros: last?.timeMicros ?? 0,
    positions: positionsOf(ordered),
    balance: balanceIn(ordered),
  };
}

/** Makes the receipt of an applied group from the entries of its headers and members. */
export function groupReceiptOf(entries: readonly Entry[]): GroupReceipt {
  const members: Entry[][] = [];
  for (const entry of entries) {
    if (entry.group !== undefined) (members[entry.group.index] ??= []).push(entry);
  }
  const header = entries.find(({ change }) => change.kind === 'groupOpened');
  return {
    id: header?.writeId ?? '',
    timeMicros: header?.timeMicros ?? 0,
    positions: positionsOf(entries).sort((a, b) => a.branch - b.branch),
    members: members.map(receiptOf),
  };
}

function positionsOf(entries: readonly Entry[]): ReceiptPosition[] {
  const [only] = entries;
  if (only !== undefined && entries.length === 1) {
    return [{ branch: only.branch, position: only.position, seal: only.seal }];
  }
  const positions = new Map<number, ReceiptPosition>();
  for (const { branch, position, seal } of entries) {
    if (position > (positions.get(branch)?.position ?? 0)) positions.set(branch, { branch, position, seal });
  }
  return [...positions.values()];
}

/** A replay may find the branches in another order than the write made their entries. */
function debitedFirst(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length === 1) return entries;
  const [ends] = entries.flatMap(({ branch, change }) =>
    change.kind === 'posting' || change.kind === 'holdPlaced' ? [endsOf(branch, change)] : [],
  );
  if (ends === undefined || ends.from.branch === ends.to.branch) return entries;
  const rank = ({ branch }: Entry) => (branch === ends.from.branch ? 0 : 1);
  return [...entries].sort((a, b) => rank(a) - rank(b));
}

function balanceIn(entries: readonly Entry[]): Receipt['balance'] {
  const body = entries.find((entry) => entry.body !== undefined)?.body;
  const kind = body === undefined ? undefined : kindOf(body);
  const posting = entries.find(({ change }) => change.kind === 'posting')?.change;
  if (posting?.kind === 'posting') {
    const { debitBalance, creditBalance, currency } = posting;
    return { amount: hasCredited(kind) ? creditBalance : debitBalance, currency };
  }
  const opened = entries.find(({ change }) => change.kind === 'accountOpened')?.change;
  return opened?.kind === 'accountOpened' && hasOpened(kind)
    ? { amount: 0n, currency: opened.currency }
    : undefined;
}

/** Tells whether a write acts for the account that it credits. */
function hasCredited(kind: Command['kind'] | undefined): boolean {
  return kind === 'deposit' || kind === 'seedDeposit' || kind === 'removeCash';
}

/** Tells whether a write opens the account that it acts for. */
function hasOpened(kind: Command['kind'] | undefined): boolean {
  return kind === 'openAccount' || kind === 'initializeBranch';
}
