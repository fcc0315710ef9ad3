import type { AccountRef } from '@giro/sdk/protocol';
import { BranchMap } from '../ledger/branch-map.js';
import type { Entry } from '../ledger/entry.js';

/** The postings of an account, as its row knows them. */
export interface PostingChain {
  /** The position of the last one; 0 if there is none. */
  readonly last: number;
  readonly count: number;
}

export const NO_POSTINGS: PostingChain = { last: 0, count: 0 };

/** The positions of the postings before a posting, of its debited and of its credited account; 0 if there is none. */
export interface PostingLinks {
  readonly debit: number;
  readonly credit: number;
}

/** Tells that an account has a posting at a position, to begin a walk along its chain there. */
export interface PostingMark extends AccountRef {
  readonly position: number;
}

/**
 * Every so manieth posting of an account gets a mark: so many steps are the most that it takes to a position, and a mark
 * costs what an index would, divided by it.
 */
export const MARK_INTERVAL = 32;

/**
 * Chains the postings of each account backwards (docs/adr/0007): a statement walks along the chain by the primary key,
 * and no index has to be kept for it.
 */
export class PostingChains {
  readonly #chains = new BranchMap<number, PostingChain>();
  readonly #marks: PostingMark[] = [];

  /** Enters a chain as it was loaded. */
  load(account: AccountRef, chain: PostingChain): void {
    this.#chains.set(account.branch, account.serial, chain);
  }

  of(account: AccountRef): PostingChain {
    return this.#chains.get(account.branch, account.serial) ?? NO_POSTINGS;
  }

  /** Adds the next entry of a branch; undefined if it is no posting. */
  link({ branch, position, change }: Entry): PostingLinks | undefined {
    if (change.kind !== 'posting') return undefined;
    return {
      debit: this.#add({ branch, serial: change.debit }, position),
      credit: this.#add({ branch, serial: change.credit }, position),
    };
  }

  /** The marks that were made. */
  get marks(): readonly PostingMark[] {
    return this.#marks;
  }

  #add(account: AccountRef, position: number): number {
    const { last, count } = this.of(account);
    this.load(account, { last: position, count: count + 1 });
    if ((count + 1) % MARK_INTERVAL === 0) this.#marks.push({ ...account, position });
    return last;
  }
}
