import type { InclusionProof } from '@giro/sdk';
import { z } from 'zod';
import { metadataSchema } from './metadata.js';
import { integerSchema } from './money.js';
import { bytesSchema, hashSchema, toHex } from './position.js';

export const inclusionProofSchema = z
  .object({
    branch: z.int(),
    position: integerSchema,
    canonicalEntry: bytesSchema.meta({ description: "The entry's canonical bytes, in hexadecimal." }),
    firstPosition: integerSchema.meta({ description: 'The first position that the seal covers.' }),
    lastPosition: integerSchema.meta({ description: 'The last position that the seal covers.' }),
    path: z.array(hashSchema).meta({
      description: "The hashes beside the way from the entry to the seal's root, from the bottom up.",
    }),
    previousHash: hashSchema.meta({ description: 'Of the seal before; zeros for the first.' }),
    sealHash: hashSchema.meta({ description: "The one that receipts of this entry's write carry." }),
    notes: z
      .object({ description: z.string(), metadata: metadataSchema, salt: bytesSchema })
      .optional()
      .meta({
        description:
          "What the entry's hash of description and metadata was made from; absent if there was none or it was erased.",
      }),
  })
  .meta({
    id: 'InclusionProof',
    description: "An entry's way up to a seal (RFC 6962), to be checked offline, as the SDK does.",
  });

export function toInclusionProofJson(proof: InclusionProof): z.output<typeof inclusionProofSchema> {
  const { notes } = proof;
  return {
    branch: proof.branch,
    position: proof.position.toString(),
    canonicalEntry: toHex(proof.canonicalEntry),
    firstPosition: proof.firstPosition.toString(),
    lastPosition: proof.lastPosition.toString(),
    path: proof.path.map(toHex),
    previousHash: toHex(proof.previousHash),
    sealHash: toHex(proof.sealHash),
    notes: notes && { ...notes, salt: toHex(notes.salt) },
  };
}
