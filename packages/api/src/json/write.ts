import { DESCRIPTION_LENGTH_MAX } from '@giro/sdk';
import { z } from 'zod';
import { metadataInput, metadataSchema } from './metadata.js';
import { preconditionsInput } from './precondition.js';

/** What the body of every write may hold beside its own fields. */
export const writeFields = {
  description: z
    .string()
    .max(DESCRIPTION_LENGTH_MAX)
    .optional()
    .meta({ description: 'For people; statements show it.', example: 'Rent for November' }),
  metadata: metadataInput.optional(),
  preconditions: preconditionsInput.optional(),
};

/** The body of a write that has no fields of its own. */
export const writeInput = z.strictObject(writeFields).meta({ id: 'WriteRequest' });

/** What answers tell of the description and metadata of a write. */
export const notesFields = {
  description: z.string().optional(),
  metadata: metadataSchema,
};
