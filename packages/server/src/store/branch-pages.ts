import type { QueryResultRow } from 'pg';
import type { KeptSeal } from '../ledger/journal-verifier.js';
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
import type { Snapshot } from './snapshot.js';

/** Rows read at once: a page is verified in some 100 ms, in which the server does nothing else. */
const PAGE_SIZE = 2_000;

/** A hold, and whether the journal has an entry that has placed it. */
export interface PlacementRow {
  readonly hold_id: string;
  readonly placed: boolean;
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

const PLACEMENTS = `
  select h.hold_id, exists (
      select 1 from entries e
      where e.branch_id = h.branch_id and e.position = h.position and e.kind = 'holdPlaced'
        and e.write_id = h.hold_id
    ) as placed
  from holds h where h.branch_id = $1 and h.hold_id > $2 order by h.hold_id limit $3`;
