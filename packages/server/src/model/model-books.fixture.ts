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
  readonly metadata: Readonly<Record<string, string>>;
  readonly change: Change;
}

/** A write as it appends. */
export interface ModelWrite {
  readonly id: string;
  readonly timeMicros: number;
  readonly group: GroupPlace | undefined;
  readonly metadata: Readonly<Record<string, string>>;
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
    const { id: writeId, group, metadata } = write;
    journal.push({ branch, position: journal.length + 1, writeId, ordinal, group, metadata, change });
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
    return this.journal(branch).flatMap(({ change, metadata }) => {
      if (change.kind !== 'accountOpened') return [];
      const { serial, accountKind: kind, customer, peerBranch, currency } = change;
      const opened = { branch, serial, kind, customer, peerBranch, currency };
      // An account that a movement opened on its way carries nothing of that movement's metadata.
      const first = kind === 'customer' && customer?.startsWith('seed:') === false ? metadata : {};
      return [this.#withChanges({ ...opened, status: 'open', limit: 0n, metadata: first })];
    });
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
    const touching = this.journal(branch).filter(({ change }) => serialsOf(change).includes(serial));
    return touching.at(-1)?.position ?? 0;
  }

  postings(branch: number): Posting[] {
    return this.journal(branch).flatMap(({ change }) => (change.kind === 'posting' ? [change] : []));
  }

  postedDebits({ branch, serial }: AccountRef): bigint {
    return sum(this.postings(branch).filter(({ debit }) => debit === serial));
  }

  postedCredits({ branch, serial }: AccountRef): bigint {
    return sum(this.postings(branch).filter(({ credit }) => credit === serial));
  }

  /** Credits less debits, whatever the account's normal side is. */
  surplus(ref: AccountRef): bigint {
    return this.postedCredits(ref) - this.postedDebits(ref);
  }

  /** The balance by the account's normal side. */
  balance(ref: AccountRef, kind: AccountKind | undefined): bigint {
    return kind === 'vault' || kind === 'expense' ? -this.surplus(ref) : this.surplus(ref);
  }

  /** What a customer can take out of an account, or a branch out of its vault. */
  available(account: ModelAccount, timeMicros: number): bigint {
    const balance = this.balance(account, account.kind);
    if (account.kind === 'vault') return balance - this.heldCredits(account, timeMicros);
    return balance - this.heldDebits(account, timeMicros) + account.limit;
  }

  heldDebits({ branch, serial }: AccountRef, timeMicros: number): bigint {
    return sum(this.#reserving(branch, timeMicros).filter(({ debit }) => debit === serial));
  }

  heldCredits({ branch, serial }: AccountRef, timeMicros: number): bigint {
    return sum(this.#reserving(branch, timeMicros).filter(({ credit }) => credit === serial));
  }

  /** Every hold that the branch has a part in. */
  holds(branch: number): ModelHold[] {
    const journal = this.journal(branch);
    return journal.flatMap(({ writeId: id, change }) => {
      if (change.kind !== 'holdPlaced') return [];
      return [{ ...change, branch, id, ...resolutionOf(id, journal) }];
    });
  }

  hold(branch: number, id: string): ModelHold | undefined {
    return this.holds(branch).find((hold) => hold.id === id);
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

  #reserving(branch: number, timeMicros: number): ModelHold[] {
    return this.holds(branch).filter((hold) => statusAt(hold, timeMicros) === 'held');
  }

  #withChanges(opened: ModelAccount): ModelAccount {
    let account = opened;
    for (const { change, metadata } of this.journal(opened.branch)) {
      if (!('serial' in change) || change.serial !== opened.serial) continue;
      if (change.kind === 'accountStatusChanged') account = { ...account, status: change.status };
      if (change.kind === 'overdraftLimitChanged') account = { ...account, limit: change.limit };
      if (change.kind === 'accountMetadataChanged') account = { ...account, metadata };
    }
    return account;
  }
}

/** A hold that nobody resolved expires by itself, at its time and not a microsecond later. */
export function statusAt(hold: ModelHold, timeMicros: number): HoldStatus {
  const due = hold.expiresMicros !== undefined && hold.expiresMicros <= timeMicros;
  return hold.status === 'held' && due ? 'expired' : hold.status;
}

/** The accounts that a change is a change of. */
export function serialsOf(change: Change): readonly number[] {
  if ('debit' in change) return [change.debit, change.credit];
  return 'serial' in change ? [change.serial] : [];
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

function sum(amounts: readonly { readonly amount: bigint }[]): bigint {
  return amounts.reduce((total, { amount }) => total + amount, 0n);
}
