import { TransferServiceDefinition } from '../gen/giro/v1/transfer_service.js';
import { checkBranch, checkFields, checkUuid } from './arguments.js';
import type { Caller } from './caller.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import { transferFrom, type Transfer } from './transfer.js';

/** What {@link Transfers.get} takes. */
export interface GetTransferParams {
  /** A branch that the transfer touched. */
  readonly branch: number;
  /** The id of the write that made it. */
  readonly id: string;
}

/** Applied transfers. */
export interface Transfers {
  /** @throws {@link TransferNotFoundError}, which proves nothing about a write whose request may still be on its way */
  get(params: GetTransferParams, options?: CallOptions): Promise<Transfer>;
}

export function transfersOf(caller: Caller): Transfers {
  return {
    get: async (params, options) => {
      const fields = checkFields(params);
      const branch = checkBranch(fields['branch']);
      const request = { branch, id: checkUuid(fields['id']) };
      return caller.call(
        { method: getTransfer, request, branch, read: ({ transfer }) => transferFrom(transfer) },
        options,
      );
    },
  };
}

const getTransfer = method(TransferServiceDefinition, TransferServiceDefinition.methods.getTransfer);
