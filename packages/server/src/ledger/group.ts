import { sha256 } from '@giro/sdk/protocol';
import { append } from './append.js';
import { memberBody } from './body.js';
import type { Books } from './books.js';
import type { Command } from './command.js';
import type { Decision } from './decision.js';
import type { Entry, Refusal } from './entry.js';
import { expireHolds, nextTime } from './expire.js';
import type { Notes } from './notes.js';

/** A member of a group on its way. */
export interface GroupStep {
  readonly id: string;
  readonly kind: Command['kind'];
  readonly notes: Notes | undefined;
  /** The branches in which its id is looked up and kept, once the members before it have applied. */
  readonly branches: (books: Books) => readonly number[];
  readonly decide: (books: Books, branches: readonly number[], timeMicros: number) => Decision;
}

/** What is to apply together or not at all. */
export interface GroupPlan {
  readonly id: string;
  readonly body: (branch: number) => string;
  readonly actor: string | undefined;
  readonly notes: Notes | undefined;
  readonly branches: readonly number[];
  readonly reversalOf: string | undefined;
  readonly steps: readonly GroupStep[];
}

/**
 * Applies a group: a header in each branch, then its members in order, each seeing those before it. It is done on a
 * draft, so that nothing of it is seen if a member is refused (R6).
 */
export function applyGroup(books: Books, plan: GroupPlan, clockMicros: number): readonly Entry[] | Refusal {
  const draft = books.draft();
  const { id, body, actor, notes, branches, reversalOf, steps } = plan;
  const header = { kind: 'groupOpened', members: steps.length, branches, reversalOf } as const;
  const headers = branches
    .filter((branch) => draft.branch(branch) !== undefined)
    .map((branch) => ({ branch, change: header }));
  const entries: Entry[] = [];
  if (headers.length > 0) {
    entries.push(...append(draft, { id, body, actor, notes }, headers, nextTime(draft, clockMicros)));
  }
  for (const [index, step] of steps.entries()) {
    const made = applyStep(draft, step, { id, index }, actor, clockMicros);
    if ('reason' in made) return { ...made, metadata: { ...made.metadata, member: String(index) } };
    entries.push(...made);
  }
  books.adopt(draft);
  return entries;
}

/** The id of a member of a reversal: made from both ids, so that a replay makes the same. A UUID of version 8. */
export function reversalMemberId(reversal: string, original: string): string {
  const bytes = sha256(`${reversal}/${original}`).subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function applyStep(
  draft: Books,
  step: GroupStep,
  group: { readonly id: string; readonly index: number },
  actor: string | undefined,
  clockMicros: number,
): readonly Entry[] | Refusal {
  const { id, notes, decide } = step;
  expireHolds(draft, clockMicros);
  const branches = step.branches(draft);
  if (branches.some((branch) => draft.write(branch, id) !== undefined)) {
    return { reason: 'ID_REUSED', metadata: { id, field: 'group' } };
  }
  const timeMicros = nextTime(draft, clockMicros);
  const decision = decide(draft, branches, timeMicros);
  if (decision.kind === 'refuse') return decision.refusal;
  const body = () => memberBody(step, group.id, group.index);
  return append(draft, { id, body, group, actor, notes }, decision.changes, timeMicros);
}
