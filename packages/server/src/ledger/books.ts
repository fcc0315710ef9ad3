import type { AccountRef } from '@giro/sdk/protocol';
import type { Entry } from './entry.js';
import type { AccountState, BranchState } from './state.js';
import { SEED_CUSTOMER_PREFIX } from './seed-customer.js';

/** What a branch remembers of a write: the body it was asked with, and the entries it made there. */
export interface RegisteredWrite {
  readonly body: string;
  readonly entries: readonly Entry[];
}

/**
 * The part of the bank's state that a batch of commands needs, and what the batch changes of it. States themselves
 * are values; the books replace them.
 */
export class Books {
  readonly #branches = new Map<number, BranchState>();
  readonly #accounts = new Map<number, AccountState>();
  readonly #seedAccounts = new Map<string, AccountState>();
  readonly #writes = new Map<string, RegisteredWrite>();
  readonly #opened = new Set<number>();
  readonly #changed = new Set<number>();
  readonly #appended: Entry[] = [];
  #latestMicros = 0;

  /** Enters a state as it was loaded. */
  load({ branches, accounts, entries }: LoadedState): void {
    for (const branch of branches) this.#setBranch(branch);
    for (const account of accounts) this.#set(account);
    for (const entry of entries) this.#register(entry);
  }

  /** The latest time of any branch here; the next entry must be later. */
  get latestMicros(): number {
    return this.#latestMicros;
  }

  branch(id: number): BranchState | undefined {
    return this.#branches.get(id);
  }

  account(ref: AccountRef): AccountState | undefined {
    return this.#accounts.get(accountKey(ref));
  }

  /** The account of a customer of the seed's interface. */
  seedAccount(branch: number, customer: string): AccountState | undefined {
    return this.#seedAccounts.get(`${branch}/${customer}`);
  }

  /** What `branch` remembers of the write `id`. */
  write(branch: number, id: string): RegisteredWrite | undefined {
    return this.#writes.get(`${branch}/${id}`);
  }

  /** Takes in a new entry and the branch as it leaves it. */
  append(entry: Entry, branch: BranchState): void {
    this.#appended.push(entry);
    this.#register(entry);
    this.#setBranch(branch);
  }

  /** Takes in a new account. */
  open(account: AccountState): void {
    this.#opened.add(accountKey(account));
    this.#set(account);
  }

  /** Replaces the state of an account. */
  change(account: AccountState): void {
    const key = accountKey(account);
    if (!this.#opened.has(key)) this.#changed.add(key);
    this.#set(account);
  }

  /** Everything to be made durable. */
  changes(): BookChanges {
    const states = (keys: Iterable<number>) =>
      Array.from(keys, (key) => this.#accounts.get(key)).filter((account) => account !== undefined);
    const branches = new Set(this.#appended.map((entry) => entry.branch));
    return {
      entries: this.#appended,
      openedAccounts: states(this.#opened),
      changedAccounts: states(this.#changed),
      branches: Array.from(branches, (id) => this.#branches.get(id)).filter((state) => state !== undefined),
    };
  }

  #setBranch(branch: BranchState): void {
    this.#branches.set(branch.id, branch);
    this.#latestMicros = Math.max(this.#latestMicros, branch.timeMicros);
  }

  #set(account: AccountState): void {
    this.#accounts.set(accountKey(account), account);
    if (account.customer?.startsWith(SEED_CUSTOMER_PREFIX)) {
      this.#seedAccounts.set(`${account.branch}/${account.customer}`, account);
    }
  }

  #register(entry: Entry): void {
    const key = `${entry.branch}/${entry.writeId}`;
    const known = this.#writes.get(key);
    this.#writes.set(key, {
      body: known?.body ?? entry.body ?? '',
      entries: known === undefined ? [entry] : [...known.entries, entry],
    });
  }
}

/** State as a store loads it; the entries are those of the writes whose ids the batch uses. */
export interface LoadedState {
  readonly branches: Iterable<BranchState>;
  readonly accounts: Iterable<AccountState>;
  /** In order of branch and position. */
  readonly entries: Iterable<Entry>;
}

/** What a batch changed. */
export interface BookChanges {
  readonly entries: readonly Entry[];
  readonly openedAccounts: readonly AccountState[];
  readonly changedAccounts: readonly AccountState[];
  /** The branches that got entries. */
  readonly branches: readonly BranchState[];
}

/** Branch and serial in one safe integer: serials have at most ten digits. */
function accountKey({ branch, serial }: AccountRef): number {
  return branch * 10_000_000_000 + serial;
}
