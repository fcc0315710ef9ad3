import {
  TransferServiceDefinition,
  type GetTransfersResponse,
  type ReverseTransferRequest,
} from '../gen/giro/v1/transfer_service.js';
import { LOOKUP_ITEMS_MAX } from '../limits.js';
import { present } from './answer.js';
import { checkBranch, checkItems, checkUuid, openParams } from './arguments.js';
import type { Caller } from './caller.js';
import { joinedWrite } from './joint-writes.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import { readMoneyReceipt, type MoneyReceipt } from './receipt.js';
import { transferFrom, type Transfer } from './transfer.js';
import { checkWrite, type CheckedWrite, type WriteParams } from './write-params.js';

/** What {@link Transfers.get} takes: a transfer is referred to by a branch that it touched and its id. */
export interface TransferRef {
  /** A branch that the transfer touched. */
  readonly branch: number;
  /** The id of the write that made it. */
  readonly id: string;
}

/** What {@link Transfers.getMany} found. */
export interface FoundTransfers {
  /** Those found, in the order asked for. */
  readonly transfers: readonly Transfer[];
  /** Those not found, which proves nothing about writes whose requests may still be on their way. */
  readonly missing: readonly TransferRef[];
}

/** What {@link Transfers.reverse} takes. */
export interface ReverseTransferParams extends WriteParams {
  /** A branch that the original touched. */
  readonly branch: number;
  /** The id of the original. */
  readonly transfer: string;
}

/** Applied transfers. */
export interface Transfers {
  /** @throws {@link TransferNotFoundError}, which proves nothing about a write whose request may still be on its way */
  get(params: TransferRef, options?: CallOptions): Promise<Transfer>;
  /** One to 1,000 transfers in one snapshot. Those that are not found are told of, and no error. */
  getMany(refs: readonly TransferRef[], options?: CallOptions): Promise<FoundTransfers>;
  /**
   * Moves the money of an earlier transfer back. A transfer is reversed at most once, a reversal is not reversed, and a
   * group is reversed whole, see {@link Groups.reverse}.
   *
   * @throws {@link OriginalNotFoundError}, {@link AlreadyReversedError}, {@link NotReversibleError},
   *   {@link InsufficientFundsError}, {@link AccountFrozenError}, {@link AccountClosedError}
   */
  reverse(params: ReverseTransferParams, options?: CallOptions): Promise<MoneyReceipt>;
}

export function transfersOf(caller: Caller): Transfers {
  return {
    get: async (params, options) => {
      const request = checkRef(params);
      const { branch } = request;
      return caller.call(
        { method: getTransfer, request, branch, read: ({ transfer }) => transferFrom(transfer) },
        options,
      );
    },
    getMany: async (refs, options) => {
      const transfers = checkItems(refs, 'refs', { min: 1, max: LOOKUP_ITEMS_MAX }, checkRef);
      const { branch } = present(transfers[0], 'refs[0]');
      return caller.call({ method: getTransfers, request: { transfers }, branch, read: foundFrom }, options);
    },
    reverse: async (params, options) =>
      caller.call({ ...reverseTransfer, ...checkReverseTransfer(params), read: readMoneyReceipt }, options),
  };
}

/** @param at - where in the arguments `params` stands, for the errors to name; empty for the argument itself */
export function checkReverseTransfer(params: unknown, at = ''): CheckedWrite<ReverseTransferRequest> {
  const { fields, path } = openParams(params, at);
  const branch = checkBranch(fields['branch'], path('branch'));
  const transferId = checkUuid(fields['transfer'], path('transfer'));
  const { id, options } = checkWrite(fields, path);
  return { id, branch, request: { id, branch, transferId, options } };
}

function checkRef(ref: unknown, at = ''): TransferRef {
  const { fields, path } = openParams(ref, at);
  return { branch: checkBranch(fields['branch'], path('branch')), id: checkUuid(fields['id'], path('id')) };
}

function foundFrom({ transfers, missing }: GetTransfersResponse): FoundTransfers {
  return {
    transfers: transfers.map(transferFrom),
    missing: missing.map(({ branch, id }) => ({ branch: present(branch, 'missing.branch'), id })),
  };
}

const { methods } = TransferServiceDefinition;
const getTransfer = method(TransferServiceDefinition, methods.getTransfer);
const getTransfers = method(TransferServiceDefinition, methods.getTransfers);
const reverseTransfer = {
  method: method(TransferServiceDefinition, methods.reverseTransfer),
  attempt: joinedWrite((value: ReverseTransferRequest) => ({ $case: 'reverseTransfer', value })),
};
