import { notesText } from '@giro/sdk/protocol';
import { bodyOf, differingField } from './body.js';
import type { Books, RegisteredWrite } from './books.js';
import type { Command } from './command.js';
import type { Outcome } from './execute.js';
import type { KeptNotes, Notes } from './notes.js';

/**
 * The answer to an id that was used before: the first answer again, or that it belongs to another body (R5). A write
 * that refers to something may touch more branches than the first time, if what it refers to came after it; whoever
 * used the id there does not take its answer away.
 */
export function replay(books: Books, command: Command, branches: readonly number[]): Outcome | undefined {
  if (!branches.some((branch) => books.write(branch, command.id) !== undefined)) return undefined;
  const registered = branches.flatMap((branch) => {
    const write = books.write(branch, command.id);
    return write === undefined ? [] : [{ branch, write, field: differs(books, command, branch, write) }];
  });
  const [first] = registered;
  if (first === undefined) return undefined;
  const same = registered.filter(({ field }) => field === undefined);
  if (same.length > 0) return answerOf(books, same);
  const metadata = { id: command.id, field: first.field ?? 'body' };
  return { kind: 'refused', refusal: { reason: 'ID_REUSED', metadata }, replayed: false };
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

/** The field in which the write that the branch knows differs; none from one that was abandoned, whatever it was. */
function differs(books: Books, command: Command, branch: number, write: RegisteredWrite): string | undefined {
  if (isAbandoned(write)) return undefined;
  const body = bodyOf(command, branch);
  if (write.body !== body) return differingField(write.body, body);
  const field = differingNotes(write.notes, command.notes);
  if (field !== undefined || command.kind !== 'group') return field;
  const kept = new Map(books.group(branch, command.id).map(({ group, notes }) => [group?.index, notes]));
  const other = command.members.some(
    ({ notes }, index) => kept.has(index) && differingNotes(kept.get(index), notes) !== undefined,
  );
  return other ? 'members' : undefined;
}

function isAbandoned({ entries }: RegisteredWrite): boolean {
  const change = entries[0]?.change;
  return change?.kind === 'refusal' && change.refusal.reason === 'ABANDONED';
}

/** Notes that were erased cannot be compared any more, and count as the same. */
function differingNotes(kept: KeptNotes | undefined, given: Notes | undefined): string | undefined {
  if (kept !== undefined && kept.notes === undefined) return undefined;
  const none = { description: '', metadata: {} };
  const [one, other] = [kept?.notes ?? none, given ?? none];
  if (one.description !== other.description) return 'description';
  return notesText(one) === notesText(other) ? undefined : 'metadata';
}
