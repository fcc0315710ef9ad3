import type { Entry } from '../client/entry.js';
import type { InclusionProof } from '../client/inclusion-proof.js';
import type { JournalHead } from '../client/receipt.js';
import { decodeEntry, type CanonicalEntry } from './canonical-entry.js';
import { invalidProof } from './invalid-proof-error.js';
import { leafHash, rootFromPath } from './merkle.js';
import { notesHash } from './notes-hash.js';
import { provenEntry } from './proven-entry.js';
import { sealHash } from './seal-hash.js';

/**
 * Checks offline that an entry is in a branch's journal (docs/format.md). No server is asked, and nothing but the hash is
 * trusted: neither the proof, nor who gave it.
 *
 * @param trusted - the seal that a receipt of the entry's write, or the entry itself, carried when it was first seen; its
 *   hash covers all that came before
 * @returns the entry that the proof is about; description and metadata are there if the proof brings them along
 * @throws {@link InvalidProofError} with the part of the proof that does not fit in `field`
 *
 * @example
 * const [{ branch, position, seal }] = receipt.positions;
 * const entry = verifyInclusion(await bank.journal.proof({ branch, position }), seal);
 */
export function verifyInclusion(proof: InclusionProof, trusted: Pick<JournalHead, 'hash'>): Entry {
  const { firstPosition, lastPosition, notes } = proof;
  if (trusted.hash.length !== HASH_BYTES) throw invalidProof('hash', HAS_OTHER_LENGTH);
  const entry = entryOf(proof);
  const root = rootFromPath(leafHash(proof.canonicalEntry), {
    index: Number(proof.position - firstPosition),
    size: Number(lastPosition - firstPosition) + 1,
    path: proof.path,
  });
  if (root === undefined)
    throw invalidProof('path', 'is no way from such a position to the root of such a seal');
  const hash = hashOf(proof, root);
  if (!hash.equals(proof.sealHash)) throw invalidProof('path', "leads to another seal than the proof's own");
  if (!hash.equals(trusted.hash)) throw invalidProof('sealHash', 'is not the hash that is trusted');
  checkNotes(entry, notes);
  return provenEntry(entry, { position: lastPosition, hash: new Uint8Array(hash) }, notes);
}

/** SHA-256 */
const HASH_BYTES = 32;

const HAS_OTHER_LENGTH = `does not have ${HASH_BYTES} bytes`;

/** The entry, if the proof is about it. */
function entryOf({
  branch,
  position,
  firstPosition,
  lastPosition,
  canonicalEntry,
}: InclusionProof): CanonicalEntry {
  const entry = decoded(canonicalEntry);
  if (entry.branch !== branch)
    throw invalidProof('branch', `is ${branch}, the entry is of branch ${entry.branch}`);
  if (BigInt(entry.position) !== position) {
    throw invalidProof('position', `is ${position}, the entry stands at ${entry.position}`);
  }
  if (firstPosition < 1n || position < firstPosition || position > lastPosition) {
    throw invalidProof('position', `${position} is not among ${firstPosition}..${lastPosition}`);
  }
  return entry;
}

function decoded(bytes: Uint8Array): CanonicalEntry {
  try {
    return decodeEntry(bytes);
  } catch (error) {
    throw invalidProof('canonicalEntry', `is none: ${String(error)}`, error);
  }
}

function hashOf(
  { branch, firstPosition, lastPosition, previousHash }: InclusionProof,
  root: Uint8Array,
): Buffer {
  if (lastPosition > BigInt(Number.MAX_SAFE_INTEGER)) throw invalidProof('lastPosition', 'is beyond 2^53-1');
  if (previousHash.length !== HASH_BYTES) throw invalidProof('previousHash', HAS_OTHER_LENGTH);
  const [first, last] = [Number(firstPosition), Number(lastPosition)];
  return sealHash({ branch, first, last, root, previous: previousHash });
}

function checkNotes({ notes: kept }: CanonicalEntry, notes: InclusionProof['notes']): void {
  if (notes === undefined) return;
  if (kept === undefined) throw invalidProof('notes', 'belong to an entry that has none');
  if (!notesHash(notes).equals(kept.hash)) throw invalidProof('notes', 'do not fit their hash in the entry');
}
