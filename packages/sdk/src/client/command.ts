import { invalidField } from '../errors/failures.js';
import type { Command, ExecuteGroupRequest } from '../gen/giro/v1/transfer_service.js';
import { GROUP_MEMBERS_MAX } from '../limits.js';
import { present } from './answer.js';
import { checkFields, checkItems, openParams } from './arguments.js';
import {
  checkCaptureHold,
  checkPlaceHold,
  checkReleaseHold,
  type CaptureHoldParams,
  type PlaceHoldParams,
  type ReleaseHoldParams,
} from './holds.js';
import {
  checkDeposit,
  checkTransfer,
  checkWithdraw,
  type DepositParams,
  type OperatorTransferParams,
  type TransferParams,
  type WithdrawParams,
} from './moves.js';
import { checkReverseTransfer, type ReverseTransferParams } from './transfers.js';
import { checkWrite, type CheckedWrite, type WriteParams } from './write-params.js';

/** One write of a group. */
export type GroupMember =
  | { readonly deposit: DepositParams }
  | { readonly withdraw: WithdrawParams }
  | { readonly transfer: TransferParams }
  | { readonly operatorTransfer: OperatorTransferParams }
  | { readonly placeHold: PlaceHoldParams }
  | { readonly captureHold: CaptureHoldParams }
  | { readonly releaseHold: ReleaseHoldParams };

/** One write of a batch. */
export type BatchCommand =
  GroupMember | { readonly reverseTransfer: ReverseTransferParams } | { readonly group: ExecuteGroupParams };

/** Several writes that apply together or not at all. */
export interface ExecuteGroupParams extends WriteParams {
  /** 1 to 1,000, in the order in which they apply, each under an id of its own. */
  readonly members: readonly GroupMember[];
}

/** A command that is ready to be sent, and the branch whose server decides it. */
export interface CheckedCommand {
  readonly id: string;
  readonly branch: number;
  readonly command: Command;
  /** The ids of a group's members; undefined for a single write. */
  readonly memberIds?: readonly string[];
}

/** A group that is ready to be sent. It goes to the server of its first member's branch. */
export interface CheckedGroup extends CheckedWrite<ExecuteGroupRequest> {
  readonly memberIds: readonly string[];
}

/** @param at - where in the arguments the command stands, for the errors to name */
export function checkCommand(command: unknown, at: string): CheckedCommand {
  return checkKind(command, at, { ...memberChecks, ...commandChecks });
}

/** @param at - where in the arguments `params` stands, for the errors to name; empty for the argument itself */
export function checkGroup(params: unknown, at = ''): CheckedGroup {
  const { fields, path } = openParams(params, at);
  const bounds = { min: 1, max: GROUP_MEMBERS_MAX };
  const members = checkItems(fields['members'], path('members'), bounds, (member, field) =>
    checkKind(member, field, memberChecks),
  );
  const memberIds = members.map(({ id }) => id);
  const { id, options } = checkWrite(fields, path);
  checkDistinct([...memberIds, id], path('members'));
  const { branch } = present(members[0], 'members[0]');
  return {
    id,
    branch,
    memberIds,
    request: { id, members: members.map(({ command }) => command), options },
  };
}

/** Checks the params of one kind of command. */
type Check = (params: unknown, at: string) => CheckedCommand;

/** Pairs the check of a kind of write with its place in the wire's oneof. */
function checkOf<Request>(
  check: (params: unknown, at: string) => CheckedWrite<Request> & Pick<CheckedCommand, 'memberIds'>,
  toCommand: (value: Request) => Command['command'],
): Check {
  return (params, at) => {
    const { request, ...checked } = check(params, at);
    return { ...checked, command: { command: toCommand(request) } };
  };
}

const memberChecks = {
  deposit: checkOf(checkDeposit, (value) => ({ $case: 'deposit', value })),
  withdraw: checkOf(checkWithdraw, (value) => ({ $case: 'withdraw', value })),
  transfer: checkOf(checkTransfer, (value) => ({ $case: 'transfer', value })),
  operatorTransfer: checkOf(checkTransfer, (value) => ({ $case: 'operatorTransfer', value })),
  placeHold: checkOf(checkPlaceHold, (value) => ({ $case: 'placeHold', value })),
  captureHold: checkOf(checkCaptureHold, (value) => ({ $case: 'captureHold', value })),
  releaseHold: checkOf(checkReleaseHold, (value) => ({ $case: 'releaseHold', value })),
};

const commandChecks = {
  reverseTransfer: checkOf(checkReverseTransfer, (value) => ({ $case: 'reverseTransfer', value })),
  group: checkOf(checkGroup, (value) => ({ $case: 'group', value })),
};

function checkKind(command: unknown, at: string, checks: Readonly<Record<string, Check>>): CheckedCommand {
  const given = Object.entries(checkFields(command, at)).filter(([, params]) => params !== undefined);
  const [kind = '', params] = given.length === 1 ? (given[0] ?? []) : [];
  const check = Object.hasOwn(checks, kind) ? checks[kind] : undefined;
  if (check === undefined) {
    const kinds = Object.keys(checks).map((each) => `'${each}'`);
    throw invalidField(at, `must have exactly one of ${kinds.join(', ')}`);
  }
  return check(params, `${at}.${kind}`);
}

/** One id has one outcome, so no two writes of a group may share it. */
function checkDistinct(ids: readonly string[], field: string): void {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw invalidField(field, `the id ${id} is used twice in the group`);
    seen.add(id);
  }
}
