import { AMOUNT_MAX, internalSerial, type AccountRef } from '@giro/sdk/protocol';
import type { Command, Member, Precondition } from '../ledger/command.js';
import type { ModelBooks } from './model-books.fixture.js';
import { touchedBy } from './model-touched.fixture.js';

/**
 * A command as it is drawn. What depends on what was before, an earlier write for example, or all that an account has, is
 * filled in when its turn comes. So any part of a history can be left out, and the rest still means something.
 */
export interface Draft {
  readonly command: Command;
  /** The earlier write that it is about, if it is about one. */
  readonly pick: Pick;
  /** Its own amount; or all that is available, or held; or one unit more than that. */
  readonly reach: 'own' | 'all' | 'more';
  readonly conditions: readonly ConditionDraft[];
  /** Of a group. */
  readonly members: readonly (Draft & { readonly command: Member })[];
}

/** An earlier write: how far back among those of the right kind, and by which of its branches. */
export interface Pick {
  readonly back: number;
  readonly side: number;
  /** Any write and any branch at all, as someone in error would name. */
  readonly stray: boolean;
  /** If not 0, what is to come so many turns later instead: nobody knows it yet. */
  readonly ahead: number;
}

/** A precondition on an account as it is, or just beside it. */
export interface ConditionDraft {
  readonly what: 'balanceAtLeast' | 'balanceAtMost' | 'position';
  readonly serial: number;
  /** Which of the branches that the write touches. */
  readonly side: number;
  readonly offset: bigint;
}

/** Makes the command that is meant. */
export function commandOf(draft: Draft, id: string, earlier: readonly Command[], books: ModelBooks): Command {
  const filled = fill(draft, id, earlier, books);
  const preconditions = preconditionsOf(draft, touchedBy(books, filled), books);
  return preconditions.length === 0 ? filled : { ...filled, preconditions };
}

/** The ids of a history's writes; the last two digits are left to the members of a group. */
export function idOf(index: number): string {
  return `00000000-0000-7000-8000-${String(index + 1).padStart(10, '0')}00`;
}

function fill(draft: Draft, id: string, earlier: readonly Command[], books: ModelBooks): Command {
  const { command } = draft;
  if (command.kind === 'group') return { ...command, id, members: membersOf(draft, id, earlier, books) };
  if ('hold' in command) {
    const { branch, id: hold } = picked(draft.pick, earlier, HOLDS, books);
    const filled = { ...command, id, branch, hold };
    return command.kind === 'captureHold'
      ? reaching(draft, filled, books.hold(branch, hold)?.amount)
      : filled;
  }
  if ('original' in command) {
    const kinds = command.kind === 'reverseGroup' ? GROUPS : MOVES;
    const { branch, id: original } = picked(draft.pick, earlier, kinds, books);
    return { ...command, id, branch, original };
  }
  return reaching(draft, { ...command, id }, allOf(command, books));
}

function membersOf({ members }: Draft, group: string, earlier: readonly Command[], books: ModelBooks) {
  const made: Member[] = [];
  for (const [index, member] of members.entries()) {
    const own = `${group.slice(0, -2)}${String(index + 1).padStart(2, '0')}`;
    const borrowed = member.pick.stray ? earlier.at(-1 - member.pick.back)?.id : undefined;
    const isFree = borrowed !== undefined && borrowed !== group && !made.some(({ id }) => id === borrowed);
    // What is drawn of a member is filled in as a member, never as anything else.
    made.push(commandOf(member, isFree ? borrowed : own, [...earlier, ...made], books) as Member);
  }
  return made;
}

/** Gives the command the amount that it is to reach for, as far as there is such an amount. */
function reaching<Filled extends Command>(
  { reach }: Draft,
  command: Filled,
  all: bigint | undefined,
): Filled {
  const amount = reach === 'all' ? all : (all ?? 0n) + 1n;
  if (reach === 'own' || all === undefined || amount === undefined || amount < 1n || amount > AMOUNT_MAX) {
    return command;
  }
  return { ...command, amount };
}

const HOLDS: readonly Command['kind'][] = ['placeHold'];

const GROUPS: readonly Command['kind'][] = ['group'];

const MOVES: readonly Command['kind'][] = [
  ...(['deposit', 'withdraw', 'transfer', 'operatorTransfer', 'captureHold'] as const),
  ...(['addCash', 'removeCash', 'seedDeposit', 'reverseTransfer'] as const),
];

function picked(
  { back, side, stray, ahead }: Pick,
  earlier: readonly Command[],
  kinds: readonly Command['kind'][],
  books: ModelBooks,
) {
  const all = earlier.flatMap((command): readonly Command[] =>
    command.kind === 'group' ? [command, ...command.members] : [command],
  );
  const fitting = stray ? all : all.filter((each) => kinds.includes(each.kind) && !isRefused(each, books));
  const found = fitting.at(-1 - (back % Math.max(fitting.length, 1)));
  if (ahead > 0 || found === undefined) return { branch: 3, id: idOf(earlier.length + ahead) };
  const branches = branchesNamed(found);
  return { branch: branches[side % branches.length] ?? 3, id: found.id };
}

/** Whether it is known to have come to nothing: not so if its turn is yet to come. */
function isRefused(command: Command, books: ModelBooks): boolean {
  return branchesNamed(command).some(
    (branch) => books.registered(branch, command.id)?.answer.kind === 'refused',
  );
}

/** The branches that a command names. */
function branchesNamed(command: Command): readonly number[] {
  if (command.kind === 'group') return command.members.flatMap(branchesNamed);
  if (command.kind === 'seedDeposit') return [command.customer % 10, 10];
  if ('branch' in command) return [command.branch];
  if ('account' in command) return [command.account.branch];
  return [...('from' in command ? [command.from] : []), ...('to' in command ? [command.to] : [])].map(
    ({ branch }) => branch,
  );
}

/** Everything that can be taken out of where the command takes it from; no time passes for it. */
function allOf(command: Command, books: ModelBooks): bigint | undefined {
  const payer = payerOf(command);
  const account = payer === undefined ? undefined : books.account(payer);
  return account === undefined ? undefined : books.available(account, -Infinity);
}

function payerOf(command: Command): AccountRef | undefined {
  if ('from' in command) return command.from;
  if (command.kind !== 'removeCash') return undefined;
  const { branch, currency } = command;
  return { branch, serial: internalSerial({ kind: 'vault', currency }) };
}

function preconditionsOf(
  { conditions, command }: Draft,
  branches: readonly number[],
  books: ModelBooks,
): readonly Precondition[] {
  if (UNCONDITIONAL.includes(command.kind)) return [];
  return conditions.map(({ what, serial, side, offset }) => {
    const account = { branch: branches[side % branches.length] ?? 0, serial };
    if (what === 'position')
      return { account, position: Math.max(0, books.position(account) + Number(offset)) };
    return { account, [what]: books.balance(account, books.account(account)?.kind) + offset };
  });
}

/** Writes that nobody can send with preconditions, or that have no branch yet to ask for. */
const UNCONDITIONAL: readonly Command['kind'][] = [
  'initializeBranch',
  'seedDeposit',
  'expireHolds',
  'abandon',
];
