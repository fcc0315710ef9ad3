import { AMOUNT_MAX, GROUP_MEMBERS_MAX, HOLD_EXPIRES_IN_MS_MAX } from '@giro/sdk';
import { z } from 'zod';
import { accountId, branchId, writeId } from './ids.js';
import { minorUnitsInput } from './minor-units.js';
import { positiveMoneyInput } from './money.js';
import { writeFields } from './write.js';

const debited = accountId.meta({ description: 'The account to debit.' });
const credited = accountId.meta({ description: 'The account to credit.' });

/** The bodies of the ways to move money. */
export const depositInput = z
  .strictObject({ to: credited, amount: positiveMoneyInput, ...writeFields })
  .meta({ id: 'DepositRequest' });

export const withdrawalInput = z
  .strictObject({ from: debited, amount: positiveMoneyInput, ...writeFields })
  .meta({ id: 'WithdrawalRequest' });

export const transferInput = z
  .strictObject({ from: debited, to: credited, amount: positiveMoneyInput, ...writeFields })
  .meta({ id: 'TransferRequest' });

export const operatorTransferInput = transferInput.meta({
  id: 'OperatorTransferRequest',
  description: "Either account may also be the bank's exchange, income or expense.",
});

/** The bodies of a hold's life. */
export const placeHoldInput = z
  .strictObject({
    from: accountId.meta({ description: 'The account whose money is reserved.' }),
    to: accountId.meta({ description: 'The account that a capture credits.' }),
    amount: positiveMoneyInput,
    expiresInMs: z
      .int()
      .min(1)
      .max(HOLD_EXPIRES_IN_MS_MAX)
      .optional()
      .meta({ description: 'From the time of the hold, in milliseconds. By default it does not expire.' }),
    ...writeFields,
  })
  .meta({ id: 'PlaceHoldRequest' });

export const captureHoldInput = z
  .strictObject({
    amount: minorUnitsInput(1n, AMOUNT_MAX).optional().meta({
      description:
        "Minor units of the hold's currency, at most what it reserves; the rest is released. By default all of it.",
    }),
    ...writeFields,
  })
  .meta({ id: 'CaptureHoldRequest' });

/** An id that a write of many gets, unless it names its own. */
const id = writeId.optional().meta({
  description: "Any UUID: the id of this write. By default it is made from the request's Idempotency-Key.",
});

const holdRef = {
  branch: branchId.meta({ description: "The branch of either of the hold's accounts." }),
  hold: writeId.meta({ description: "The hold's id." }),
};

/** One write of a group, by its kind. */
const memberKinds = {
  deposit: depositInput.extend({ id }).meta({ id: 'DepositCommand' }).optional(),
  withdraw: withdrawalInput.extend({ id }).meta({ id: 'WithdrawCommand' }).optional(),
  transfer: transferInput.extend({ id }).meta({ id: 'TransferCommand' }).optional(),
  operatorTransfer: operatorTransferInput.extend({ id }).meta({ id: 'OperatorTransferCommand' }).optional(),
  placeHold: placeHoldInput.extend({ id }).meta({ id: 'PlaceHoldCommand' }).optional(),
  captureHold: captureHoldInput
    .extend({ ...holdRef, id })
    .meta({ id: 'CaptureHoldCommand' })
    .optional(),
  releaseHold: z
    .strictObject({ ...holdRef, ...writeFields, id })
    .meta({ id: 'ReleaseHoldCommand' })
    .optional(),
};

export const memberInput = z
  .strictObject(memberKinds)
  .refine(hasOneKind, exactlyOneOf(memberKinds))
  .meta({ id: 'Member', minProperties: 1, maxProperties: 1 });

/** Several writes that apply together or not at all. */
export const groupInput = z
  .strictObject({
    members: z
      .array(memberInput)
      .min(1)
      .max(GROUP_MEMBERS_MAX)
      .meta({ description: 'In the order in which they apply.' }),
    ...writeFields,
  })
  .meta({ id: 'GroupRequest' });

const commandKinds = {
  ...memberKinds,
  reverseTransfer: z
    .strictObject({
      branch: branchId.meta({ description: 'A branch that the original touched.' }),
      transfer: writeId.meta({ description: "The original's id." }),
      ...writeFields,
      id,
    })
    .meta({ id: 'ReverseTransferCommand' })
    .optional(),
  group: groupInput.extend({ id }).meta({ id: 'GroupCommand' }).optional(),
};

/** One write of a batch, by its kind. */
export const commandInput = z
  .strictObject(commandKinds)
  .refine(hasOneKind, exactlyOneOf(commandKinds))
  .meta({ id: 'Command', minProperties: 1, maxProperties: 1 });

function hasOneKind(command: object): boolean {
  return Object.keys(command).length === 1;
}

function exactlyOneOf(kinds: object): string {
  return `must hold exactly one of ${Object.keys(kinds).join(', ')}`;
}
