import { randomBytes } from 'node:crypto';
import { formatAccountId, newWriteId } from '@giro/sdk/protocol';
import type { Client } from 'pg';
import { PER_BRANCH } from './accounts.js';
import {
  INSERT_POSTINGS,
  INSERT_SEALS,
  MOVE_BRANCHES,
  postingValues,
  READ_ACCOUNTS,
  READ_BRANCHES,
  UPDATE_ACCOUNTS,
  type PostingColumns,
} from './floor-sql.js';
import type { Pair } from './pairs.js';

/** One statement of a commit. */
export interface FloorStatement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** What the floor knows of the database that it writes to: as much as the rows need, and no rules. */
export class FloorBooks {
  readonly #branches: FloorBranch[];
  readonly #accounts: FloorAccount[];
  readonly #digests = randomHex(DIGEST_BYTES);
  readonly #hashes = randomHex(HASH_BYTES);
  readonly #idPrefix = newWriteId().slice(0, -ID_COUNTER_DIGITS);
  #written = 0;

  constructor(branches: readonly BranchRow[], accounts: readonly AccountRow[]) {
    this.#branches = branches.map((row) => ({
      id: row.branch_id,
      position: Number(row.position),
      timeMicros: Number(row.time_micros),
    }));
    this.#accounts = accounts.map((row) => ({
      branch: row.branch_id,
      serial: Number(row.serial),
      id: formatAccountId({ branch: row.branch_id, serial: Number(row.serial) }),
      debits: Number(row.posted_debits),
      credits: Number(row.posted_credits),
      position: Number(row.last_posting),
      postings: Number(row.postings),
    }));
  }

  /** What a database holds of the active accounts of its first branches. */
  static async read(client: Client, branches: number): Promise<FloorBooks> {
    const branchRows = await client.query<BranchRow>(READ_BRANCHES);
    const accountRows = await client.query<AccountRow>(READ_ACCOUNTS, [branches, PER_BRANCH]);
    return new FloorBooks(branchRows.rows, accountRows.rows);
  }

  /** The statements of one commit that writes some transfers within branches. */
  commit(pairs: readonly Pair[]): FloorStatement[] {
    const columns = emptyColumns();
    const accounts = new Set<FloorAccount>();
    const firstPositions = new Map<FloorBranch, number>();
    const timeMicros = Date.now() * 1_000;
    for (const [from, to] of pairs) {
      const [debit, credit] = [this.#accounts[from], this.#accounts[to]];
      const branch = this.#branches[debit?.branch ?? 0];
      if (debit === undefined || credit === undefined || branch === undefined)
        throw new Error('no such account');
      if (!firstPositions.has(branch)) firstPositions.set(branch, branch.position + 1);
      this.#post(columns, branch, debit, credit, timeMicros);
      accounts.add(debit).add(credit);
    }
    return [
      { ...INSERT_POSTINGS, values: postingValues(columns) },
      { ...INSERT_SEALS, values: this.#sealValues(firstPositions) },
      { ...UPDATE_ACCOUNTS, values: accountValues([...accounts]) },
      { ...MOVE_BRANCHES, values: this.#branchValues([...firstPositions.keys()]) },
    ];
  }

  #post(
    columns: PostingColumns,
    branch: FloorBranch,
    debit: FloorAccount,
    credit: FloorAccount,
    nowMicros: number,
  ): void {
    branch.position++;
    branch.timeMicros = Math.max(branch.timeMicros + 1, nowMicros);
    debit.debits++;
    credit.credits++;
    columns.debitPrevious.push(debit.position);
    columns.creditPrevious.push(credit.position);
    debit.position = credit.position = branch.position;
    debit.postings++;
    credit.postings++;
    columns.branch.push(branch.id);
    columns.position.push(branch.position);
    columns.timeMicros.push(branch.timeMicros);
    columns.writeId.push(this.#idPrefix + this.#written.toString(16).padStart(ID_COUNTER_DIGITS, '0'));
    columns.body.push(
      `{"kind":"transfer","from":"${debit.id}","to":"${credit.id}","amount":"1","currency":"USD"}`,
    );
    columns.debit.push(debit.serial);
    columns.credit.push(credit.serial);
    columns.amount.push(1);
    columns.debitBalance.push(debit.credits - debit.debits);
    columns.creditBalance.push(credit.credits - credit.debits);
    columns.digest.push(this.#digests[this.#written++ % RANDOM_VALUES] ?? '');
  }

  #sealValues(firstPositions: ReadonlyMap<FloorBranch, number>): unknown[] {
    const branches = [...firstPositions.keys()];
    return [
      branches.map(({ id }) => id),
      branches.map(({ position }) => position),
      [...firstPositions.values()],
      branches.map((branch) => this.#hashOf(branch)),
      branches.map((branch) => this.#hashOf(branch)),
    ];
  }

  #branchValues(branches: readonly FloorBranch[]): unknown[] {
    return [
      branches.map(({ id }) => id),
      branches.map(({ position }) => position),
      branches.map(({ timeMicros }) => timeMicros),
      branches.map((branch) => this.#hashOf(branch)),
    ];
  }

  #hashOf({ position }: FloorBranch): string {
    return this.#hashes[position % RANDOM_VALUES] ?? '';
  }
}

interface FloorBranch {
  readonly id: number;
  position: number;
  timeMicros: number;
}

interface FloorAccount {
  readonly branch: number;
  readonly serial: number;
  readonly id: string;
  debits: number;
  credits: number;
  /** Of its last posting. */
  position: number;
  postings: number;
}

interface BranchRow {
  readonly branch_id: number;
  readonly position: string;
  readonly time_micros: string;
}

interface AccountRow {
  readonly branch_id: number;
  readonly serial: string;
  readonly posted_debits: string;
  readonly posted_credits: string;
  readonly last_posting: string;
  readonly postings: string;
}

const DIGEST_BYTES = 8;
const HASH_BYTES = 32;

/** The last group of a UUID counts, so that ids come in order as those of version 7 do. */
const ID_COUNTER_DIGITS = 12;

/** Random values are made before the clock starts, and used in turn: what they are does not matter. */
const RANDOM_VALUES = 4_096;

function randomHex(bytes: number): string[] {
  return Array.from({ length: RANDOM_VALUES }, () => `\\x${randomBytes(bytes).toString('hex')}`);
}

function accountValues(accounts: readonly FloorAccount[]): unknown[] {
  return [
    accounts.map(({ branch }) => branch),
    accounts.map(({ serial }) => serial),
    accounts.map(({ debits }) => debits),
    accounts.map(({ credits }) => credits),
    accounts.map(({ position }) => position),
    accounts.map(({ position }) => position),
    accounts.map(({ postings }) => postings),
  ];
}

function emptyColumns(): PostingColumns {
  return {
    branch: [],
    position: [],
    timeMicros: [],
    writeId: [],
    body: [],
    debit: [],
    credit: [],
    amount: [],
    debitBalance: [],
    creditBalance: [],
    debitPrevious: [],
    creditPrevious: [],
    digest: [],
  };
}
