import { entryLeaf, MerkleTree, NO_SEAL, notesHash, sealHash } from '@giro/sdk/protocol';
import type { Entry } from './entry.js';
import { fits, JournalMisfit } from './journal-misfit.js';
import { digestOf, type JournalHead, type Seal } from './seal.js';
import type { AccountState, BranchState, HoldState } from './state.js';
import { VerifiedBooks } from './verified-books.js';
import { VerifiedWrites } from './verified-writes.js';

/** A seal as it is kept: its branch and the hash of the one before are the verifier's to know. */
export type KeptSeal = Pick<Seal, 'first' | 'last' | 'root' | 'hash'>;

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
  #position = 0;
  #timeMicros = 0;
  #head: JournalHead = { position: 0, hash: Buffer.from(NO_SEAL) };
  /** The one that covers the next entry, and the leaves under it so far. */
  #seal: KeptSeal | undefined;
  #tree = new MerkleTree();

  /** @param trusted - a seal that the journal must have, known from elsewhere: without one, a tail may be cut off unseen */
  constructor(branch: number, trusted?: JournalHead) {
    this.#branch = branch;
    const isBeginning = trusted?.position === 0 && this.#head.hash.equals(trusted.hash);
    this.#trusted = isBeginning ? undefined : trusted;
  }

  /** The last position that fits. */
  get position(): number {
    return this.#position;
  }

  /** The last seal that fits. */
  get head(): JournalHead {
    return this.#head;
  }

  /** Tells whether a seal is to come before the next entry. */
  get needsSeal(): boolean {
    return this.#seal === undefined;
  }

  /** Takes the seal that covers the next entries. */
  takeSeal(seal: KeptSeal): void {
    const next = this.#next();
    const begins = seal.first === next.position && seal.first <= seal.last;
    fits(next, begins, () => `no seal begins here: the next covers ${seal.first}..${seal.last}`);
    this.#seal = seal;
    this.#tree = new MerkleTree();
  }

  /** Takes the next entry. @param digest - what is kept with it of its hash, see {@link digestOf} */
  takeEntry(entry: Entry, digest: Buffer): void {
    const next = this.#next();
    const seal = this.#seal;
    fits(
      next,
      entry.position === next.position,
      () => `it is missing: the next entry is at ${entry.position}`,
    );
    fits(next, entry.branch === this.#branch, () => `it is an entry of branch ${entry.branch}`);
    fits(next, seal !== undefined, 'no seal covers it');
    const leaf = leafOf(entry);
    fits(next, digestOf(leaf).equals(digest), 'it does not fit its digest');
    checkNotes(entry);
    this.#writes.take(entry);
    this.#books.take(entry);
    this.#tree.add(leaf);
    if (entry.position === seal.last) this.#closeSeal(seal);
    this.#position = entry.position;
    this.#timeMicros = entry.timeMicros;
  }

  /** Compares how the hold that the last entry has placed is kept, or that it is. */
  compareHold(entry: Entry, kept: HoldState | undefined): void {
    this.#books.compareHold(entry, kept);
  }

  /** Ends the journal: there is no entry any more. */
  endJournal(): void {
    const next = this.#next();
    const seal = this.#seal;
    fits(
      next,
      seal === undefined,
      () => `it is missing: a seal covers ${seal?.first ?? 0}..${seal?.last ?? 0}`,
    );
    const trusted = this.#trusted;
    if (trusted === undefined) return;
    const reached = trusted.position <= this.#position;
    fits(next, reached, () => `it is missing: a seal that ends at ${trusted.position} was seen`);
    throw new JournalMisfit(trusted.position, 'no seal ends here, but one was seen');
  }

  /** Compares how the branch is kept with the journal, which has ended. */
  compareBranch(kept: BranchState): void {
    const longer = kept.position > this.#position;
    fits(this.#next(), !longer, () => `it is missing: the branch is kept as at position ${kept.position}`);
    const said: Omit<BranchState, 'headHash'> = {
      id: this.#branch,
      position: this.#position,
      timeMicros: this.#timeMicros,
      ...this.#books.branch,
    };
    for (const field of ['id', 'position', 'timeMicros', 'nextSerial', 'openAccounts', 'closed'] as const) {
      const difference = () =>
        `${field} as ${String(kept[field])}, where the journal says ${String(said[field])}`;
      fits(this, kept[field] === said[field], () => `the branch is kept with ${difference()}`);
    }
    fits(this, kept.headHash.equals(this.#head.hash), 'the branch is kept with another head hash');
  }

  /** Compares how an account is kept with the journal, which has ended. */
  compareAccount(kept: AccountState): void {
    this.#books.compareAccount(kept, this.#position);
  }

  /** Ends the comparison: all accounts were compared. Of several misfits, the first by position is thrown. */
  endComparison(): void {
    this.#books.endComparison();
  }

  #next(): { readonly position: number } {
    return { position: this.#position + 1 };
  }

  #closeSeal({ first, last, root, hash }: KeptSeal): void {
    const place = { position: first };
    const positions = `the entries at ${first}..${last}`;
    fits(place, this.#tree.root().equals(root), `${positions} do not fit their seal`);
    const branch = this.#branch;
    const computed = sealHash({ branch, first, last, root, previous: this.#head.hash });
    fits(place, computed.equals(hash), `the seal of ${positions} does not fit what it covers`);
    this.#seal = undefined;
    this.#head = { position: last, hash };
    this.#checkTrusted();
  }

  #checkTrusted(): void {
    const trusted = this.#trusted;
    if (trusted?.position !== this.#head.position) return;
    fits(trusted, this.#head.hash.equals(trusted.hash), 'another seal ends here than was seen');
    this.#trusted = undefined;
  }
}

function leafOf(entry: Entry): Buffer {
  try {
    return entryLeaf(entry);
  } catch (error) {
    throw new JournalMisfit(entry.position, `it has no canonical bytes: ${String(error)}`);
  }
}

/** The canonical bytes have only the hash of the notes, so that these can be erased. */
function checkNotes(entry: Entry): void {
  const { notes, hash } = entry.notes ?? {};
  if (notes === undefined || hash === undefined) return;
  fits(entry, notesHash(notes).equals(hash), 'its description and metadata do not fit their hash');
}
