import { BRANCH_ID_MAX, CUSTOMER_ID_LENGTH_MAX, parseAccountId } from '@giro/sdk';
import { z } from 'zod';

/** A branch's number in JSON. */
export const branchId = z
  .int()
  .min(0)
  .max(BRANCH_ID_MAX)
  .meta({ description: "The branch's number.", example: 17 });

/** A branch's number in a path. */
export const branchIdText = z
  .string()
  .regex(/^(0|[1-9]\d{0,3})$/, `must be a branch's number, 0 to ${BRANCH_ID_MAX}`)
  .transform(Number)
  .meta({
    type: 'integer',
    pattern: undefined,
    minimum: 0,
    maximum: BRANCH_ID_MAX,
    description: "The branch's number.",
    example: 17,
  });

/** An account id in requests, check digits included. */
export const accountId = z
  .string()
  .refine((id) => parseAccountId(id) !== undefined, "is no account id such as '17-1042-02', or was mistyped")
  .meta({
    description: '`<branch>-<serial>-<check>`, with two check digits (ISO 7064 MOD 97-10).',
    pattern: '^(0|[1-9][0-9]{0,3})-[1-9][0-9]{0,9}-[0-9]{2}$',
    example: '17-1042-02',
  });

/** The id of a write, a UUID of any version; its letters become lower case. */
export const writeId = z
  .guid('is no UUID')
  .transform((id) => id.toLowerCase())
  .meta({
    format: 'uuid',
    pattern: undefined,
    description: 'The id of the write.',
    example: '0199e0a4-6c1e-7cc3-98c4-dc0c0c07398f',
  });

/** A customer's id. */
export const customerId = z
  .string()
  .min(1)
  .max(CUSTOMER_ID_LENGTH_MAX)
  .meta({ description: 'Who holds the account; unique per branch.', example: 'alice' });
