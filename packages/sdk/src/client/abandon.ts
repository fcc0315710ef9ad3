import type { BankError } from '../errors/bank-error.js';
import { TransferServiceDefinition, type AbandonWriteResponse } from '../gen/giro/v1/transfer_service.js';
import type { Refusal } from '../gen/giro/v1/receipt.js';
import { positionFrom, present } from './answer.js';
import { checkBranch, checkFields, checkUuid } from './arguments.js';
import type { Attempts } from './attempts.js';
import type { Caller } from './caller.js';
import { errorOf, refusedItem } from './failure.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import type { JournalPosition } from './receipt.js';

/** What {@link Bank.abandon} takes. */
export interface AbandonParams {
  /** The id of the write to give up. */
  readonly id: string;
  /** A branch that the write touches, such as that of its debited account. */
  readonly branch: number;
}

/** What became of a write that was to be abandoned. */
export type AbandonResult =
  /** It was not applied, and never will be. `replayed` if it had been abandoned before. */
  | { readonly outcome: 'abandoned'; readonly id: string; readonly replayed: boolean }
  /** It had been applied: there it stands, in the branch that was asked. */
  | { readonly outcome: 'applied'; readonly id: string; readonly position: JournalPosition }
  /** It had been refused for good: the {@link RefusalError} that answers its id. */
  | { readonly outcome: 'refused'; readonly id: string; readonly error: BankError };

export async function abandon(
  caller: Caller,
  params: AbandonParams,
  options?: CallOptions,
): Promise<AbandonResult> {
  const fields = checkFields(params);
  const id = checkUuid(fields['id']);
  const branch = checkBranch(fields['branch']);
  const read = (answer: AbandonWriteResponse, made: Attempts) => resultFrom(answer, id, made);
  return caller.call(
    { method: abandonWrite, request: { id, branch }, id, branch, read, resend: 'never' },
    options,
  );
}

function resultFrom({ outcome }: AbandonWriteResponse, id: string, made: Attempts): AbandonResult {
  const told = present(outcome, 'outcome');
  switch (told.$case) {
    case 'abandoned':
      return { outcome: 'abandoned', id, replayed: told.value.replayed };
    case 'applied':
      return { outcome: 'applied', id, position: positionFrom(told.value) };
    case 'refused':
      return { outcome: 'refused', id, error: refusalFrom(told.value, id, made) };
  }
}

/** What the server says here is the definite answer, whatever became of earlier attempts. */
function refusalFrom(refusal: Refusal, id: string, { attempts }: Attempts): BankError {
  const where = abandonWrite.path;
  return errorOf(refusedItem(refusal), { where, attempts, writeId: id, mayBeApplied: false });
}

const abandonWrite = method(TransferServiceDefinition, TransferServiceDefinition.methods.abandonWrite);
