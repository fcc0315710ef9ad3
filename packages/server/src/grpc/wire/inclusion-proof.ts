import type { InclusionProof } from '@giro/sdk/protocol';
import type { ProvenEntry } from '../../store/read-proof.js';

export function wireInclusionProof(proven: ProvenEntry): InclusionProof {
  const { branch, position, canonicalEntry, first, last, path, previousHash, sealHash, notes } = proven;
  return {
    branch,
    position: BigInt(position),
    canonicalEntry,
    firstPosition: BigInt(first),
    lastPosition: BigInt(last),
    path: path.map((hash) => Buffer.from(hash)),
    previousHash,
    sealHash,
    notes: notes && {
      description: notes.description,
      metadata: { ...notes.metadata },
      salt: notes.salt,
    },
  };
}
