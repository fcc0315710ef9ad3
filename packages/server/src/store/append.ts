import type { Client } from 'pg';
import type { BookChanges, SealedBranch } from '../ledger/books.js';
import type { AccountState, BranchState, HoldState } from '../ledger/state.js';
import { ENTRY_COLUMNS, entryColumns } from './entry-columns.js';

/**
 * Sends what a batch changed and the commit, in one round trip: many changes of one row are one update.
 *
 * @returns the command tag of the commit: only `COMMIT` is success, since committing an aborted transaction
 *   answers `ROLLBACK` without an error
 */
export async function appendAndCommit(client: Client, changes: BookChanges): Promise<string> {
  const { sealed, openedAccounts, changedAccounts, placedHolds, resolvedHolds } = changes;
  const sent: Promise<unknown>[] = [];
  const send = (statement: Statement, rows: readonly unknown[], values: unknown[]) => {
    if (rows.length > 0) sent.push(client.query({ ...statement, values }));
  };
  send(INSERT_ENTRIES, sealed, entryColumns(sealed));
  send(INSERT_SEALS, sealed, sealColumns(sealed));
  send(INSERT_ACCOUNTS, openedAccounts, accountColumns(openedAccounts));
  send(UPDATE_ACCOUNTS, changedAccounts, changingColumns(changedAccounts));
  send(INSERT_HOLDS, placedHolds, holdColumns(placedHolds));
  send(UPDATE_HOLDS, resolvedHolds, resolutionColumns(resolvedHolds));
  for (const each of sealed) sent.push(client.query({ ...MOVE_BRANCH, values: branchValues(each) }));
  const committed = client.query('commit');
  const [{ command }] = await Promise.all([committed, ...sent]);
  return command;
}

interface Statement {
  readonly name: string;
  readonly text: string;
}

function sealColumns(sealed: readonly SealedBranch[]): unknown[] {
  const seals = sealed.map(({ seal }) => seal);
  return [
    seals.map(({ branch }) => branch),
    seals.map(({ last }) => last),
    seals.map(({ first }) => first),
    seals.map(({ root }) => root),
    seals.map(({ hash }) => hash),
  ];
}

function accountColumns(accounts: readonly AccountState[]): unknown[] {
  return [
    ...changingColumns(accounts),
    accounts.map(({ kind }) => kind),
    accounts.map(({ customer }) => customer ?? null),
    accounts.map(({ peerBranch }) => peerBranch ?? null),
    accounts.map(({ currency }) => currency),
    accounts.map(({ openedMicros }) => openedMicros),
  ];
}

/** What can change of an account. */
function changingColumns(accounts: readonly AccountState[]): unknown[] {
  return [
    accounts.map(({ branch }) => branch),
    accounts.map(({ serial }) => serial),
    accounts.map(({ postedDebits }) => postedDebits),
    accounts.map(({ postedCredits }) => postedCredits),
    accounts.map(({ heldDebits }) => heldDebits),
    accounts.map(({ heldCredits }) => heldCredits),
    accounts.map(({ status }) => status),
    accounts.map(({ overdraftLimit }) => overdraftLimit),
    accounts.map(({ metadata }) => (Object.keys(metadata).length === 0 ? null : JSON.stringify(metadata))),
    accounts.map(({ position }) => position),
  ];
}

function holdColumns(holds: readonly HoldState[]): unknown[] {
  return [
    ...resolutionColumns(holds),
    holds.map(({ debit }) => debit),
    holds.map(({ credit }) => credit),
    holds.map(({ amount }) => amount),
    holds.map(({ currency }) => currency),
    holds.map(({ expiresMicros }) => expiresMicros ?? null),
    holds.map(({ counterparty }) => counterparty?.branch ?? null),
    holds.map(({ counterparty }) => counterparty?.serial ?? null),
    holds.map(({ position }) => position),
    holds.map(({ placedMicros }) => placedMicros),
  ];
}

/** What can change of a hold. */
function resolutionColumns(holds: readonly HoldState[]): unknown[] {
  return [
    holds.map(({ branch }) => branch),
    holds.map(({ id }) => id),
    holds.map(({ status }) => status),
    holds.map(({ captured }) => captured ?? null),
    holds.map(({ resolvedBy }) => resolvedBy ?? null),
  ];
}

function branchValues({ branch, entries, headHashBefore }: SealedBranch): unknown[] {
  const { id, position, timeMicros, nextSerial, openAccounts, closed, headHash }: BranchState = branch;
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

const INSERT_ENTRIES: Statement = {
  name: 'insert-entries',
  text: `insert into entries (${ENTRY_COLUMNS.map(({ name }) => name).join(', ')})
         select * from unnest(${ENTRY_COLUMNS.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ')})`,
};

const INSERT_SEALS: Statement = {
  name: 'insert-seals',
  text: `insert into seals (branch_id, last_position, first_position, root, hash)
         select * from unnest($1::int[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[])`,
};

const INSERT_ACCOUNTS: Statement = {
  name: 'insert-accounts',
  text: `insert into accounts (branch_id, serial, posted_debits, posted_credits, held_debits, held_credits, status,
           overdraft_limit, metadata, position, kind, customer, peer_branch_id, currency, opened_micros)
         select * from unnest($1::int[], $2::bigint[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[],
           $7::text[], $8::bigint[], $9::text[], $10::bigint[], $11::text[], $12::text[], $13::int[], $14::text[],
           $15::bigint[])`,
};

const UPDATE_ACCOUNTS: Statement = {
  name: 'update-accounts',
  text: `update accounts a
         set posted_debits = changed.posted_debits, posted_credits = changed.posted_credits,
           held_debits = changed.held_debits, held_credits = changed.held_credits, status = changed.status,
           overdraft_limit = changed.overdraft_limit, metadata = changed.metadata, position = changed.position
         from unnest($1::int[], $2::bigint[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[],
             $7::text[], $8::bigint[], $9::text[], $10::bigint[])
           as changed (branch_id, serial, posted_debits, posted_credits, held_debits, held_credits, status,
             overdraft_limit, metadata, position)
         where a.branch_id = changed.branch_id and a.serial = changed.serial`,
};

const INSERT_HOLDS: Statement = {
  name: 'insert-holds',
  text: `insert into holds (branch_id, hold_id, status, captured, resolved_by, debit_serial, credit_serial, amount,
           currency, expires_micros, counterparty_branch, counterparty_serial, position, placed_micros)
         select * from unnest($1::int[], $2::uuid[], $3::text[], $4::bigint[], $5::uuid[], $6::bigint[], $7::bigint[],
           $8::bigint[], $9::text[], $10::bigint[], $11::int[], $12::bigint[], $13::bigint[], $14::bigint[])`,
};

const UPDATE_HOLDS: Statement = {
  name: 'update-holds',
  text: `update holds h
         set status = resolved.status, captured = resolved.captured, resolved_by = resolved.resolved_by
         from unnest($1::int[], $2::uuid[], $3::text[], $4::bigint[], $5::uuid[])
           as resolved (branch_id, hold_id, status, captured, resolved_by)
         where h.branch_id = resolved.branch_id and h.hold_id = resolved.hold_id`,
};

/** Divides by zero, and so aborts the transaction, unless the branch stands where it was when it was loaded. */
const MOVE_BRANCH: Statement = {
  name: 'move-branch',
  text: `with moved as (
           update branches
           set position = $2, time_micros = $3, next_serial = $4, open_accounts = $5, closed = $6, head_hash = $7
           where branch_id = $1 and position = $8 and (position = 0 or head_hash = $9) returning 1
         )
         select 1 / count(*) from moved`,
};
