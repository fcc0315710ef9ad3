import type { Client } from 'pg';
import { BranchMap } from '../ledger/branch-map.js';
import type { BookChanges, SealedBranch } from '../ledger/books.js';
import type { Seal } from '../ledger/seal.js';
import type { AccountState } from '../ledger/state.js';
import {
  ACCOUNT_COLUMNS,
  ACCOUNT_KEYS,
  CHANGING_ACCOUNT_COLUMNS,
  type KeptAccount,
} from './account-columns.js';
import { bigint, bytea, column, insertion, int, update, type Column } from './columns.js';
import { CLOCK_MICROS } from './database-clock.js';
import { ENTRY_COLUMNS, type KeptEntry } from './entry-columns.js';
import { CHANGING_HOLD_COLUMNS, HOLD_COLUMNS, HOLD_KEYS } from './hold-columns.js';
import { joined, type Statement } from './joined.js';
import { PostingChains, type PostingMark } from './posting-chains.js';

/** What an append tells. */
export interface Appended {
  /**
   * The command tag of the commit: only `COMMIT` is success, since committing an aborted transaction answers `ROLLBACK`
   * without an error.
   */
  readonly tag: string;
  /** The database's clock when the branches were moved on. */
  readonly clockMicros: number;
}

/** Everything that a batch changes, ready to be sent. */
export interface Append {
  /** Move the branches on. */
  readonly fences: readonly Statement[];
  /** Write everything else. */
  readonly writes: readonly Statement[];
  /** How the append leaves the accounts that it changes or opens. */
  readonly accounts: readonly KeptAccount[];
}

/**
 * Makes the statements that write what a batch changed: many changes of one row are one update.
 *
 * The branches come first, one statement each and in order of their ids, and are the fence: where nothing is locked
 * yet, they are the locks too.
 *
 * @param loaded - the accounts as they were before the batch
 */
export function appendOf(changes: BookChanges, loaded: readonly KeptAccount[]): Append {
  const { sealed, openedAccounts, changedAccounts, placedHolds, resolvedHolds } = changes;
  const before = new BranchMap<number, KeptAccount>();
  const chains = new PostingChains();
  for (const each of loaded) {
    before.set(each.account.branch, each.account.serial, each);
    chains.load(each.account, each.chain);
  }
  const rows = sealed.flatMap((each) => keptRows(each, chains));
  const withChain = (account: AccountState) => ({ account, chain: chains.of(account) });
  const [opened, changed] = [openedAccounts.map(withChain), changedAccounts.map(withChain)];
  const earlier = changed.map(({ account }) => before.get(account.branch, account.serial));
  const seals = sealed.map(({ seal }) => seal);
  const moved = sealed.toSorted((a, b) => a.branch.id - b.branch.id);
  const writes = [
    ...ifAny(rows, () => insertion('entries', ENTRY_COLUMNS, rows)),
    ...ifAny(seals, () => insertion('seals', SEAL_COLUMNS, seals)),
    ...ifAny(chains.marks, () => insertion('posting_marks', MARK_COLUMNS, chains.marks)),
    ...ifAny(opened, () => insertion('accounts', ACCOUNT_COLUMNS, opened)),
    ...ifAny(changed, () => update('accounts', ACCOUNT_KEYS, CHANGING_ACCOUNT_COLUMNS, changed, earlier)),
    ...ifAny(placedHolds, () => insertion('holds', HOLD_COLUMNS, placedHolds)),
    ...ifAny(resolvedHolds, () => update('holds', HOLD_KEYS, CHANGING_HOLD_COLUMNS, resolvedHolds, [])),
  ];
  const fences = moved.map((each) => ({ ...MOVE_BRANCH, values: branchValues(each) }));
  return { fences, writes, accounts: [...opened, ...changed] };
}

/**
 * Sends an append and the commit, in one round trip. What concerns one branch alone is one statement. Several branches
 * are moved on one statement each, since one over several locks in an order of its own (trap 5), and a database that is
 * spread over nodes joins only what is on one of them (design §3).
 */
export async function sendAndCommit(client: Client, { fences, writes }: Append): Promise<Appended> {
  const statements =
    fences.length === 1
      ? [joined([...fences, ...writes], FENCE)]
      : [...fences.map((fence) => joined([fence], FENCE)), ...writes];
  const sent = statements.map((statement) => client.query<{ micros?: string }>(statement));
  const committed = client.query('commit');
  // The first error is what those after it come from.
  await Promise.all([...sent, committed]);
  const { command: tag } = await committed;
  const clock = await sent[0];
  return { tag, clockMicros: Number(clock?.rows[0]?.micros ?? 0) };
}

function keptRows({ entries, digests }: SealedBranch, chains: PostingChains): KeptEntry[] {
  return entries.map((entry, index) => ({
    entry,
    links: chains.link(entry),
    digest: digests[index] ?? Buffer.alloc(0),
  }));
}

function ifAny(rows: readonly unknown[], statement: () => Statement): Statement[] {
  return rows.length > 0 ? [statement()] : [];
}

const SEAL_COLUMNS: readonly Column<Seal>[] = [
  column('branch_id', int, ({ branch }) => branch),
  column('last_position', bigint, ({ last }) => last),
  column('first_position', bigint, ({ first }) => first),
  column('root', bytea, ({ root }) => root),
  column('hash', bytea, ({ hash }) => hash),
];

const MARK_COLUMNS: readonly Column<PostingMark>[] = [
  column('branch_id', int, ({ branch }) => branch),
  column('serial', bigint, ({ serial }) => serial),
  column('position', bigint, ({ position }) => position),
];

function branchValues({ branch, entries, headHashBefore }: SealedBranch): unknown[] {
  const { id, position, timeMicros, nextSerial, openAccounts, closed, headHash } = branch;
  const positionBefore = position - entries.length;
  return [
    id,
    position,
    timeMicros,
    nextSerial,
    openAccounts,
    closed,
    headHash,
    positionBefore,
    headHashBefore,
  ];
}

/** Moves a branch on if it stands where it was when it was loaded. */
const MOVE_BRANCH = {
  name: 'move-branch',
  text: `update branches
         set position = $2, time_micros = $3, next_serial = $4, open_accounts = $5, closed = $6, head_hash = $7
         where branch_id = $1 and position = $8 and (position = 0 or head_hash = $9) returning 1`,
};

/** Divides by zero, and so aborts the transaction, if the branch was not moved on. */
const FENCE = `select 1 / count(*), ${CLOCK_MICROS} as micros from part0`;
