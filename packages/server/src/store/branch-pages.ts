import type { AccountRef } from '@giro/sdk/protocol';
import type { QueryResultRow } from 'pg';
import type { KeptSeal } from '../ledger/seal-verifier.js';
import type { BranchState, HoldState } from '../ledger/state.js';
import { branchNotFound } from './read-branches.js';
import {
  branchFromRow,
  holdFromRow,
  type AccountRow,
  type BranchRow,
  type EntryRow,
  type HoldRow,
  type SealRow,
} from './rows.js';
import { MARK_INTERVAL, type PostingMark } from './posting-chains.js';
import type { Snapshot } from './snapshot.js';

/** Rows read at once: a page is verified in some 100 ms, in which the server does nothing else. */
const PAGE_SIZE = 2_000;

/** A hold, and whether the journal has an entry that has placed it. */
export interface PlacementRow {
  readonly hold_id: string;
  readonly placed: boolean;
}

/** An account with more or fewer marks than it has postings for. */
export interface MiscountedMarks {
  readonly account: AccountRef;
  readonly count: number;
  /** Where the account was last changed; undefined if there is no such account. */
  readonly position: number | undefined;
}

/** Everything that is kept of one branch, in order and page by page. */
export class BranchPages {
  readonly #snapshot: Snapshot;
  readonly #branch: number;
  readonly #pageSize: number;

  constructor(snapshot: Snapshot, branch: number, pageSize = PAGE_SIZE) {
    this.#snapshot = snapshot;
    this.#branch = branch;
    this.#pageSize = pageSize;
  }

  /** @throws {@link RequestError} with BRANCH_NOT_FOUND */
  async branchState(): Promise<BranchState> {
    const [row] = await this.#snapshot.rows<BranchRow>(BRANCH, [this.#branch]);
    if (row === undefined || row.position === '0') throw branchNotFound(this.#branch);
    return branchFromRow(row);
  }

  entries(): AsyncGenerator<readonly EntryRow[], void, undefined> {
    return this.#pages<EntryRow>(ENTRIES, ({ position }) => position);
  }

  accounts(): AsyncGenerator<readonly AccountRow[], void, undefined> {
    return this.#pages<AccountRow>(ACCOUNTS, ({ serial }) => serial);
  }

  placements(): AsyncGenerator<readonly PlacementRow[], void, undefined> {
    return this.#pages<PlacementRow>(PLACEMENTS, (row) => row.hold_id, NO_UUID);
  }

  /** One by one, those that cover something. */
  async *seals(): AsyncGenerator<KeptSeal, undefined, undefined> {
    for await (const rows of this.#pages<SealRow>(SEALS, (row) => row.last_position)) {
      for (const { first_position: first, last_position: last, root, hash } of rows) {
        yield { first: Number(first), last: Number(last), root, hash };
      }
    }
    return undefined;
  }

  /** A seal that covers nothing, if there is one. */
  async emptySeal(): Promise<{ readonly first: number; readonly last: number } | undefined> {
    const [row] = await this.#snapshot.rows<SealRow>(EMPTY_SEAL, [this.#branch]);
    if (row === undefined) return undefined;
    return { first: Number(row.first_position), last: Number(row.last_position) };
  }

  /** How the holds are kept that the entries of a page have placed. */
  async holdsPlacedBy(rows: readonly EntryRow[]): Promise<ReadonlyMap<string, HoldState>> {
    const ids = rows.filter(({ kind }) => kind === 'holdPlaced').map((row) => row.write_id);
    if (ids.length === 0) return new Map();
    const holds = await this.#snapshot.rows<HoldRow>(HOLDS, [this.#branch, ids]);
    return new Map(holds.map((row) => [row.hold_id, holdFromRow(row)]));
  }

  /** The first by position of some marks that is not kept. */
  async missingMark(marks: readonly PostingMark[]): Promise<PostingMark | undefined> {
    if (marks.length === 0) return undefined;
    const [serials, positions] = [marks.map(({ serial }) => serial), marks.map(({ position }) => position)];
    const values = [this.#branch, serials, positions];
    const [row] = await this.#snapshot.rows<MarkRow>(MISSING_MARK, values);
    if (row === undefined) return undefined;
    return { branch: this.#branch, serial: Number(row.serial), position: Number(row.position) };
  }

  /** The first by its last change of the accounts that have another number of marks than their rows say. */
  async miscountedMarks(): Promise<MiscountedMarks | undefined> {
    const [row] = await this.#snapshot.rows<MiscountedRow>(MISCOUNTED_MARKS, [this.#branch]);
    if (row === undefined) return undefined;
    const position = row.position === null ? undefined : Number(row.position);
    const account = { branch: this.#branch, serial: Number(row.serial) };
    return { account, count: Number(row.count), position };
  }

  /** @param before - a key below all of the rows */
  async *#pages<Row extends QueryResultRow>(
    text: string,
    keyOf: (row: Row) => string,
    before = BEFORE_ALL,
  ): AsyncGenerator<readonly Row[], void, undefined> {
    for (let after: string | undefined = before; after !== undefined;) {
      const rows: Row[] = await this.#snapshot.rows<Row>(text, [this.#branch, after, this.#pageSize]);
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      after = last === undefined || rows.length < this.#pageSize ? undefined : keyOf(last);
    }
  }
}

interface MarkRow {
  readonly serial: string;
  readonly position: string;
}

interface MiscountedRow {
  readonly serial: string;
  readonly count: string;
  /** Null if there is no such account. */
  readonly position: string | null;
}

/** Below every number, so that rows whose number is damaged are seen too. */
const BEFORE_ALL = '-9223372036854775808';

/** Below every UUID but itself, which nobody makes. */
const NO_UUID = '00000000-0000-0000-0000-000000000000';

const BRANCH = 'select * from branches where branch_id = $1';

const ENTRIES = 'select * from entries where branch_id = $1 and position > $2 order by position limit $3';

// With a seal that covers nothing in between, nobody could tell which of its two positions is damaged.
const SEALS = `
  select * from seals where branch_id = $1 and last_position > $2 and first_position <= last_position
  order by last_position limit $3`;

const EMPTY_SEAL = 'select * from seals where branch_id = $1 and first_position > last_position limit 1';

const ACCOUNTS = 'select * from accounts where branch_id = $1 and serial > $2 order by serial limit $3';

const HOLDS = 'select * from holds where branch_id = $1 and hold_id = any($2::uuid[])';

// A subquery in the condition, unlike `not exists`, is always a look into the primary key for each.
const MISSING_MARK = `
  select serial, position from unnest($2::bigint[], $3::bigint[]) as said (serial, position)
  where (
    select m.position from posting_marks m
    where m.branch_id = $1 and m.serial = said.serial and m.position = said.position
  ) is null
  order by position limit 1`;

const MISCOUNTED_MARKS = `
  select m.serial, count(*) as count, a.position from posting_marks m
  left join accounts a on a.branch_id = m.branch_id and a.serial = m.serial
  where m.branch_id = $1 group by m.serial, a.position, a.postings
  having count(*) <> coalesce(a.postings, 0) / ${MARK_INTERVAL}
  order by a.position, m.serial limit 1`;

const PLACEMENTS = `
  select h.hold_id, exists (
      select 1 from entries e
      where e.branch_id = h.branch_id and e.position = h.position and e.kind = 'holdPlaced'
        and e.write_id = h.hold_id
    ) as placed
  from holds h where h.branch_id = $1 and h.hold_id > $2 order by h.hold_id limit $3`;
