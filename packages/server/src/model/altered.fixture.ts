import type { Command, Group, Member } from '../ledger/command.js';
import { differingFields } from './model-body.fixture.js';
import type { ModelBooks } from './model-books.fixture.js';

/** What can be other in a write that is almost an earlier one. */
export const ALTERATIONS = ['description', 'metadata', 'amount', 'preconditions', 'members'] as const;

export type Alteration = (typeof ALTERATIONS)[number];

/** A client that sends a write again makes a new salt for its notes: the write is the same. */
export function sentAgain(command: Command): Command {
  if (command.notes === undefined) return command;
  return { ...command, notes: { ...command.notes, salt: Buffer.alloc(16, 7) } };
}

/** The same id with almost the same body: one field is other, if the write has such a field. */
export function altered(command: Command, alteration: Alteration, books: ModelBooks): Command {
  const { description = '', metadata = {} } = command.notes ?? {};
  const salt = Buffer.alloc(16, 8);
  switch (alteration) {
    case 'description':
      return { ...command, notes: { description: `${description}!`, metadata, salt } };
    case 'metadata':
      return { ...command, notes: { description, metadata: { ...metadata, c: '3' }, salt } };
    case 'amount':
      return 'amount' in command && command.amount !== undefined && command.amount > 1n
        ? { ...command, amount: command.amount - 1n }
        : command;
    case 'preconditions':
      return { ...command, preconditions: [] };
    case 'members':
      return command.kind === 'group' ? { ...command, members: alteredMembers(command, books) } : command;
  }
}

/** Other notes, where they are kept to be compared; a refused group keeps none of its members': there, one member less. */
function alteredMembers(group: Group, books: ModelBooks): readonly Member[] {
  const { id, members } = group;
  const isApplied = [...books.journals.keys()].some((branch) => {
    const { command, answer } = books.registered(branch, id) ?? {};
    return (
      command !== undefined && answer?.kind === 'applied' && differingFields(command, group).length === 0
    );
  });
  if (!isApplied) return members.length > 1 ? members.slice(1) : members;
  const notes = { description: 'altered', metadata: {}, salt: Buffer.alloc(16, 9) };
  return members.map((member) => ({ ...member, notes }));
}
