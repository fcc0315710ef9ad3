import type { AccountRef } from '@giro/sdk/protocol';
import type { BookChanges } from '../ledger/books.js';
import type { BranchState } from '../ledger/state.js';
import type { KeptAccount } from './account-columns.js';

/** Accounts remembered at once, at about 500 bytes each. When there are more, all are forgotten, and loaded anew as they are needed. */
const KNOWN_ACCOUNTS_MAX = 200_000;

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
  #accounts = 0;

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
    this.#branches.set(state.id, { state, accounts: new Map() });
  }

  /** Takes in an account of a known branch. */
  learnAccount(known: KnownAccount): void {
    const accounts = this.#branches.get(known.account.branch)?.accounts;
    if (accounts === undefined) return;
    if (!accounts.has(known.account.serial)) this.#accounts++;
    accounts.set(known.account.serial, known);
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
    if (this.#accounts > KNOWN_ACCOUNTS_MAX) this.forgetAll();
  }

  forgetAccount({ branch, serial }: AccountRef): void {
    if (this.#branches.get(branch)?.accounts.delete(serial) === true) this.#accounts--;
  }

  forget(branch: number): void {
    this.#accounts -= this.#branches.get(branch)?.accounts.size ?? 0;
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
    this.#accounts = 0;
  }

  #expectExpiry(ref: AccountRef, expiresMicros: number): void {
    const known = this.account(ref);
    if (known === undefined || known.nextExpiryMicros <= expiresMicros) return;
    this.learnAccount({ ...known, nextExpiryMicros: expiresMicros });
  }
}
