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
  /** Whether it moves everything that is available, instead of its own amount. */
  readonly all: boolean;
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

function fill(draft: Draft, id: string, earlier: readonly Command[], books: ModelBooks): Command {
  const { command, members } = draft;
  if (command.kind === 'group') {
    const made: Command[] = [];
    members.forEach((member, index) => {
      made.push(
        commandOf(
          member,
          `${id.slice(0, -2)}${String(index + 1).padStart(2, '0')}`,
          [...earlier, ...made],
          books,
        ),
      );
    });
    return { ...command, id, members: made as Member[] };
  }
  if ('hold' in command) {
    const { branch, id: hold } = picked(draft.pick, earlier, HOLDS, books);
    return { ...command, id, branch, hold };
  }
  if ('original' in command) {
    const kinds = command.kind === 'reverseGroup' ? GROUPS : MOVES;
    const { branch, id: original } = picked(draft.pick, earlier, kinds, books);
    return { ...command, id, branch, original };
  }
  const amount = draft.all ? allOf(command, books) : undefined;
  return amount === undefined ? { ...command, id } : ({ ...command, id, amount } as Command);
}

const HOLDS: readonly Command['kind'][] = ['placeHold'];

const GROUPS: readonly Command['kind'][] = ['group'];

const MOVES: readonly Command['kind'][] = [
  ...(['deposit', 'withdraw', 'transfer', 'operatorTransfer', 'captureHold'] as const),
  ...(['addCash', 'removeCash', 'seedDeposit', 'reverseTransfer'] as const),
];

/** An id that nobody has used. */
const NOBODYS = '00000000-0000-7000-8000-ffffffffffff';

function picked(
  { back, side, stray }: Pick,
  earlier: readonly Command[],
  kinds: readonly Command['kind'][],
  books: ModelBooks,
) {
  const all = earlier.flatMap((command): readonly Command[] =>
    command.kind === 'group' ? [command, ...command.members] : [command],
  );
  const fitting = stray ? all : all.filter((each) => kinds.includes(each.kind) && !isRefused(each, books));
  const found = fitting.at(-1 - (back % Math.max(fitting.length, 1)));
  if (found === undefined) return { branch: 3, id: NOBODYS };
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
  if (account === undefined) return undefined;
  const available = books.available(account, -Infinity);
  return available < 1n || available > AMOUNT_MAX ? undefined : available;
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
