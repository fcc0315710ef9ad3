import type { Abandon, Command, Group, Member, ReverseGroup, ReverseTransfer } from '../ledger/command.js';
import type { Refusal } from '../ledger/entry.js';
import { differingFields } from './model-body.fixture.js';
import {
  ModelBooks,
  NOTHING_SAID,
  statusAt,
  type ModelAnswer,
  type ModelEntry,
  type ModelRegistered,
  type ModelWrite,
} from './model-books.fixture.js';
import { checkBranches, checkPreconditions } from './model-checks.fixture.js';
import { decide, type ModelDecided } from './model-decide.fixture.js';
import { refuse } from './model-movement.fixture.js';
import { checkOriginal, reverse } from './model-reversal.fixture.js';
import { touchedBy } from './model-touched.fixture.js';
import { isUnseen, NONE_UNSEEN, type Unseen } from './unseen-expiries.fixture.js';

/** One member of a group that is about to apply. */
interface Part {
  readonly id: string;
  readonly command: Member | ReverseTransfer;
}

/** What the server's journal tells of a group's member; undefined if the group was not applied. */
export type HintOf = (index: number) => { readonly id: string; readonly timeMicros: number } | undefined;

/**
 * A second opinion on the rules of the ledger: one command at a time, everything looked up in plain journals. It says
 * what the server must answer, and what it must write.
 */
export class ModelBank {
  readonly books = new ModelBooks();

  /**
   * Decides one command.
   *
   * @param timeMicros - the time that the command was decided at; holds expire by it
   * @param hintOf - what the server's journal tells of a group's member; asked when its turn comes
   * @param unseen - what a group does not see expire on its way
   */
  do(
    command: Command,
    timeMicros: number,
    hintOf: HintOf = () => undefined,
    unseen = NONE_UNSEEN,
  ): ModelAnswer {
    // What expires shows in the server's journal, and is taken in by `expire`.
    if (command.kind === 'expireHolds') return { kind: 'applied', entries: [], replayed: false };
    if (command.kind === 'abandon') return this.#abandon(command, timeMicros);
    const branches = touchedBy(this.books, command);
    const earlier = this.#earlier(command, branches);
    if (earlier !== undefined) return earlier;
    const write = writeOf(command, timeMicros);
    const before = this.books.copy();
    const refusal =
      command.kind === 'group' || command.kind === 'reverseGroup'
        ? this.#group(command, write, branches, { hintOf, unseen })
        : (checkBranches(this.books, command, branches) ??
          checkPreconditions(this.books, command.preconditions) ??
          decideSingle(this.books, write, command));
    if (refusal !== undefined) {
      this.books.restore(before);
      return this.#refuse(command, write, branches, refusal);
    }
    const entries = this.#since(before);
    const answer = { kind: 'applied', entries, replayed: false } as const;
    // A deposit of the seed's looks for its customer in two branches, but touches the one alone.
    const written = branches.filter((branch) => entries.some((entry) => entry.branch === branch));
    this.books.keep(command.id, { command, answer, branches: written, group: undefined });
    return answer;
  }

  /**
   * Takes in that the server has written down the expiry of a hold's part. When it does so is its own affair, as long as
   * it is not too early.
   */
  expire(branch: number, id: string, timeMicros: number): void {
    const hold = this.books.hold(branch, id);
    if (hold?.status !== 'held' || statusAt(hold, timeMicros) !== 'expired') {
      throw new Error(`hold ${id} of branch ${branch} cannot expire at ${timeMicros}`);
    }
    const { debit, credit, amount, currency } = hold;
    const write = { id, timeMicros, group: undefined, said: NOTHING_SAID };
    const expired = { hold: id, debit, credit, amount, currency };
    this.books.appendAt(write, branch, { kind: 'holdExpired', ...expired }, -1);
  }

  /** What the branches remember of the id: the first answer to the same body, or that the body is another (R5). */
  #earlier(command: Command, branches: readonly number[]): ModelAnswer | undefined {
    const known = branches.flatMap((branch) => this.books.registered(branch, command.id) ?? []);
    const same = known.find((each) => isSameWrite(each, command));
    if (same !== undefined) return { ...same.answer, replayed: true };
    const [other] = known;
    if (other?.command === undefined) return undefined;
    const refusal = refuse('ID_REUSED', { id: command.id });
    const inGroup = other.group === undefined ? [] : ['group'];
    const differing = [...inGroup, ...differingFields(other.command, command)];
    return { kind: 'refused', refusal, differing, replayed: false };
  }

  #refuse(command: Command, write: ModelWrite, branches: readonly number[], refusal: Refusal): ModelAnswer {
    const answer = { kind: 'refused', refusal, differing: [], replayed: false } as const;
    if (NOT_FROZEN.includes(refusal.reason)) return answer;
    for (const branch of branches) this.books.append(write, branch, { kind: 'refusal', refusal });
    this.books.keep(command.id, { command, answer, branches, group: undefined });
    return answer;
  }

  #abandon({ id, branch, actor }: Abandon, timeMicros: number): ModelAnswer {
    if (!this.books.exists(branch)) return refusedForNow('BRANCH_NOT_FOUND', { branch: String(branch) });
    const known = this.books.registered(branch, id);
    if (known !== undefined) return ofBranch({ ...known.answer, replayed: true }, branch);
    const refusal = refuse('ABANDONED', { id });
    const write = { id, timeMicros, group: undefined, said: { ...NOTHING_SAID, actor } };
    this.books.append(write, branch, { kind: 'refusal', refusal });
    const answer = { kind: 'refused', refusal, differing: [], replayed: false } as const;
    this.books.keep(id, { command: undefined, answer, branches: [branch], group: undefined });
    return answer;
  }

  #group(
    command: Group | ReverseGroup,
    write: ModelWrite,
    branches: readonly number[],
    { hintOf, unseen }: { readonly hintOf: HintOf; readonly unseen: Unseen },
  ): Refusal | undefined {
    const refused = this.#checkGroup(command, branches);
    if (refused !== undefined) return refused;
    const parts = command.kind === 'group' ? partsOf(command) : this.#reversingParts(command);
    const header = {
      members: parts.length,
      branches: [...branches].sort((a, b) => a - b),
      reversalOf: command.kind === 'reverseGroup' ? command.original : undefined,
    };
    let { timeMicros } = write;
    let before = this.books.copy();
    for (const branch of branches) this.books.append(write, branch, { kind: 'groupOpened', ...header });
    const members: [string, ModelRegistered][] = [];
    for (const [index, part] of parts.entries()) {
      timeMicros += this.#ticksSince(before);
      const told = hintOf(index);
      if (told === undefined) timeMicros += this.#expireDue(branches, timeMicros, unseen);
      const hint = told ?? { id: part.id, timeMicros };
      before = this.books.copy();
      // Whoever asks for the group asks for its members.
      const asked = { ...part.command, actor: command.actor };
      const member = this.#member({ id: hint.id, command: asked }, hint.timeMicros, {
        id: command.id,
        index,
      });
      if ('reason' in member) {
        return refuse(member.reason, { ...member.metadata, member: String(index) });
      }
      members.push([hint.id, member]);
    }
    for (const [id, member] of members) this.books.keep(id, member);
    return undefined;
  }

  /** What is in the way before any member is looked at. */
  #checkGroup(command: Group | ReverseGroup, branches: readonly number[]): Refusal | undefined {
    return (
      checkBranches(this.books, command, branches) ??
      checkPreconditions(this.books, command.preconditions) ??
      (command.kind === 'reverseGroup' ? checkOriginal(this.books, command) : undefined)
    );
  }

  /**
   * Of a group that was refused the journal does not tell what expired on its way; its members saw it all the same.
   *
   * @returns how many microseconds that took, one for each
   */
  #expireDue(branches: readonly number[], timeMicros: number, unseen: Unseen): number {
    const due = branches
      .flatMap((branch) => this.books.holds(branch))
      .filter((hold) => hold.status === 'held' && statusAt(hold, timeMicros) === 'expired')
      .filter((hold) => !isUnseen(unseen, hold))
      .sort((a, b) => (a.expiresMicros ?? 0) - (b.expiresMicros ?? 0));
    due.forEach(({ branch, id }, index) => {
      this.expire(branch, id, timeMicros + index);
    });
    return due.length;
  }

  #member(
    { id, command }: Part,
    timeMicros: number,
    group: { id: string; index: number },
  ): ModelRegistered | Refusal {
    const branches = touchedBy(this.books, command);
    const known = branches.flatMap((branch) => this.books.registered(branch, id) ?? []);
    if (known.length > 0) return refuse('ID_REUSED', { id });
    const write = { ...writeOf(command, timeMicros), id, group };
    const before = this.books.copy();
    const refusal =
      checkPreconditions(this.books, command.preconditions) ??
      (command.kind === 'reverseTransfer'
        ? reverse(this.books, write, command)
        : decide(this.books, write, command));
    if (refusal !== undefined) return refusal;
    const answer = { kind: 'applied', entries: this.#since(before), replayed: false } as const;
    return { command, answer, branches, group };
  }

  /** Entries of one branch are a microsecond apart, and what comes next comes after all of them. */
  #ticksSince({ journals }: ReturnType<ModelBooks['copy']>): number {
    const appended = [...this.books.journals].map(
      ([branch, journal]) => journal.length - (journals.get(branch)?.length ?? 0),
    );
    return Math.max(0, ...appended);
  }

  /** A group is undone from its end. */
  #reversingParts({ branch, original }: ReverseGroup): Part[] {
    const reversed = this.books.registered(branch, original)?.command;
    const members = reversed?.kind === 'group' ? reversed.members.toReversed() : [];
    return members.map((member, index) => {
      const id = `${original} reversed ${index}`;
      const [at = branch] = touchedBy(this.books, member);
      return { id, command: { kind: 'reverseTransfer', id, branch: at, original: member.id } };
    });
  }

  #since({ journals }: ReturnType<ModelBooks['copy']>): ModelEntry[] {
    return [...this.books.journals].flatMap(([branch, journal]) =>
      journal.slice(journals.get(branch)?.length ?? 0).filter(({ ordinal }) => ordinal >= 0),
    );
  }
}

/** Refusals that may be otherwise the next time; every other is the answer for ever. */
const NOT_FROZEN = ['BRANCH_NOT_FOUND', 'ID_REUSED'];

function partsOf({ members }: Group): Part[] {
  return members.map((command) => ({ id: command.id, command }));
}

function decideSingle(
  books: ModelBooks,
  write: ModelWrite,
  command: ModelDecided | ReverseTransfer,
): Refusal | undefined {
  if (command.kind !== 'reverseTransfer') return decide(books, write, command);
  return checkOriginal(books, command) ?? reverse(books, write, command);
}

function writeOf({ id, notes, actor }: Command, timeMicros: number): ModelWrite {
  const { description = '', metadata = {} } = notes ?? {};
  return { id, timeMicros, group: undefined, said: { actor, description, metadata } };
}

/** An abandoned id has the same answer for any body; a member of a group is another write than the same by itself. */
function isSameWrite({ command, group }: ModelRegistered, other: Command): boolean {
  if (command === undefined) return true;
  return group === undefined && differingFields(command, other).length === 0;
}

/** Whoever asks what became of a write is told of the branch that was asked. */
function ofBranch(answer: ModelAnswer, branch: number): ModelAnswer {
  if (answer.kind === 'refused') return answer;
  return { ...answer, entries: answer.entries.filter((entry) => entry.branch === branch) };
}

function refusedForNow(...refused: Parameters<typeof refuse>): ModelAnswer {
  return { kind: 'refused', refusal: refuse(...refused), differing: [], replayed: false };
}
