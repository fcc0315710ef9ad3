import {
  GROUP_MEMBERS_MAX,
  type Command as WireCommand,
  type ExecuteGroupRequest,
  type ReverseGroupRequest,
} from '@giro/sdk/protocol';
import type { Group, Member, ReverseGroup, ReverseTransfer } from '../../ledger/command.js';
import { RequestError } from '../../request-error.js';
import { invalid, parseBranch, parseWriteId } from '../parse.js';
import { captureHoldCommand, placeHoldCommand, releaseHoldCommand } from './hold-commands.js';
import {
  depositCommand,
  operatorTransferCommand,
  reverseTransferCommand,
  transferCommand,
  withdrawCommand,
} from './transfer-commands.js';
import { parseWriteOptions } from './write-options.js';

/** A command of a batch. */
export function batchCommand(wire: WireCommand): Member | ReverseTransfer | Group {
  const { command } = wire;
  if (command?.$case === 'group') return groupCommand(command.value);
  if (command?.$case === 'reverseTransfer') return reverseTransferCommand(command.value);
  return memberCommand(wire);
}

export function groupCommand(request: ExecuteGroupRequest): Group {
  const id = parseWriteId(request.id, 'id');
  const { length } = request.members;
  if (length === 0) throw invalid('members', 'is empty');
  if (length > GROUP_MEMBERS_MAX) throw invalid('members', `has more than ${GROUP_MEMBERS_MAX} items`);
  const members = request.members.map((member, index) =>
    within(`members[${index}]`, () => memberCommand(member)),
  );
  const ids = new Set([id]);
  for (const [index, member] of members.entries()) {
    if (ids.has(member.id)) throw invalid(`members[${index}].id`, 'is used twice in the group');
    ids.add(member.id);
  }
  return { kind: 'group', id, members, ...parseWriteOptions(request.options) };
}

export function reverseGroupCommand(request: ReverseGroupRequest): ReverseGroup {
  const id = parseWriteId(request.id, 'id');
  const branch = parseBranch(request.branch, 'branch');
  const original = parseWriteId(request.groupId, 'group_id');
  if (original === id) throw invalid('group_id', 'is the id of the reversal itself');
  return { kind: 'reverseGroup', id, branch, original, ...parseWriteOptions(request.options) };
}

function memberCommand({ command }: WireCommand): Member {
  switch (command?.$case) {
    case 'deposit':
      return depositCommand(command.value);
    case 'withdraw':
      return withdrawCommand(command.value);
    case 'transfer':
      return transferCommand(command.value);
    case 'operatorTransfer':
      return operatorTransferCommand(command.value);
    case 'placeHold':
      return placeHoldCommand(command.value);
    case 'captureHold':
      return captureHoldCommand(command.value);
    case 'releaseHold':
      return releaseHoldCommand(command.value);
    case 'reverseTransfer':
    case 'group':
      throw invalid('command', 'cannot be a member of a group: reversals and groups stand alone');
    case undefined:
      throw invalid('command', 'is missing, or of a kind that this server does not know');
  }
}

/** Names a field by its whole path. */
function within<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RequestError) || error.reason !== 'INVALID_FIELD') throw error;
    const { field = '', problem = '' } = error.metadata;
    throw invalid(`${path}.${field}`, problem);
  }
}
