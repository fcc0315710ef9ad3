import type { Client } from 'pg';
import type { BookChanges } from '../ledger/books.js';
import type { Entry, Posting } from '../ledger/entry.js';
import type { AccountState, BranchState } from '../ledger/state.js';
import { detailOf } from './rows.js';

/**
 * Sends what a batch changed and the commit, in one round trip: many changes of one row are one update.
 *
 * @returns the command tag of the commit: only `COMMIT` is success, since committing an aborted transaction
 *   answers `ROLLBACK` without an error
 */
export async function appendAndCommit(client: Client, changes: BookChanges): Promise<string> {
  const sent: Promise<unknown>[] = [];
  const { entries, openedAccounts, changedAccounts, branches } = changes;
  if (entries.length > 0) sent.push(client.query({ ...INSERT_ENTRIES, values: entryColumns(entries) }));
  if (openedAccounts.length > 0) {
    sent.push(client.query({ ...INSERT_ACCOUNTS, values: accountColumns(openedAccounts) }));
  }
  if (changedAccounts.length > 0) {
    sent.push(client.query({ ...UPDATE_ACCOUNTS, values: counterColumns(changedAccounts) }));
  }
  const appended = new Map<number, number>();
  for (const { branch } of entries) appended.set(branch, (appended.get(branch) ?? 0) + 1);
  for (const branch of branches) {
    const positionBefore = branch.position - (appended.get(branch.id) ?? 0);
    sent.push(client.query({ ...MOVE_BRANCH, values: branchValues(branch, positionBefore) }));
  }
  const committed = client.query('commit');
  const [{ command }] = await Promise.all([committed, ...sent]);
  return command;
}

function entryColumns(entries: readonly Entry[]): unknown[] {
  const postings = entries.map(({ change }) => (change.kind === 'posting' ? change : undefined));
  const column = (value: (posting: Posting) => unknown) =>
    postings.map((posting) => (posting === undefined ? null : (value(posting) ?? null)));
  return [
    entries.map(({ branch }) => branch),
    entries.map(({ position }) => position),
    entries.map(({ timeMicros }) => timeMicros),
    entries.map(({ writeId }) => writeId),
    entries.map(({ ordinal }) => ordinal),
    entries.map(({ change }) => change.kind),
    entries.map(({ body }) => body ?? null),
    column(({ debit }) => debit),
    column(({ credit }) => credit),
    column(({ amount }) => amount),
    column(({ currency }) => currency),
    column(({ debitBalance }) => debitBalance),
    column(({ creditBalance }) => creditBalance),
    column(({ counterparty }) => counterparty?.branch),
    column(({ counterparty }) => counterparty?.serial),
    entries.map(({ change }) => detailOf(change)),
  ];
}

function accountColumns(accounts: readonly AccountState[]): unknown[] {
  return [
    ...counterColumns(accounts),
    accounts.map(({ kind }) => kind),
    accounts.map(({ customer }) => customer ?? null),
    accounts.map(({ peerBranch }) => peerBranch ?? null),
    accounts.map(({ currency }) => currency),
    accounts.map(({ openedMicros }) => openedMicros),
  ];
}

function counterColumns(accounts: readonly AccountState[]): unknown[] {
  return [
    accounts.map(({ branch }) => branch),
    accounts.map(({ serial }) => serial),
    accounts.map(({ postedDebits }) => postedDebits),
    accounts.map(({ postedCredits }) => postedCredits),
    accounts.map(({ position }) => position),
  ];
}

function branchValues(
  { id, position, timeMicros, nextSerial }: BranchState,
  positionBefore: number,
): unknown[] {
  return [id, position, timeMicros, nextSerial, positionBefore];
}

const INSERT_ENTRIES = {
  name: 'insert-entries',
  text: `insert into entries (branch_id, position, time_micros, write_id, ordinal, kind, body, debit_serial,
           credit_serial, amount, currency, debit_balance, credit_balance, counterparty_branch, counterparty_serial,
           detail)
         select * from unnest($1::int[], $2::bigint[], $3::bigint[], $4::uuid[], $5::smallint[], $6::text[],
           $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::bigint[], $13::bigint[],
           $14::int[], $15::bigint[], $16::text[])`,
};

const INSERT_ACCOUNTS = {
  name: 'insert-accounts',
  text: `insert into accounts (branch_id, serial, posted_debits, posted_credits, position, kind, customer,
           peer_branch_id, currency, opened_micros)
         select * from unnest($1::int[], $2::bigint[], $3::numeric[], $4::numeric[], $5::bigint[], $6::text[],
           $7::text[], $8::int[], $9::text[], $10::bigint[])`,
};

const UPDATE_ACCOUNTS = {
  name: 'update-accounts',
  text: `update accounts a
         set posted_debits = changed.posted_debits, posted_credits = changed.posted_credits,
           position = changed.position
         from unnest($1::int[], $2::bigint[], $3::numeric[], $4::numeric[], $5::bigint[])
           as changed (branch_id, serial, posted_debits, posted_credits, position)
         where a.branch_id = changed.branch_id and a.serial = changed.serial`,
};

/** Divides by zero, and so aborts the transaction, unless the branch stands where it was when it was loaded. */
const MOVE_BRANCH = {
  name: 'move-branch',
  text: `with moved as (
           update branches set position = $2, time_micros = $3, next_serial = $4
           where branch_id = $1 and position = $5 returning 1
         )
         select 1 / count(*) from moved`,
};
