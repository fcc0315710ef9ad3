import { isInternal, type AccountRef } from '@giro/sdk/protocol';
import type { Command } from '../ledger/command.js';
import type { Change, GroupPlace, HoldPlaced, Posting, Refusal } from '../ledger/entry.js';
import type { AccountKind, AccountStatus, HoldStatus } from '../ledger/state.js';

/** What the server's entry at this place must say. */
export interface ModelEntry {
  readonly branch: number;
  readonly position: number;
  readonly writeId: string;
  readonly ordinal: number;
  readonly group: GroupPlace | undefined;
  readonly said: Said;
  readonly change: Change;
}

/** What a write says of itself and of whoever asks for it; nothing of it if it says nothing. */
export interface Said {
  readonly actor: string | undefined;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What an expiry says, which nobody asks for. */
export const NOTHING_SAID: Said = { actor: undefined, description: '', metadata: {} };

/** A write as it appends. */
export interface ModelWrite {
  readonly id: string;
  readonly timeMicros: number;
  readonly group: GroupPlace | undefined;
  readonly said: Said;
}

/** What a command is answered. */
export type ModelAnswer =
  | { readonly kind: 'applied'; readonly entries: readonly ModelEntry[]; readonly replayed: boolean }
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      /** Of ID_REUSED: every field that differs. The server names one of them. */
      readonly differing: readonly string[];
      readonly replayed: boolean;
    };

/** What a branch remembers of an id that was used. */
export interface ModelRegistered {
  /** Undefined if the id was abandoned: that matches any body. */
  readonly command: Command | undefined;
  readonly answer: ModelAnswer;
  readonly branches: readonly number[];
  readonly group: GroupPlace | undefined;
}

/** An account, read off the journal. */
export interface ModelAccount extends AccountRef {
  readonly kind: AccountKind;
  readonly customer: string | undefined;
  readonly peerBranch: number | undefined;
  readonly currency: string;
  readonly status: AccountStatus;
  readonly limit: bigint;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A hold's part in one branch, read off the journal. */
export interface ModelHold extends HoldPlaced {
  readonly branch: number;
  readonly id: string;
  readonly status: HoldStatus;
  readonly captured: bigint | undefined;
  readonly by: string | undefined;
}

/**
 * The bank as plain journals, one array per branch, and a register of ids. Nothing is kept that can be read off the
 * journals: a balance is the sum over all postings of the account's life, each time that somebody asks.
 */
export class ModelBooks {
  readonly journals = new Map<number, ModelEntry[]>();
  readonly register = new Map<string, ModelRegistered>();
  /** First serials of customers' accounts where they are not 1. */
  readonly #serialsFrom = new Map<number, number>();

  append(write: ModelWrite, branch: number, change: Change): void {
    const ordinal = this.journal(branch).filter(
      (entry) => entry.writeId === write.id && entry.ordinal >= 0,
    ).length;
    this.appendAt(write, branch, change, ordinal);
  }

  appendAt(write: ModelWrite, branch: number, change: Change, ordinal: number): void {
    const journal = this.journal(branch);
    const { id: writeId, group, said } = write;
    journal.push({ branch, position: journal.length + 1, writeId, ordinal, group, said, change });
    this.journals.set(branch, journal);
  }

  journal(branch: number): ModelEntry[] {
    return this.journals.get(branch) ?? [];
  }

  registered(branch: number, id: string): ModelRegistered | undefined {
    return this.register.get(`${branch}/${id}`);
  }

  keep(id: string, registered: ModelRegistered): void {
    for (const branch of registered.branches) this.register.set(`${branch}/${id}`, registered);
  }

  exists(branch: number): boolean {
    return this.journals.has(branch);
  }

  isClosed(branch: number): boolean {
    return this.journal(branch).some(({ change }) => change.kind === 'branchClosed');
  }

  /** Every account that the branch has opened. */
  accounts(branch: number): ModelAccount[] {
    const accounts = new Map<number, ModelAccount>();
    for (const { change, said } of this.journal(branch)) {
      if (!('serial' in change)) continue;
      const account = accounts.get(change.serial);
      accounts.set(change.serial, changedAccount(account, branch, change, said.metadata));
    }
    return [...accounts.values()];
  }

  account({ branch, serial }: AccountRef): ModelAccount | undefined {
    return this.accounts(branch).find((account) => account.serial === serial);
  }

  nextSerial(branch: number): number {
    const handedOut = this.accounts(branch).filter((account) => !isInternal(account)).length;
    return (this.#serialsFrom.get(branch) ?? 1) + handedOut;
  }

  /** From now on the branch hands out serials from here: how a test comes near the last one. */
  skipSerials(branch: number, serial: number): void {
    const handedOut = this.accounts(branch).filter((account) => !isInternal(account)).length;
    this.#serialsFrom.set(branch, serial - handedOut);
  }

  /** Position of the last entry that changed the account; 0 if none did. */
  position({ branch, serial }: AccountRef): number {
    const last = this.journal(branch).findLast(({ change }) => isOf(change, serial));
    return last?.position ?? 0;
  }

  postings(branch: number): Posting[] {
    return this.journal(branch).flatMap(({ change }) => (change.kind === 'posting' ? [change] : []));
  }

  /** Everything that was ever posted on one side of the account. */
  posted(side: 'debit' | 'credit', { branch, serial }: AccountRef): bigint {
    let sum = 0n;
    for (const { change } of this.journal(branch)) {
      if (change.kind === 'posting' && change[side] === serial) sum += change.amount;
    }
    return sum;
  }

  /** Credits less debits, whatever the account's normal side is. */
  surplus(ref: AccountRef): bigint {
    return this.posted('credit', ref) - this.posted('debit', ref);
  }

  /** The balance by the account's normal side. */
  balance(ref: AccountRef, kind: AccountKind | undefined): bigint {
    return kind === 'vault' || kind === 'expense' ? -this.surplus(ref) : this.surplus(ref);
  }

  /** What a customer can take out of an account, or a branch out of its vault. */
  available(account: ModelAccount, timeMicros: number): bigint {
    const balance = this.balance(account, account.kind);
    if (account.kind === 'vault') return balance - this.held('credit', account, timeMicros);
    return balance - this.held('debit', account, timeMicros) + account.limit;
  }

  /** Everything that holds reserve on one side of the account. */
  held(side: 'debit' | 'credit', { branch, serial }: AccountRef, timeMicros: number): bigint {
    let sum = 0n;
    for (const { change, writeId } of this.journal(branch)) {
      if (change.kind !== 'holdPlaced' || change[side] !== serial) continue;
      const hold = this.hold(branch, writeId);
      if (hold !== undefined && statusAt(hold, timeMicros) === 'held') sum += hold.amount;
    }
    return sum;
  }

  /** Every hold that the branch has a part in. */
  holds(branch: number): ModelHold[] {
    return this.journal(branch).flatMap(({ writeId, change }) =>
      change.kind === 'holdPlaced' ? (this.hold(branch, writeId) ?? []) : [],
    );
  }

  hold(branch: number, id: string): ModelHold | undefined {
    const journal = this.journal(branch);
    for (const { writeId, change } of journal) {
      if (writeId === id && change.kind === 'holdPlaced') {
        return { ...change, branch, id, ...resolutionOf(id, journal) };
      }
    }
    return undefined;
  }

  /** A copy to come back to. */
  copy(): { journals: Map<number, ModelEntry[]>; register: Map<string, ModelRegistered> } {
    return {
      journals: new Map([...this.journals].map(([branch, journal]) => [branch, [...journal]])),
      register: new Map(this.register),
    };
  }

  /** Puts everything as it was when the copy was made. */
  restore({ journals, register }: ReturnType<ModelBooks['copy']>): void {
    this.journals.clear();
    for (const [branch, journal] of journals) this.journals.set(branch, journal);
    this.register.clear();
    for (const [key, registered] of register) this.register.set(key, registered);
  }
}

/** A hold that nobody resolved expires by itself, at its time and not a microsecond later. */
export function statusAt(hold: ModelHold, timeMicros: number): HoldStatus {
  const due = hold.expiresMicros !== undefined && hold.expiresMicros <= timeMicros;
  return hold.status === 'held' && due ? 'expired' : hold.status;
}

/** Whether the change is a change of the account. */
function isOf(change: Change, serial: number): boolean {
  if ('debit' in change) return change.debit === serial || change.credit === serial;
  return 'serial' in change && change.serial === serial;
}

function changedAccount(
  before: ModelAccount | undefined,
  branch: number,
  change: Extract<Change, { readonly serial: number }>,
  said: Readonly<Record<string, string>>,
): ModelAccount {
  if (change.kind === 'accountOpened') {
    const { serial, accountKind: kind, customer, peerBranch, currency } = change;
    // One of the bank's own accounts was opened by the way: what the write says is not about it.
    const metadata = kind === 'customer' ? said : {};
    return { branch, serial, kind, customer, peerBranch, currency, status: 'open', limit: 0n, metadata };
  }
  if (before === undefined) throw new Error(`account ${change.serial} changes before it is opened`);
  if (change.kind === 'accountStatusChanged') return { ...before, status: change.status };
  if (change.kind === 'overdraftLimitChanged') return { ...before, limit: change.limit };
  return { ...before, metadata: said };
}

function resolutionOf(
  id: string,
  journal: readonly ModelEntry[],
): Pick<ModelHold, 'status' | 'captured' | 'by'> {
  for (const { change, writeId } of journal) {
    if (change.kind === 'posting' && change.capture?.hold === id) {
      return { status: 'captured', captured: change.amount, by: writeId };
    }
    if (change.kind === 'holdReleased' && change.hold === id) {
      return { status: 'released', captured: undefined, by: writeId };
    }
    if (change.kind === 'holdExpired' && change.hold === id) {
      return { status: 'expired', captured: undefined, by: undefined };
    }
  }
  return { status: 'held', captured: undefined, by: undefined };
}
