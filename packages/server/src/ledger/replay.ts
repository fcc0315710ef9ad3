import { notesText } from '@giro/sdk/protocol';
import { bodyOf, differingField } from './body.js';
import type { Books, RegisteredWrite } from './books.js';
import type { Command } from './command.js';
import type { Outcome } from './execute.js';
import type { KeptNotes, Notes } from './notes.js';
import type { References } from './references.js';

/** The answer to an id that was used before: the first answer again, or that it belongs to another body (R5). */
export function replay(
  books: Books,
  command: Command,
  branches: readonly number[],
  references: References,
): Outcome | undefined {
  const { id } = command;
  const registered = branches.flatMap((branch) => {
    const write = books.write(branch, id);
    return write === undefined ? [] : [{ branch, write }];
  });
  const entries = registered.flatMap(({ write }) => write.entries);
  const [first] = entries;
  if (first === undefined) return undefined;
  if (first.change.kind !== 'refusal' || first.change.refusal.reason !== 'ABANDONED') {
    for (const { branch, write } of registered) {
      const field = differs(books, command, bodyOf(command, branch, references), branch, write);
      if (field !== undefined) {
        return {
          kind: 'refused',
          refusal: { reason: 'ID_REUSED', metadata: { id, field } },
          replayed: false,
        };
      }
    }
  }
  return answerOf(books, registered);
}

/** What became of a write, from what the branches it touched remember. */
export function answerOf(
  books: Books,
  registered: readonly { readonly branch: number; readonly write: RegisteredWrite }[],
): Outcome {
  const own = registered.flatMap(({ write }) => write.entries);
  const refused = own.find(({ change }) => change.kind === 'refusal')?.change;
  if (refused?.kind === 'refusal') return { kind: 'refused', refusal: refused.refusal, replayed: true };
  const members = registered.flatMap(({ branch, write }) => {
    const [first] = write.entries;
    return first?.change.kind === 'groupOpened' ? books.group(branch, first.writeId) : [];
  });
  return { kind: 'applied', entries: [...own, ...members], replayed: true };
}

function differs(
  books: Books,
  command: Command,
  body: string,
  branch: number,
  write: RegisteredWrite,
): string | undefined {
  if (write.body !== body) return differingField(write.body, body);
  const field = differingNotes(write.notes, command.notes);
  if (field !== undefined || command.kind !== 'group') return field;
  const kept = new Map(books.group(branch, command.id).map(({ group, notes }) => [group?.index, notes]));
  const other = command.members.some(
    ({ notes }, index) => kept.has(index) && differingNotes(kept.get(index), notes) !== undefined,
  );
  return other ? 'members' : undefined;
}

/** Notes that were erased cannot be compared any more, and count as the same. */
function differingNotes(kept: KeptNotes | undefined, given: Notes | undefined): string | undefined {
  if (kept !== undefined && kept.notes === undefined) return undefined;
  const none = { description: '', metadata: {} };
  const [one, other] = [kept?.notes ?? none, given ?? none];
  if (one.description !== other.description) return 'description';
  return notesText(one) === notesText(other) ? undefined : 'metadata';
}
