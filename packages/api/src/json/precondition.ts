import { AMOUNT_MAX, PRECONDITIONS_MAX } from '@giro/sdk';
import { z } from 'zod';
import { accountId } from './ids.js';
import { minorUnitsInput } from './minor-units.js';
import { positionInput } from './position.js';

const balance = minorUnitsInput(-AMOUNT_MAX, AMOUNT_MAX);

const preconditionInput = z
  .strictObject({
    account: accountId.meta({ description: 'An account of a branch that the write touches.' }),
    balanceAtLeast: balance.optional(),
    balanceAtMost: balance.optional(),
    position: positionInput(0n)
      .optional()
      .meta({ description: 'That of the last entry that changed the account.' }),
  })
  .refine(
    ({ balanceAtLeast, balanceAtMost, position }) =>
      balanceAtLeast !== undefined || balanceAtMost !== undefined || position !== undefined,
    'must have balanceAtLeast, balanceAtMost or position',
  )
  .meta({
    id: 'Precondition',
    minProperties: 2,
    description: 'What must be so of an account when the write is decided, inside its commit.',
  });

/** What must be so for a write to apply. */
export const preconditionsInput = z.array(preconditionInput).max(PRECONDITIONS_MAX).meta({
  id: 'Preconditions',
  description: 'The write is refused with PRECONDITION_FAILED unless all hold.',
});
