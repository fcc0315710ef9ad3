import type { AccountRef } from '@giro/sdk/protocol';
import type { Entry } from '../ledger/entry.js';
import { fits, JournalMisfit } from '../ledger/journal-misfit.js';
import { nameOf } from '../ledger/verified-account.js';
import type { KeptEntry } from './entry-columns.js';
import {
  NO_POSTINGS,
  PostingChains,
  type PostingChain,
  type PostingLinks,
  type PostingMark,
} from './posting-chains.js';

/** An account, with where it was last changed. */
export type ChangedAccount = AccountRef & { readonly position: number };

/** The chains of a branch's postings as a verification makes them from the journal, entry by entry. */
export class VerifiedChains {
  /** By serial: all accounts are of one branch. */
  readonly #chains = new Map<number, PostingChain>();
  #marks: PostingMark[] = [];
  /** The first by position of the accounts that are kept with another chain. */
  #keptMisfit: JournalMisfit | undefined;

  /** Takes in the next entry. @throws {@link JournalMisfit} if its links lead elsewhere */
  take({ entry, links }: KeptEntry): void {
    const step = new PostingChains();
    const accounts = accountsOf(entry);
    for (const account of accounts) step.load(account, this.#of(account));
    const said = step.link(entry);
    fits(entry, areSame(said, links), () => `is chained to ${textOf(links)}, not to ${textOf(said)}`);
    for (const account of accounts) this.#chains.set(account.serial, step.of(account));
    this.#marks.push(...step.marks);
  }

  /** The marks of the postings that were taken in since the last call. */
  takeMarks(): readonly PostingMark[] {
    const marks = this.#marks;
    this.#marks = [];
    return marks;
  }

  /** Compares how the chain of an account is kept, after the journal has ended. */
  compareAccount(account: ChangedAccount, { last, count }: PostingChain): void {
    const said = this.#of(account);
    if (last === said.last && count === said.count) return;
    if (account.position >= (this.#keptMisfit?.position ?? Infinity)) return;
    this.#keptMisfit = new JournalMisfit(
      account.position,
      `${nameOf(account)} is kept with ${count} postings up to ${last}, ` +
        `where the journal has ${said.count} up to ${said.last}`,
    );
  }

  /** Ends the comparison. @throws {@link JournalMisfit}, the first by position, if an account is kept otherwise */
  endComparison(): void {
    if (this.#keptMisfit !== undefined) throw this.#keptMisfit;
  }

  #of({ serial }: AccountRef): PostingChain {
    return this.#chains.get(serial) ?? NO_POSTINGS;
  }
}

/** The accounts of a posting. */
function accountsOf({ branch, change }: Entry): AccountRef[] {
  if (change.kind !== 'posting') return [];
  return [
    { branch, serial: change.debit },
    { branch, serial: change.credit },
  ];
}

function areSame(a: PostingLinks | undefined, b: PostingLinks | undefined): boolean {
  return a?.debit === b?.debit && a?.credit === b?.credit;
}

function textOf(links: PostingLinks | undefined): string {
  return links === undefined ? 'nothing' : `${links.debit} and ${links.credit}`;
}
