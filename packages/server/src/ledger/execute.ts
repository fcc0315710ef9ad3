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
import { needsOf } from './needs.js';
import { failedPrecondition } from './preconditions.js';
import type { References } from './references.js';
import { answerOf, replay } from './replay.js';
import { groupToReverse, reversePosting } from './reversal.js';

/** What became of a command. An applied write is answered from its entries alone, at first and on every replay. */
export type Outcome =
  | { readonly kind: 'applied'; readonly entries: readonly Entry[]; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly replayed: boolean };

/**
 * Decides one command on the books, and takes what it changes into them: the whole of the ledger's rules in one pure
 * step. Order of checks (R5): the id first, then everything else.
 *
 * @param clockMicros - the store's clock; the entries get a later time if the books have seen a later one (R8)
 * @param references - what the command's needs were told from
 */
export function execute(
  books: Books,
  command: Command,
  clockMicros: number,
  references: References = new Map(),
): Outcome {
  expireHolds(books, clockMicros);
  if (command.kind === 'expireHolds') return { kind: 'applied', entries: [], replayed: false };
  if (command.kind === 'abandon') return abandon(books, command, clockMicros);
  const { branches } = needsOf(command, references);
  const earlier = replay(books, command, branches, references);
  if (earlier !== undefined) return earlier;
  const made = applied(books, command, branches, clockMicros, references);
  if (!isRefusal(made)) return { kind: 'applied', entries: made, replayed: false };
  if (catalogue[made.reason].frozen) freeze(books, command, branches, made, clockMicros, references);
  return { kind: 'refused', refusal: made, replayed: false };
}

/** Applies a command whose id is new, or says why not. */
function applied(
  books: Books,
  command: Exclude<Command, Abandon | { kind: 'expireHolds' }>,
  branches: readonly number[],
  clockMicros: number,
  references: References,
): readonly Entry[] | Refusal {
  if (command.kind === 'group' || command.kind === 'reverseGroup') {
    const plan =
      command.kind === 'group'
        ? planGroup(books, command, branches, references)
        : planReversal(books, command, branches, references);
    return isRefusal(plan) ? plan : applyGroup(books, plan, clockMicros);
  }
  const timeMicros = nextTime(books, clockMicros);
  const decision = decide(books, command, branches, timeMicros);
  if (decision.kind === 'refuse') return decision.refusal;
  return append(books, writerOf(command, references), decision.changes, timeMicros);
}

function planGroup(
  books: Books,
  command: Group,
  branches: readonly number[],
  references: References,
): GroupPlan | Refusal {
  const failed = failedPrecondition(books, command.preconditions, branches);
  if (failed !== undefined) return failed;
  const steps = command.members.map((member): GroupStep => {
    const own = needsOf(member, references).branches;
    const { id, kind, notes } = member;
    const decideMember = (draft: Books, timeMicros: number) => decide(draft, member, own, timeMicros);
    return { id, kind, notes, branches: own, decide: decideMember };
  });
  return { ...planOf(command, references), branches, reversalOf: undefined, steps };
}

function planReversal(
  books: Books,
  command: ReverseGroup,
  named: readonly number[],
  references: References,
): GroupPlan | Refusal {
  const unusable = unusableBranch(books, named);
  if (unusable?.kind === 'refuse') return unusable.refusal;
  const failed = failedPrecondition(books, command.preconditions, named);
  if (failed !== undefined) return failed;
  const group = groupToReverse(books, command);
  if (isRefusal(group)) return group;
  const steps = group.postings.map((posting): GroupStep => {
    const original = posting.writeId;
    const decideMember = (draft: Books) => reversePosting(draft, posting, original);
    const id = reversalMemberId(command.id, original);
    return { id, kind: 'reverseTransfer', notes: undefined, branches: [], decide: decideMember };
  });
  const { branches } = group;
  return { ...planOf(command, references), branches, reversalOf: command.original, steps };
}

function planOf(command: Group | ReverseGroup, references: References) {
  const { id, actor, notes } = command;
  return { id, actor, notes, body: (branch: number) => bodyOf(command, branch, references) };
}

/** Keeps a refusal in every branch that the write touches, so that it is the answer to its id for ever (R5). */
function freeze(
  books: Books,
  command: SingleCommand | Group | ReverseGroup,
  branches: readonly number[],
  refusal: Refusal,
  clockMicros: number,
  references: References,
): void {
  const touched = branches.filter((branch) => books.branch(branch) !== undefined);
  if (touched.length === 0) return;
  const changes = touched.map((branch) => ({ branch, change: { kind: 'refusal', refusal } }) as const);
  append(books, writerOf(command, references), changes, nextTime(books, clockMicros));
}

function writerOf(command: Command, references: References) {
  const { id, actor, notes } = command;
  return { id, actor, notes, body: (branch: number) => bodyOf(command, branch, references) };
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
