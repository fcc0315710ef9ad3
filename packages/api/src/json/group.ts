import type { Group } from '@giro/sdk';
import { z } from 'zod';
import { timeSchema, toTimeJson } from './time.js';
import { toTransferJson, transferSchema } from './transfer.js';
import { notesFields } from './write.js';

export const groupSchema = z
  .object({
    id: z.string(),
    time: timeSchema,
    branches: z.array(z.int()).meta({ description: 'The branches that it touched, in order.' }),
    transfers: z.array(transferSchema).meta({
      description:
        'In the order in which they applied; members that only placed or released holds are not among them.',
    }),
    reversalOf: z.string().optional().meta({ description: 'The group that this one reverses.' }),
    ...notesFields,
  })
  .meta({ id: 'Group', description: 'An applied group: writes that happened together.' });

export function toGroupJson(group: Group): z.output<typeof groupSchema> {
  return {
    id: group.id,
    time: toTimeJson(group.timeMicros),
    branches: [...group.branches],
    transfers: group.transfers.map(toTransferJson),
    reversalOf: group.reversalOf,
    description: group.description,
    metadata: group.metadata,
  };
}
