/** The rows of one transfer's posting and the set-based statements that write them, by hand and to the same schema. */

/** What is written of a posting: one array for each column, one value for each row. */
export interface PostingColumns {
  readonly branch: number[];
  readonly position: number[];
  readonly timeMicros: number[];
  readonly writeId: string[];
  readonly body: string[];
  readonly debit: number[];
  readonly credit: number[];
  readonly amount: number[];
  readonly debitBalance: number[];
  readonly creditBalance: number[];
  /** Where the debited account's posting before stands. */
  readonly debitPrevious: number[];
  readonly creditPrevious: number[];
  readonly digest: string[];
}

export const INSERT_POSTINGS = {
  name: 'floor-postings',
  text: `insert into entries (branch_id, position, time_micros, write_id, ordinal, kind, body, debit_serial,
           credit_serial, amount, currency, debit_balance, credit_balance, debit_previous, credit_previous, digest)
         select branch_id, position, time_micros, write_id, 0, 'posting', body, debit, credit, amount, 'USD',
           debit_balance, credit_balance, debit_previous, credit_previous, digest
         from unnest($1::int[], $2::bigint[], $3::bigint[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[],
           $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bytea[])
           as posting (branch_id, position, time_micros, write_id, body, debit, credit, amount, debit_balance,
             credit_balance, debit_previous, credit_previous, digest)`,
};

export function postingValues(columns: PostingColumns): unknown[] {
  const { branch, position, timeMicros, writeId, body, debit, credit, amount } = columns;
  const { debitBalance, creditBalance, debitPrevious, creditPrevious, digest } = columns;
  return [
    branch,
    position,
    timeMicros,
    writeId,
    body,
    debit,
    credit,
    amount,
    debitBalance,
    creditBalance,
    debitPrevious,
    creditPrevious,
    digest,
  ];
}

/** Values: branches, last positions, first positions, roots, hashes. */
export const INSERT_SEALS = {
  name: 'floor-seals',
  text: `insert into seals (branch_id, last_position, first_position, root, hash)
         select * from unnest($1::int[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[])`,
};

/** Values: branches, serials, posted debits, posted credits, positions, last postings, counts of postings. */
export const UPDATE_ACCOUNTS = {
  name: 'floor-accounts',
  text: `update accounts a
         set posted_debits = changed.posted_debits, posted_credits = changed.posted_credits,
           position = changed.position, last_posting = changed.last_posting, postings = changed.postings
         from unnest($1::int[], $2::bigint[], $3::numeric[], $4::numeric[], $5::bigint[], $6::bigint[], $7::bigint[])
           as changed (branch_id, serial, posted_debits, posted_credits, position, last_posting, postings)
         where a.branch_id = changed.branch_id and a.serial = changed.serial`,
};

/** Values: branches, positions, times, hashes. */
export const MOVE_BRANCHES = {
  name: 'floor-branches',
  text: `update branches b
         set position = moved.position, time_micros = moved.time_micros, head_hash = moved.head_hash
         from unnest($1::int[], $2::bigint[], $3::bigint[], $4::bytea[])
           as moved (branch_id, position, time_micros, head_hash)
         where b.branch_id = moved.branch_id`,
};

export const READ_BRANCHES = 'select branch_id, position, time_micros from branches order by branch_id';

export const READ_ACCOUNTS = `select branch_id, serial, posted_debits, posted_credits, last_posting, postings from accounts
  where branch_id < $1 and serial <= $2 order by branch_id, serial`;

/** As a server's own: committed is durable, and each statement finds its rows by their keys. */
export const SESSION_SETTINGS = `
  set synchronous_commit = 'on';
  set plan_cache_mode = force_generic_plan;
  set enable_seqscan = off;
  set enable_hashjoin = off;
  set enable_mergejoin = off;
`;
