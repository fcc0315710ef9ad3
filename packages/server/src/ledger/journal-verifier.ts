import type { Entry } from './entry.js';
import { fits, JournalMisfit } from './journal-misfit.js';
import type { JournalHead } from './seal.js';
import { BEFORE_JOURNAL, SealVerifier, type KeptSeal } from './seal-verifier.js';
import type { AccountState, BranchState, HoldState } from './state.js';
import { VerifiedBooks } from './verified-books.js';
import { VerifiedWrites } from './verified-writes.js';

/**
 * Verifies a branch's journal from position 1 (R9): digests, seals and their chain, and that the rules hold at every
 * position (R1 to R8 and R10, as far as one branch can tell); then that what is kept beside it is what it says. Every
 * method throws a {@link JournalMisfit} at the first position that does not fit; then the verifier is done.
 *
 * First come the seals and entries in order, each seal before the entries that it covers; then `endJournal`,
 * `compareBranch`, `compareAccount` for each account, and `endComparison`. That no id is used twice is not verified
 * here, since it would take all ids into memory: the unique index over entries keeps it so.
 */
export class JournalVerifier {
  readonly #branch: number;
  /** Until it is found. */
  #trusted: JournalHead | undefined;
  readonly #writes = new VerifiedWrites();
  readonly #books = new VerifiedBooks();
  readonly #seals: SealVerifier;
  #timeMicros = 0;

  /** @param trusted - a seal that the journal must have, known from elsewhere: without one, a tail may be cut off unseen */
  constructor(branch: number, trusted?: JournalHead) {
    this.#branch = branch;
    this.#seals = new SealVerifier(branch);
    const isBeginning = trusted?.position === 0 && BEFORE_JOURNAL.hash.equals(trusted.hash);
    this.#trusted = isBeginning ? undefined : trusted;
  }

  /** The last position that fits. */
  get position(): number {
    return this.#seals.position;
  }

  /** The last seal that fits. */
  get head(): JournalHead {
    return this.#seals.head;
  }

  /** Tells whether a seal is to come before the next entry. */
  get needsSeal(): boolean {
    return this.#seals.open === undefined;
  }

  /** Takes the seal that covers the next entries. */
  takeSeal(seal: KeptSeal): void {
    this.#seals.takeSeal(seal);
  }

  /** Takes the next entry. @param digest - what is kept with it of its hash */
  takeEntry(entry: Entry, digest: Buffer): void {
    this.#seals.takeEntry(entry, digest);
    this.#writes.take(entry);
    this.#books.take(entry);
    const ended = this.#seals.endEntry(entry);
    if (ended !== undefined) this.#checkTrusted(ended);
    this.#timeMicros = entry.timeMicros;
  }

  /** Compares how the hold that the last entry has placed is kept, or that it is. */
  compareHold(entry: Entry, kept: HoldState | undefined): void {
    this.#books.compareHold(entry, kept);
  }

  /** Ends the journal: there is no entry any more. */
  endJournal(): void {
    this.#seals.endJournal();
    const trusted = this.#trusted;
    if (trusted === undefined) return;
    const reached = trusted.position <= this.position;
    fits(this.#next(), reached, () => `it is missing: a seal that ends at ${trusted.position} was seen`);
    throw new JournalMisfit(trusted.position, 'no seal ends here, but one was seen');
  }

  /** Compares how the branch is kept with the journal, which has ended. */
  compareBranch(kept: BranchState): void {
    const longer = kept.position > this.position;
    fits(this.#next(), !longer, () => `it is missing: the branch is kept as at position ${kept.position}`);
    const said: Omit<BranchState, 'headHash'> = {
      id: this.#branch,
      position: this.position,
      timeMicros: this.#timeMicros,
      ...this.#books.branch,
    };
    for (const field of ['id', 'position', 'timeMicros', 'nextSerial', 'openAccounts', 'closed'] as const) {
      const difference = () =>
        `${field} as ${String(kept[field])}, where the journal says ${String(said[field])}`;
      fits(this, kept[field] === said[field], () => `the branch is kept with ${difference()}`);
    }
    fits(this, kept.headHash.equals(this.head.hash), 'the branch is kept with another head hash');
  }

  /** Compares how an account is kept with the journal, which has ended. */
  compareAccount(kept: AccountState): void {
    this.#books.compareAccount(kept, this.position);
  }

  /** Ends the comparison: all accounts were compared. Of several misfits, the first by position is thrown. */
  endComparison(): void {
    this.#books.endComparison();
  }

  #next(): { readonly position: number } {
    return { position: this.position + 1 };
  }

  #checkTrusted(head: JournalHead): void {
    const trusted = this.#trusted;
    if (trusted?.position !== head.position) return;
    fits(trusted, head.hash.equals(trusted.hash), 'another seal ends here than was seen');
    this.#trusted = undefined;
  }
}
