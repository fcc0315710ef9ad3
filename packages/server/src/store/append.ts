import type { Client, QueryConfig } from 'pg';
import { BranchMap } from '../ledger/branch-map.js';
import type { BookChanges, SealedBranch } from '../ledger/books.js';
import type { Seal } from '../ledger/seal.js';
import type { AccountState } from '../ledger/state.js';
import { ACCOUNT_COLUMNS, ACCOUNT_KEYS, CHANGING_ACCOUNT_COLUMNS } from './account-columns.js';
import { bigint, bytea, column, insertion, int, update, type Column } from './columns.js';
import { ENTRY_COLUMNS } from './entry-columns.js';
import { CHANGING_HOLD_COLUMNS, HOLD_COLUMNS, HOLD_KEYS } from './hold-columns.js';
import { PostingChains, type PostingChain, type PostingMark } from './posting-chains.js';

/** An account as it was loaded. */
export interface LoadedAccount {
  readonly account: AccountState;
  readonly chain: PostingChain;
}

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

/** What is on its way. */
export interface Append {
  readonly done: Promise<Appended>;
  /** How the append leaves the accounts that it changes or opens. */
  readonly accounts: readonly LoadedAccount[];
}

/**
 * Sends what a batch changed and the commit, in one round trip: many changes of one row are one update.
 *
 * The branches come first, one statement each and in order of their ids, and are the fence: where nothing is locked
 * yet, they are the locks too.
 *
 * @param loaded - the accounts as they were before the batch
 */
export function appendAndCommit(
  client: Client,
  changes: BookChanges,
  loaded: readonly LoadedAccount[],
): Append {
  const { sealed, openedAccounts, changedAccounts, placedHolds, resolvedHolds } = changes;
  const before = new BranchMap<number, LoadedAccount>();
  const chains = new PostingChains();
  for (const each of loaded) {
    before.set(each.account.branch, each.account.serial, each);
    chains.load(each.account, each.chain);
  }
  const rows = sealed.flatMap(({ entries, digests }) =>
    entries.map((entry, index) => ({
      entry,
      links: chains.link(entry),
      digest: digests[index] ?? Buffer.alloc(0),
    })),
  );
  const withChain = (account: AccountState) => ({ account, chain: chains.of(account) });
  const [opened, changed] = [openedAccounts.map(withChain), changedAccounts.map(withChain)];
  const earlier = changed.map(({ account }) => before.get(account.branch, account.serial));
  const moved = sealed
    .toSorted((a, b) => a.branch.id - b.branch.id)
    .map((each) => client.query<{ micros: string }>({ ...MOVE_BRANCH, values: branchValues(each) }));
  const sent: Promise<unknown>[] = [];
  const send = <Row>(sentRows: readonly Row[], statement: (some: readonly Row[]) => QueryConfig) => {
    if (sentRows.length > 0) sent.push(client.query(statement(sentRows)));
  };
  send(rows, (some) => insertion('entries', ENTRY_COLUMNS, some));
  send(sealed, (some) =>
    insertion(
      'seals',
      SEAL_COLUMNS,
      some.map(({ seal }) => seal),
    ),
  );
  send(chains.marks, (some) => insertion('posting_marks', MARK_COLUMNS, some));
  send(opened, (some) => insertion('accounts', ACCOUNT_COLUMNS, some));
  send(changed, (some) => update('accounts', ACCOUNT_KEYS, CHANGING_ACCOUNT_COLUMNS, some, earlier));
  send(placedHolds, (some) => insertion('holds', HOLD_COLUMNS, some));
  send(resolvedHolds, (some) => update('holds', HOLD_KEYS, CHANGING_HOLD_COLUMNS, some, []));
  const committed = client.query('commit');
  return { done: outcomeOf(committed, moved, sent), accounts: [...opened, ...changed] };
}

/** Resolves when all is answered; rejects with the first error, which is what those after it come from. */
async function outcomeOf(
  committed: Promise<{ readonly command: string }>,
  moved: readonly Promise<{ readonly rows: readonly { readonly micros: string }[] }>[],
  sent: readonly Promise<unknown>[],
): Promise<Appended> {
  await Promise.all([...moved, ...sent, committed]);
  const { command: tag } = await committed;
  const clock = await moved[0];
  return { tag, clockMicros: Number(clock?.rows[0]?.micros ?? 0) };
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

/** Divides by zero, and so aborts the transaction, unless the branch stands where it was when it was loaded. */
const MOVE_BRANCH = {
  name: 'move-branch',
  text: `with moved as (
           update branches
           set position = $2, time_micros = $3, next_serial = $4, open_accounts = $5, closed = $6, head_hash = $7
           where branch_id = $1 and position = $8 and (position = 0 or head_hash = $9) returning 1
         )
         select 1 / count(*), (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros from moved`,
};
