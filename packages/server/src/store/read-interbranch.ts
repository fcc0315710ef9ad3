import type { Database } from './database.js';
import { readBranch } from './read-branches.js';

/** What two branches owe each other in one currency, as each of them has it in its books (R7). */
export interface InterbranchPosition extends InterbranchKey {
  /** The balance of interbranch(peer) in the books of branch: what it owes (positive) or is owed (negative). */
  readonly balance: bigint;
  /** The balance of interbranch(branch) in the books of peer. */
  readonly peerBalance: bigint;
}

/** Names one pair: `branch` is the lower one. */
export interface InterbranchKey {
  readonly branch: number;
  readonly peer: number;
  readonly currency: string;
}

/** Which pairs to list. */
export interface InterbranchFilter {
  /** Only pairs with this branch; undefined for all. */
  readonly branch: number | undefined;
  /** Only pairs that come later than this one. */
  readonly after: InterbranchKey | undefined;
  readonly limit: number;
}

/** Pairs in order of branches and currency, both sides in one snapshot. @throws {@link RequestError} with BRANCH_NOT_FOUND */
export async function readInterbranchPositions(
  database: Database,
  { branch, after, limit }: InterbranchFilter,
): Promise<InterbranchPosition[]> {
  const begin = [after?.branch ?? -1, after?.peer ?? -1, after?.currency ?? '', limit];
  if (branch === undefined) return (await database.rows<PairRow>(PAIRS, begin)).map(positionFromRow);
  const rows = await database.rows<PairRow>(PAIRS_OF_BRANCH, [...begin, branch]);
  if (rows.length === 0) await readBranch(database, branch);
  return rows.map(positionFromRow);
}

interface PairRow {
  readonly low: number;
  readonly high: number;
  readonly currency: string;
  readonly low_balance: string;
  readonly high_balance: string;
}

function positionFromRow({ low, high, currency, low_balance, high_balance }: PairRow): InterbranchPosition {
  const [balance, peerBalance] = [BigInt(low_balance), BigInt(high_balance)];
  return { branch: low, peer: high, currency, balance, peerBalance };
}

/** An interbranch account's serial is a base that stands for the currency, and the other branch. */
const PAIR_COLUMNS = `
  least(a.branch_id, a.peer_branch_id) as low, greatest(a.branch_id, a.peer_branch_id) as high, a.currency,
  a.serial - a.peer_branch_id as base`;

const IS_INTERBRANCH = `a.kind = 'interbranch' and a.serial between 6000000000 and 6999999999`;

function positions(pairs: string): string {
  return `
    select pair.low, pair.high, pair.currency, coalesce(l.posted_credits - l.posted_debits, 0) as low_balance,
      coalesce(h.posted_credits - h.posted_debits, 0) as high_balance
    from (${pairs} order by low, high, currency limit $4) as pair
    left join accounts l on l.branch_id = pair.low and l.serial = pair.base + pair.high
    left join accounts h on h.branch_id = pair.high and h.serial = pair.base + pair.low
    order by pair.low, pair.high, pair.currency`;
}

/** Branch by branch, so that a page does not look at the accounts of all branches. */
const PAIRS = positions(`
  select own.* from branches b
  cross join lateral (
    select ${PAIR_COLUMNS} from accounts a
    where a.branch_id = b.branch_id and a.peer_branch_id > b.branch_id and ${IS_INTERBRANCH}
      and (a.branch_id, a.peer_branch_id, a.currency) > ($1::int, $2::int, $3::text)
    order by a.peer_branch_id, a.currency limit $4
  ) as own
  where b.branch_id >= $1::int`);

const PAIRS_OF_BRANCH = positions(`
  select * from (
    select ${PAIR_COLUMNS} from accounts a where a.branch_id = $5 and ${IS_INTERBRANCH}
  ) as own
  where (low, high, currency) > ($1::int, $2::int, $3::text)`);
