import {
  TransferServiceDefinition,
  type ExecuteGroupResponse,
  type ReverseGroupRequest,
} from '../gen/giro/v1/transfer_service.js';
import { checkBranch, checkFields, checkUuid, openParams } from './arguments.js';
import type { Caller } from './caller.js';
import { checkGroup, type ExecuteGroupParams } from './command.js';
import { groupFailureOf } from './group-failure.js';
import { groupFrom, type Group } from './group.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import { groupReceiptFrom, type GroupReceipt } from './receipt.js';
import { checkWrite, type CheckedWrite, type WriteParams } from './write-params.js';

/** What {@link Groups.reverse} takes. */
export interface ReverseGroupParams extends WriteParams {
  /** A branch that the original touched. */
  readonly branch: number;
  /** The id of the original. */
  readonly group: string;
}

/** What {@link Groups.get} takes. */
export interface GetGroupParams {
  /** A branch that the group touched. */
  readonly branch: number;
  /** The group's id. */
  readonly id: string;
}

/** Several writes that apply together or not at all. */
export interface Groups {
  /**
   * Applies all members in their order, or none of them.
   *
   * @throws {@link GroupFailedError} if a member was refused; its `cause` is why
   */
  execute(params: ExecuteGroupParams, options?: CallOptions): Promise<GroupReceipt>;
  /**
   * Reverses a group whole. Its members must be deposits, withdrawals and transfers.
   *
   * @throws {@link OriginalNotFoundError}, {@link AlreadyReversedError}, {@link NotReversibleError},
   *   {@link InsufficientFundsError}, {@link AccountFrozenError}, {@link AccountClosedError}
   */
  reverse(params: ReverseGroupParams, options?: CallOptions): Promise<GroupReceipt>;
  /** @throws {@link GroupNotFoundError}, which proves nothing about a group whose request may still be on its way */
  get(params: GetGroupParams, options?: CallOptions): Promise<Group>;
}

export function groupsOf(caller: Caller): Groups {
  return {
    execute: async (params, options) => {
      const { memberIds, ...checked } = checkGroup(params);
      const read = ({ receipt }: ExecuteGroupResponse) => groupReceiptFrom(receipt);
      const send = async (sendOptions?: CallOptions) => {
        try {
          return await caller.call({ method: executeGroup, ...checked, read, resend: send }, sendOptions);
        } catch (error) {
          throw groupFailureOf(error, memberIds);
        }
      };
      return send(options);
    },
    reverse: async (params, options) =>
      caller.call(
        {
          method: reverseGroup,
          ...checkReverseGroup(params),
          read: ({ receipt }) => groupReceiptFrom(receipt),
        },
        options,
      ),
    get: async (params, options) => {
      const fields = checkFields(params);
      const branch = checkBranch(fields['branch']);
      const request = { branch, id: checkUuid(fields['id']) };
      return caller.call(
        { method: getGroup, request, branch, read: ({ group }) => groupFrom(group) },
        options,
      );
    },
  };
}

function checkReverseGroup(params: unknown): CheckedWrite<ReverseGroupRequest> {
  const { fields, path } = openParams(params);
  const branch = checkBranch(fields['branch']);
  const groupId = checkUuid(fields['group'], 'group');
  const { id, options } = checkWrite(fields, path);
  return { id, branch, request: { id, branch, groupId, options } };
}

const { methods } = TransferServiceDefinition;
const executeGroup = method(TransferServiceDefinition, methods.executeGroup);
const reverseGroup = method(TransferServiceDefinition, methods.reverseGroup);
const getGroup = method(TransferServiceDefinition, methods.getGroup);
