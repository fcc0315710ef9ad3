import { catalogue } from '@giro/sdk/protocol';
import { isRefusal } from './account-access.js';
import { append } from './append.js';
import { bodyOf } from './body.js';
import type { Books } from './books.js';
import type { Abandon, Command, Group, ReverseGroup } from './command.js';
import { decide, unusableBranch, type SingleCommand } from './decide.js';
import type { Entry, Refusal } from './entry.js';
import { expireHolds, nextTime } from './expire.js';
import { applyGroup, reversalMemberId, type GroupPlan, type GroupStep } from './group.js';
import { failedPrecondition } from './preconditions.js';
import { answerOf, replay } from './replay.js';
import { groupToReverse, reversePosting } from './reversal.js';
import { touchedBy } from './touched.js';

/** What became of a command. An applied write is answered from its entries alone, at first and on every replay. */
export type Outcome =
  | { readonly kind: 'applied'; readonly entries: readonly Entry[]; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly replayed: boolean };

/**
 * Decides one command on the books, and takes what it changes into them: the whole of the ledger's rules in one pure
 * step. Order of checks (R5): the id first, then everything else.
 *
 * @param clockMicros - the store's clock; the entries get a later time if the books have seen a later one (R8)
 */
export function execute(books: Books, command: Command, clockMicros: number): Outcome {
  expireHolds(books, clockMicros);
  if (command.kind === 'expireHolds') return { kind: 'applied', entries: [], replayed: false };
  if (command.kind === 'abandon') return abandon(books, command, clockMicros);
  const branches = touchedBy(books, command);
  const earlier = replay(books, command, branches);
  if (earlier !== undefined) return earlier;
  const made = applied(books, command, branches, clockMicros);
  if (!isRefusal(made)) return { kind: 'applied', entries: made, replayed: false };
  if (catalogue[made.reason].frozen) freeze(books, command, branches, made, clockMicros);
  return { kind: 'refused', refusal: made, replayed: false };
}

/** Applies a command whose id is new, or says why not. */
function applied(
  books: Books,
  command: Exclude<Command, Abandon | { kind: 'expireHolds' }>,
  branches: readonly number[],
  clockMicros: number,
): readonly Entry[] | Refusal {
  if (command.kind === 'group' || command.kind === 'reverseGroup') {
    const plan =
      command.kind === 'group' ? planGroup(books, command, branches) : planReversal(books, command, branches);
    return isRefusal(plan) ? plan : applyGroup(books, plan, clockMicros);
  }
  const timeMicros = nextTime(books, clockMicros);
  const decision = decide(books, command, branches, timeMicros);
  if (decision.kind === 'refuse') return decision.refusal;
  return append(books, writerOf(command), decision.changes, timeMicros);
}

function planGroup(books: Books, command: Group, branches: readonly number[]): GroupPlan | Refusal {
  const unusable = unusableMember(books, command);
  if (unusable !== undefined) return unusable;
  const failed = failedPrecondition(books, command.preconditions, branches);
  if (failed !== undefined) return failed;
  const steps = command.members.map((member): GroupStep => {
    const { id, kind, notes } = member;
    return {
      ...{ id, kind, notes },
      branches: (draft) => touchedBy(draft, member),
      decide: (draft, own, timeMicros) => decide(draft, member, own, timeMicros),
    };
  });
  return { ...writerOf(command), branches, reversalOf: undefined, steps };
}

/** The first branch of a member that there is not, or not any more: looked for before any member is decided. */
function unusableMember(books: Books, { members }: Group): Refusal | undefined {
  const touched = members.map((member) => touchedBy(books, member));
  const unusable = unusableBranch(books, touched.flat());
  if (unusable === undefined) return undefined;
  const member = touched.findIndex((branches) => unusableBranch(books, branches)?.reason === unusable.reason);
  return { ...unusable, metadata: { ...unusable.metadata, member: String(member) } };
}

function planReversal(books: Books, command: ReverseGroup, named: readonly number[]): GroupPlan | Refusal {
  const unusable = unusableBranch(books, named);
  if (unusable !== undefined) return unusable;
  const failed = failedPrecondition(books, command.preconditions, named);
  if (failed !== undefined) return failed;
  const group = groupToReverse(books, command);
  if (isRefusal(group)) return group;
  const steps = group.postings.map((posting): GroupStep => {
    const original = posting.writeId;
    const id = reversalMemberId(command.id, original);
    return {
      ...{ id, kind: 'reverseTransfer', notes: undefined },
      branches: () => [],
      decide: (draft) => reversePosting(draft, posting, original),
    };
  });
  const { branches } = group;
  return { ...writerOf(command), branches, reversalOf: command.original, steps };
}

/** Keeps a refusal in every branch that the write touches, so that it is the answer to its id for ever (R5). */
function freeze(
  books: Books,
  command: SingleCommand | Group | ReverseGroup,
  branches: readonly number[],
  refusal: Refusal,
  clockMicros: number,
): void {
  const touched = branches.filter((branch) => books.branch(branch) !== undefined);
  if (touched.length === 0) return;
  const changes = touched.map((branch) => ({ branch, change: { kind: 'refusal', refusal } }) as const);
  append(books, writerOf(command), changes, nextTime(books, clockMicros));
}

function writerOf(command: Command) {
  const { id, actor, notes } = command;
  return { id, actor, notes, body: (branch: number) => bodyOf(command, branch) };
}

/** Uses an id up, or tells what became of it (R13). */
function abandon(books: Books, { id, branch, actor }: Abandon, clockMicros: number): Outcome {
  if (books.branch(branch) === undefined) {
    const refusal: Refusal = { reason: 'BRANCH_NOT_FOUND', metadata: { branch: String(branch) } };
    return { kind: 'refused', refusal, replayed: false };
  }
  const write = books.write(branch, id);
  if (write !== undefined) return answerOf(books, [{ branch, write }]);
  const refusal: Refusal = { reason: 'ABANDONED', metadata: { id } };
  // Whatever body comes with the id later: it was abandoned.
  const body = () => undefined;
  append(
    books,
    { id, body, actor },
    [{ branch, change: { kind: 'refusal', refusal } }],
    nextTime(books, clockMicros),
  );
  return { kind: 'refused', refusal, replayed: false };
}
