import { formatAccountId } from '@giro/sdk/protocol';
import type { Command, Precondition } from '../ledger/command.js';

/** The fields in which two bodies differ; none if they are the same body (R5). Ids and salts are no part of a body. */
export function differingFields(one: Command, other: Command): readonly string[] {
  const [a, b] = [fieldsOf(one), fieldsOf(other)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((field) => a.get(field) !== b.get(field));
}

/** Every field that is not at its default, as a text. */
function fieldsOf(command: Command): Map<string, string> {
  const { id, actor, notes, preconditions = [], ...rest } = command;
  const own = Object.entries(rest).filter(([name, value]) => value !== undefined && name !== 'members');
  const fields = new Map(own.map(([name, value]) => [wireName(name, command), textOf(value)]));
  if (command.kind === 'group') {
    const members = command.members.map((member) => [member.id, ...fieldsOf(member)]);
    fields.set('members', JSON.stringify(members));
  }
  const { description = '', metadata = {} } = notes ?? {};
  const pairs = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  if (description !== '') fields.set('description', description);
  if (pairs.length > 0) fields.set('metadata', JSON.stringify(pairs));
  if (preconditions.length > 0) fields.set('preconditions', preconditions.map(conditionText).join(';'));
  return fields;
}

/** A field is called what a client calls it. */
function wireName(field: string, { kind }: Command): string {
  if (field === 'amount' && kind === 'initializeBranch') return 'initial_balance';
  if (field === 'hold') return 'hold_id';
  if (field === 'expiresInMs') return 'expires_in_ms';
  if (field === 'original') return kind === 'reverseGroup' ? 'group_id' : 'transfer_id';
  return field;
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each));
}

function conditionText({ account, balanceAtLeast, balanceAtMost, position }: Precondition): string {
  return [formatAccountId(account), balanceAtLeast, balanceAtMost, position].map(String).join(',');
}
