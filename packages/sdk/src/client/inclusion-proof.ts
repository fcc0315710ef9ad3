import type { InclusionProof as WireInclusionProof } from '../gen/giro/v1/journal_service.js';
import { present } from './answer.js';
import type { Metadata } from './write-params.js';

/**
 * The proof that an entry is in a branch's journal: its canonical bytes and its way up to a seal (RFC 6962). Check it
 * offline with {@link verifyInclusion} against the seal's hash in a receipt.
 */
export interface InclusionProof {
  readonly branch: number;
  readonly position: bigint;
  readonly canonicalEntry: Uint8Array;
  /** The first position that the seal covers. */
  readonly firstPosition: bigint;
  /** The last position that the seal covers. */
  readonly lastPosition: bigint;
  /** The hashes beside the way from the entry to the seal's root, from the bottom up. */
  readonly path: readonly Uint8Array[];
  /** The hash of the seal before; 32 zero bytes for the first. */
  readonly previousHash: Uint8Array;
  /** The hash of the seal: the one that receipts of this entry's write carry. */
  readonly sealHash: Uint8Array;
  /** What the entry's hash of description and metadata was made from; absent if there was none or it was erased. */
  readonly notes?: ProofNotes;
}

/** Description and metadata as they enter an entry's canonical bytes: as a salted hash, so that they can be erased. */
export interface ProofNotes {
  /** Empty for none. */
  readonly description: string;
  readonly metadata: Metadata;
  /** 16 random bytes. */
  readonly salt: Uint8Array;
}

export function inclusionProofFrom(wire: WireInclusionProof | undefined): InclusionProof {
  const proof = present(wire, 'proof');
  return {
    branch: present(proof.branch, 'proof.branch'),
    position: proof.position,
    canonicalEntry: new Uint8Array(proof.canonicalEntry),
    firstPosition: proof.firstPosition,
    lastPosition: proof.lastPosition,
    path: proof.path.map((hash) => new Uint8Array(hash)),
    previousHash: new Uint8Array(proof.previousHash),
    sealHash: new Uint8Array(proof.sealHash),
    ...(proof.notes !== undefined && { notes: notesFrom(proof.notes) }),
  };
}

function notesFrom({ description, metadata, salt }: NonNullable<WireInclusionProof['notes']>): ProofNotes {
  return { description, metadata, salt: new Uint8Array(salt) };
}
