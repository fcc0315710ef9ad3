import type { AccountRef } from '@giro/sdk/protocol';
import type { BookChanges } from '../ledger/books.js';
import type { BranchState } from '../ledger/state.js';
import type { KeptAccount } from './account-columns.js';

/**
 * What may be remembered at once, in bytes of memory: 200,000 accounts without metadata, and a small part of what a
 * server is given. When there is more, all is forgotten, and loaded anew as it is needed.
 */
export const KNOWN_BYTES_MAX = 150_000_000;

/** What an account takes, its metadata aside: its state with four amounts, and its place in a map. */
const ACCOUNT_BYTES = 750;

/** What a pair of metadata takes beside its characters, of which each takes two bytes at most. */
const PAIR_BYTES = 80;

/** An account that is remembered. */
export interface KnownAccount extends KeptAccount {
  /** When the first of its open holds expires, on either side; Infinity if none does. */
  readonly nextExpiryMicros: number;
}

/**
 * How long a branch that somebody else has written to is left to the locks: whoever guesses wrong has done the work for
 * nothing.
 */
const CONTESTED_FOR_MS = 500;

interface KnownBranch {
  state: BranchState;
  readonly accounts: Map<number, KnownAccount>;
  /** What the accounts take. */
  bytes: number;
}

/**
 * What this server remembers of the books after its last commit. It is right as long as nobody else writes to the same
 * branches; whether that is so, the fence of the next commit tells (traps 1, 2). Whatever is remembered of a branch
 * belongs to its one position.
 */
export class KnownBooks {
  readonly #branches = new Map<number, KnownBranch>();
  /** Until when, by the clock that never goes back. */
  readonly #contestedUntilMs = new Map<number, number>();
  #bytes = 0;

  branch(id: number): BranchState | undefined {
    return this.#branches.get(id)?.state;
  }

  account({ branch, serial }: AccountRef): KnownAccount | undefined {
    return this.#branches.get(branch)?.accounts.get(serial);
  }

  /** Takes in a branch as it is; with it what is known of its accounts, if it stands where it was known to be. */
  learnBranch(state: BranchState): void {
    const known = this.#branches.get(state.id);
    const stands = known?.state.position === state.position && known.state.headHash.equals(state.headHash);
    if (stands) return;
    this.forget(state.id);
    this.#branches.set(state.id, { state, accounts: new Map(), bytes: 0 });
  }

  /** Takes in an account of a known branch. */
  learnAccount(known: KnownAccount): void {
    const branch = this.#branches.get(known.account.branch);
    if (branch === undefined) return;
    const before = branch.accounts.get(known.account.serial);
    if (before?.account.metadata !== known.account.metadata)
      this.#grow(branch, bytesOf(known) - bytesOf(before));
    branch.accounts.set(known.account.serial, known);
  }

  /** Goes on to where a commit leaves the branches. */
  advance({ sealed }: BookChanges): void {
    for (const { branch } of sealed) {
      const known = this.#branches.get(branch.id);
      if (known !== undefined) known.state = branch;
    }
  }

  /** Takes in the accounts that a commit has changed or opened, of which all that were there before were known. */
  learnChanged({ placedHolds }: BookChanges, changed: readonly KeptAccount[]): void {
    for (const { account, chain } of changed) {
      const nextExpiryMicros = this.account(account)?.nextExpiryMicros ?? Infinity;
      this.learnAccount({ account, chain, nextExpiryMicros });
    }
    for (const { branch, debit, credit, expiresMicros = Infinity } of placedHolds) {
      for (const serial of [debit, credit]) this.#expectExpiry({ branch, serial }, expiresMicros);
    }
  }

  /** Forgets everything if it has become too much. To be called before what is known is relied on. */
  makeRoom(): void {
    if (this.#bytes > KNOWN_BYTES_MAX) this.forgetAll();
  }

  forgetAccount({ branch, serial }: AccountRef): void {
    const known = this.#branches.get(branch);
    if (known === undefined) return;
    this.#grow(known, -bytesOf(known.accounts.get(serial)));
    known.accounts.delete(serial);
  }

  forget(branch: number): void {
    this.#bytes -= this.#branches.get(branch)?.bytes ?? 0;
    this.#branches.delete(branch);
  }

  /** Forgets a branch that somebody else has written to. */
  contest(branch: number): void {
    this.forget(branch);
    this.#contestedUntilMs.set(branch, performance.now() + CONTESTED_FOR_MS);
  }

  /** Tells whether somebody else wrote to a branch a short time ago. */
  isContested(branch: number): boolean {
    const untilMs = this.#contestedUntilMs.get(branch);
    if (untilMs === undefined) return false;
    if (performance.now() < untilMs) return true;
    this.#contestedUntilMs.delete(branch);
    return false;
  }

  forgetAll(): void {
    this.#branches.clear();
    this.#bytes = 0;
  }

  #grow(branch: KnownBranch, bytes: number): void {
    branch.bytes += bytes;
    this.#bytes += bytes;
  }

  #expectExpiry(ref: AccountRef, expiresMicros: number): void {
    const known = this.account(ref);
    if (known === undefined || known.nextExpiryMicros <= expiresMicros) return;
    this.learnAccount({ ...known, nextExpiryMicros: expiresMicros });
  }
}

function bytesOf(known: KnownAccount | undefined): number {
  if (known === undefined) return 0;
  const pairs = Object.entries(known.account.metadata);
  return pairs.reduce(
    (bytes, [key, value]) => bytes + PAIR_BYTES + 2 * (key.length + value.length),
    ACCOUNT_BYTES,
  );
}
