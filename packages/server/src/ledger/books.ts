import { isInternal, type AccountRef } from '@giro/sdk/protocol';
import { BranchMap } from './branch-map.js';
import type { Entry } from './entry.js';
import type { KeptNotes } from './notes.js';
import { sealEntries, type Seal } from './seal.js';
import { SEED_CUSTOMER_PREFIX } from './seed-customer.js';
import type { AccountState, BranchState, HoldState } from './state.js';

/** What a branch remembers of a write: what it was asked with, and the entries it made there. */
export interface RegisteredWrite {
  readonly body: string;
  readonly notes: KeptNotes | undefined;
  readonly entries: readonly Entry[];
}

/**
 * The part of the bank's state that a batch of commands needs, and what the batch changes of it. States themselves
 * are values; the books replace them.
 */
export class Books {
  readonly #base: Books | undefined;
  readonly #branches = new Map<number, BranchState>();
  readonly #accounts = new BranchMap<number, AccountState>();
  readonly #holds = new BranchMap<string, HoldState>();
  readonly #seedAccounts = new BranchMap<string, AccountRef>();
  readonly #writes = new BranchMap<string, RegisteredWrite>();
  readonly #groups = new BranchMap<string, readonly Entry[]>();
  readonly #reversals = new BranchMap<string, Entry>();
  readonly #opened = new BranchMap<number, AccountState>();
  readonly #changed = new BranchMap<number, AccountState>();
  readonly #placed = new BranchMap<string, HoldState>();
  readonly #resolved = new BranchMap<string, HoldState>();
  readonly #appended: Entry[] = [];
  #latestMicros: number;
  #nextExpiryMicros = Infinity;

  constructor(base?: Books) {
    this.#base = base;
    this.#latestMicros = base?.latestMicros ?? 0;
  }

  /** Enters a state as it was loaded. */
  load({ branches, accounts, holds, entries }: LoadedState): void {
    for (const branch of branches) this.#setBranch(branch);
    for (const account of accounts) this.#set(account);
    for (const hold of holds) this.#setHold(hold);
    for (const entry of entries) this.#register(entry);
  }

  /** The latest time of any branch here; the next entry must be later. */
  get latestMicros(): number {
    return this.#latestMicros;
  }

  branch(id: number): BranchState | undefined {
    return this.#branches.get(id) ?? this.#base?.branch(id);
  }

  account(ref: AccountRef): AccountState | undefined {
    return this.#accounts.get(ref.branch, ref.serial) ?? this.#base?.account(ref);
  }

  /** The account of a customer of the seed's interface. */
  seedAccount(branch: number, customer: string): AccountState | undefined {
    const ref = this.#seedAccounts.get(branch, customer);
    return ref === undefined ? this.#base?.seedAccount(branch, customer) : this.account(ref);
  }

  /** The branch's internal accounts that are here. */
  internalAccounts(branch: number): AccountState[] {
    const internal = new Map<number, AccountState>();
    for (const account of [...(this.#base?.internalAccounts(branch) ?? []), ...this.#accounts.values()]) {
      if (account.branch === branch && isInternal(account)) internal.set(account.serial, account);
    }
    return [...internal.values()];
  }

  hold(branch: number, id: string): HoldState | undefined {
    return this.#holds.get(branch, id) ?? this.#base?.hold(branch, id);
  }

  /** The holds here that are due at a time, the first to expire first. */
  dueHolds(timeMicros: number): readonly HoldState[] {
    if (
      Math.min(this.#nextExpiryMicros, this.#base === undefined ? Infinity : this.#base.#nextExpiryMicros) >
      timeMicros
    )
      return [];
    const open = this.#openHolds();
    const due = open.filter(({ expiresMicros }) => expiresMicros <= timeMicros);
    this.#nextExpiryMicros = Math.min(...open.map(({ expiresMicros }) => expiresMicros), Infinity);
    return due.sort((a, b) => a.expiresMicros - b.expiresMicros);
  }

  /** What `branch` remembers of the write `id`. */
  write(branch: number, id: string): RegisteredWrite | undefined {
    return this.#writes.get(branch, id) ?? this.#base?.write(branch, id);
  }

  /** The entries that the members of the group `id` made in `branch`. */
  group(branch: number, id: string): readonly Entry[] {
    return this.#groups.get(branch, id) ?? this.#base?.group(branch, id) ?? [];
  }

  /** The entry in `branch` by which the write or group `id` was reversed. */
  reversal(branch: number, id: string): Entry | undefined {
    return this.#reversals.get(branch, id) ?? this.#base?.reversal(branch, id);
  }

  /** Takes in a new entry and the branch as it leaves it. */
  append(entry: Entry, branch: BranchState): void {
    this.#appended.push(entry);
    this.#register(entry);
    this.#setBranch(branch);
  }

  /** Takes in a new account. */
  open(account: AccountState): void {
    this.#opened.set(account.branch, account.serial, account);
    this.#set(account);
  }

  /** Replaces the state of an account. */
  change(account: AccountState): void {
    const { branch, serial } = account;
    if (this.#opened.has(branch, serial)) this.#opened.set(branch, serial, account);
    else this.#changed.set(branch, serial, account);
    this.#set(account);
  }

  /** Takes in a new hold. */
  place(hold: HoldState): void {
    this.#placed.set(hold.branch, hold.id, hold);
    this.#setHold(hold);
  }

  /** Replaces the state of a hold. */
  resolve(hold: HoldState): void {
    const { branch, id } = hold;
    if (this.#placed.has(branch, id)) this.#placed.set(branch, id, hold);
    else this.#resolved.set(branch, id, hold);
    this.#setHold(hold);
  }

  /** Books on top of these: what is done there is not done here unless it is adopted (R6). */
  draft(): Books {
    return new Books(this);
  }

  /** Takes in everything that was done in a draft of these books. */
  adopt(draft: Books): void {
    for (const account of draft.#opened.values()) this.open(account);
    for (const account of draft.#changed.values()) this.change(account);
    for (const hold of draft.#placed.values()) this.place(hold);
    for (const hold of draft.#resolved.values()) this.resolve(hold);
    for (const entry of draft.#appended) {
      this.#appended.push(entry);
      this.#register(entry);
    }
    for (const branch of draft.#branches.values()) this.#setBranch(branch);
  }

  /** Everything to be made durable, sealed (R9). */
  changes(): BookChanges {
    const byBranch = new Map<number, Entry[]>();
    for (const entry of this.#appended) {
      const entries = byBranch.get(entry.branch);
      if (entries === undefined) byBranch.set(entry.branch, [entry]);
      else entries.push(entry);
    }
    return {
      sealed: Array.from(byBranch.values(), (entries) => this.#sealed(entries)),
      openedAccounts: [...this.#opened.values()],
      changedAccounts: [...this.#changed.values()],
      placedHolds: [...this.#placed.values()],
      resolvedHolds: [...this.#resolved.values()],
    };
  }

  #sealed(entries: readonly Entry[]): SealedBranch {
    const branch = this.#branches.get(entries[0]?.branch ?? -1);
    if (branch === undefined) throw new Error('entries were appended to a branch that is not here');
    const { headHash } = branch;
    const { seal, digests } = sealEntries(entries, headHash);
    const head = { position: seal.last, hash: seal.hash };
    // These entries were made by this batch, and whoever has them waits for their seal.
    for (const entry of entries as readonly Unsealed[]) entry.seal = head;
    return {
      branch: { ...branch, headHash: seal.hash },
      entries,
      seal,
      digests,
      headHashBefore: headHash,
    };
  }

  /** Those that expire and are not resolved. */
  #openHolds(): (HoldState & { readonly expiresMicros: number })[] {
    const holds = [...(this.#base === undefined ? [] : this.#base.#holds.values()), ...this.#holds.values()];
    const latest = new BranchMap<string, HoldState>();
    for (const hold of holds) latest.set(hold.branch, hold.id, hold);
    return [...latest.values()].filter(
      (hold): hold is HoldState & { readonly expiresMicros: number } =>
        hold.status === 'held' && hold.expiresMicros !== undefined,
    );
  }

  #setBranch(branch: BranchState): void {
    this.#branches.set(branch.id, branch);
    this.#latestMicros = Math.max(this.#latestMicros, branch.timeMicros);
  }

  #set(account: AccountState): void {
    const { branch, serial, customer } = account;
    this.#accounts.set(branch, serial, account);
    if (customer?.startsWith(SEED_CUSTOMER_PREFIX)) this.#seedAccounts.set(branch, customer, account);
  }

  #setHold(hold: HoldState): void {
    this.#holds.set(hold.branch, hold.id, hold);
    const { status, expiresMicros = Infinity } = hold;
    if (status === 'held') this.#nextExpiryMicros = Math.min(this.#nextExpiryMicros, expiresMicros);
  }

  #registerWrite(entry: Entry): void {
    const { branch, writeId } = entry;
    const known = this.write(branch, writeId);
    this.#writes.set(branch, writeId, {
      body: known?.body ?? entry.body ?? '',
      notes: known?.notes ?? entry.notes,
      entries: known === undefined ? [entry] : [...known.entries, entry],
    });
  }

  #register(entry: Entry): void {
    const { branch, ordinal, group, change } = entry;
    if (ordinal < 0) return;
    this.#registerWrite(entry);
    if (group !== undefined) this.#groups.set(branch, group.id, [...this.group(branch, group.id), entry]);
    if (change.kind !== 'posting' && change.kind !== 'groupOpened') return;
    if (change.reversalOf !== undefined) this.#reversals.set(branch, change.reversalOf, entry);
  }
}

/** An entry whose seal is still to come. */
type Unsealed = { -readonly [Field in keyof Entry]: Entry[Field] };

/** State as a store loads it; the entries are those of the writes whose ids the batch uses or refers to. */
export interface LoadedState {
  readonly branches: Iterable<BranchState>;
  readonly accounts: Iterable<AccountState>;
  readonly holds: Iterable<HoldState>;
  /** In order of branch and position, each once. */
  readonly entries: Iterable<Entry>;
}

/** What a batch changed. */
export interface BookChanges {
  /** One for each branch that got entries. */
  readonly sealed: readonly SealedBranch[];
  readonly openedAccounts: readonly AccountState[];
  readonly changedAccounts: readonly AccountState[];
  readonly placedHolds: readonly HoldState[];
  readonly resolvedHolds: readonly HoldState[];
}

/** What a batch appended to one branch, sealed. */
export interface SealedBranch {
  /** As the batch leaves it. */
  readonly branch: BranchState;
  readonly entries: readonly Entry[];
  readonly seal: Seal;
  /** One per entry. */
  readonly digests: readonly Buffer[];
  /** The branch's head hash when it was loaded: with its position, the fence. */
  readonly headHashBefore: Buffer;
}
