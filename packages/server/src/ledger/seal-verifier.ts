import { entryLeaf, MerkleTree, NO_SEAL, notesHash, sealHash } from '@giro/sdk/protocol';
import type { Entry } from './entry.js';
import { fits, JournalMisfit } from './journal-misfit.js';
import { digestOf, type JournalHead, type Seal } from './seal.js';

/** A seal as it is kept: its branch and the hash of the one before are the verifier's to know. */
export type KeptSeal = Pick<Seal, 'first' | 'last' | 'root' | 'hash'>;

/** Where a journal that has no entry yet stands. */
export const BEFORE_JOURNAL: JournalHead = { position: 0, hash: Buffer.from(NO_SEAL) };

/**
 * Verifies digests and seals of a branch's journal, and that they are chained (R9), from any seal on. Each seal comes
 * before the entries that it covers. Every method throws a {@link JournalMisfit} at the first position that does not fit.
 */
export class SealVerifier {
  readonly #branch: number;
  #position: number;
  #head: JournalHead;
  /** The one that covers the next entry, and the leaves under it so far. */
  #seal: KeptSeal | undefined;
  #tree = new MerkleTree();

  /** @param from - a seal that is known to fit */
  constructor(branch: number, from: JournalHead = BEFORE_JOURNAL) {
    this.#branch = branch;
    this.#position = from.position;
    this.#head = from;
  }

  /** The last position that fits. */
  get position(): number {
    return this.#position;
  }

  /** The last seal that fits. */
  get head(): JournalHead {
    return this.#head;
  }

  /** The seal that covers the next entry, if it has come. */
  get open(): KeptSeal | undefined {
    return this.#seal;
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
    fits(
      next,
      entry.position === next.position,
      () => `it is missing: the next entry is at ${entry.position}`,
    );
    fits(next, entry.branch === this.#branch, () => `it is an entry of branch ${entry.branch}`);
    fits(next, this.#seal !== undefined, 'no seal covers it');
    const leaf = leafOf(entry);
    fits(next, digestOf(leaf).equals(digest), 'it does not fit its digest');
    checkNotes(entry);
    this.#tree.add(leaf);
  }

  /** Ends the entry that was taken: with it may end its seal. @returns the seal that ended */
  endEntry({ position }: Entry): JournalHead | undefined {
    const seal = this.#seal;
    this.#position = position;
    if (seal?.last !== position) return undefined;
    this.#closeSeal(seal);
    return this.#head;
  }

  /** Ends the journal: there is no entry any more. */
  endJournal(): void {
    const seal = this.#seal;
    const next = this.#next();
    fits(
      next,
      seal === undefined,
      () => `it is missing: a seal covers ${seal?.first ?? 0}..${seal?.last ?? 0}`,
    );
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
