import { entryLeaf, merkleRoot, sealHash } from '@giro/sdk/protocol';
import type { Entry } from './entry.js';

/** The end of a sealed part of a journal (R9). */
export interface JournalHead {
  /** The last position that the seal covers. */
  readonly position: number;
  /** SHA-256, 32 bytes. */
  readonly hash: Buffer;
}

/** What one commit appended to a branch, sealed together with everything before it (R9). */
export interface Seal {
  readonly branch: number;
  readonly first: number;
  readonly last: number;
  /** RFC 6962 Merkle root over the canonical bytes of entries first..last. */
  readonly root: Buffer;
  /** The hash of the seal before; 32 zero bytes for the first. */
  readonly previous: Buffer;
  readonly hash: Buffer;
}

/** A seal, and what each entry that it covers keeps of its own hash. */
export interface SealedEntries {
  readonly seal: Seal;
  /** See {@link digestOf}, in the order of the entries. */
  readonly digests: readonly Buffer[];
}

/**
 * Seals what a commit appends to a branch.
 *
 * @param entries - at least one, of one branch, at consecutive positions
 * @param previous - the hash of the seal that ends just before them; 32 zero bytes for the first
 * @throws Error if the entries are not so: the commit must not go on
 */
export function sealEntries(entries: readonly Entry[], previous: Buffer): SealedEntries {
  const [start] = entries;
  if (start === undefined) throw new Error('there is nothing to seal');
  const { branch, position: first } = start;
  const stray = entries.find((entry, index) => entry.branch !== branch || entry.position !== first + index);
  if (stray !== undefined) {
    throw new Error(
      `position ${stray.position} of branch ${stray.branch} is out of place in a seal from ${first}`,
    );
  }
  const leaves = entries.map(entryLeaf);
  const parts = { branch, first, last: first + entries.length - 1, root: merkleRoot(leaves), previous };
  return { seal: { ...parts, hash: sealHash(parts) }, digests: leaves.map(digestOf) };
}

/**
 * What an entry keeps of the hash of its leaf: enough to tell which entry is damaged where a seal only tells that one
 * of its entries is.
 */
export function digestOf(leaf: Buffer): Buffer {
  return leaf.subarray(0, DIGEST_BYTES);
}

const DIGEST_BYTES = 8;
