import { CHANGE_NUMBERS } from '@giro/sdk/protocol';
import type { Client, QueryResultRow } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../test-support/database.js';
import { deposit, initializeBranch, openAccount } from '../ledger/commands.fixture.js';
import type { JournalHead } from '../ledger/seal.js';
import { everything } from '../ledger/sealed-journal.fixture.js';
import { bankDatabase, openSession, openStore, transact } from './bank-database.fixture.js';
import { BranchPages } from './branch-pages.js';
import { chainedAccounts } from './chained-accounts.fixture.js';
import { PostgresStore } from './postgres-store.js';
import type { Snapshot } from './snapshot.js';
import type { VerificationEvent, VerificationResult } from './verification.js';
import { verifyBranch, verifySnapshot } from './verify-branch.js';

const BRANCH = 3;

/** A bank whose branch 3 has an entry of every kind and origin. Nothing in it is changed for good. */
let url: string;

beforeAll(async () => {
  url = await bankDatabase();
  const store = new PostgresStore(url);
  for (const batch of everything()) {
    await transact(store, ...batch);
    await shortHoldsDue();
  }
  await store.close();
});

/** Waits until the holds that are to expire before the next batch are due, by the clock that says so. */
async function shortHoldsDue(): Promise<void> {
  const waiting = `select 1 from holds where status = 'held' and expires_micros - placed_micros < 1000000
    and expires_micros >= extract(epoch from clock_timestamp()) * 1000000`;
  while ((await query(url, waiting)).length > 0);
}

describe('the verification of a branch', () => {
  it('finds nothing in what was committed (R9)', async () => {
    for (const branch of [3, 5, 10]) {
      const { position, problem, head } = await resultOf(verifyBranch(url, branch));
      const text = 'select position, head_hash from branches where branch_id = $1';
      const [kept] = await query<{ position: string; head_hash: Buffer }>(url, text, [branch]);
      expect(problem).toBeUndefined();
      expect({ position, head }).toEqual({
        position: Number(kept?.position),
        head: { position, hash: kept?.head_hash },
      });
    }
    const kinds = await query<{ kind: string }>(url, 'select distinct kind from entries');
    expect(new Set(kinds.map(({ kind }) => kind))).toEqual(new Set(Object.keys(CHANGE_NUMBERS)));
  });

  it.each([1, 2, 7, 1_000])('reads %i rows at a time as well as any', async (pageSize) => {
    const session = await openSession(url);
    const events: VerificationEvent[] = [];
    for await (const event of verifySnapshot(pagesOf(session, BRANCH, pageSize))) events.push(event);
    const { position, problem } = events.at(-1) as VerificationResult;
    expect(problem).toBeUndefined();
    const progress = events.flatMap((event) => (event.kind === 'progress' ? [event] : []));
    expect(progress.map((event) => event.position)).toEqual(
      Array.from({ length: Math.ceil(position / pageSize) }, (_, page) =>
        Math.min((page + 1) * pageSize, position),
      ),
    );
    expect(new Set(progress.map(({ lastPosition }) => lastPosition))).toEqual(new Set([position]));
  });

  it('sees one state of a branch that goes on being written', async () => {
    const ann = { branch: 1, serial: 1 };
    const busy = await bankDatabase(initializeBranch(1, 0n), openAccount(1, 'ann'));
    const store = openStore(busy);
    const verification = verifyBranch(busy, 1);
    const { value: first } = await verification.next();
    expect(first).toMatchObject({ kind: 'progress', position: 4, lastPosition: 4 });
    await transact(store, deposit(ann, 5n));
    expect(await resultOf(verification)).toMatchObject({ position: 4, problem: undefined });
    expect(await resultOf(verifyBranch(busy, 1))).toMatchObject({ position: 5, problem: undefined });
  });

  it('looks for a seal that was seen (R9)', async () => {
    const { head } = await resultOf(verifyBranch(url, BRANCH));
    expect(await resultOf(verifyBranch(url, BRANCH, head))).toMatchObject({ problem: undefined });
    const other: JournalHead = { ...head, hash: Buffer.alloc(32) };
    expect(await resultOf(verifyBranch(url, BRANCH, other))).toMatchObject({
      position: head.position - 1,
      problem: { position: head.position, message: 'another seal ends here than was seen' },
    });
    const lost: JournalHead = { position: head.position + 9, hash: head.hash };
    expect(await resultOf(verifyBranch(url, BRANCH, lost))).toMatchObject({
      position: head.position,
      problem: { position: head.position + 1 },
    });
    const beginning: JournalHead = { position: 0, hash: Buffer.alloc(32, 1) };
    expect(await resultOf(verifyBranch(url, BRANCH, beginning))).toMatchObject({
      position: 0,
      problem: { position: 0, message: 'no seal ends here, but one was seen' },
    });
  });

  it('is refused of a branch that there is not', async () => {
    await expect(resultOf(verifyBranch(url, 4))).rejects.toMatchObject({ reason: 'BRANCH_NOT_FOUND' });
  });

  it('is refused where the database cannot be reached', async () => {
    const nowhere = 'postgres://postgres@127.0.0.1:1/none';
    await expect(resultOf(verifyBranch(nowhere, 1))).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
  });

  it('leaves no session behind, however it ends', async () => {
    const sessions = () =>
      query(
        url,
        `select 1 from pg_stat_activity
        where application_name = 'giro-snapshot' and datname = current_database()`,
      );
    const verification = verifyBranch(url, BRANCH);
    await verification.next();
    expect(await sessions()).toHaveLength(1);
    await verification.return();
    await expect(resultOf(verifyBranch(url, 4))).rejects.toThrow();
    // The database notices a moment after the connection has closed.
    await expect.poll(sessions).toHaveLength(0);
  });
});

// Hundreds of verifications each: many times what they take on an idle machine.
describe('a flipped byte', { timeout: 120_000 }, () => {
  it('in any column of an entry is named by the position of the entry (R9)', async () => {
    const session = await damageSession();
    const columns = await columnsOf(session, 'entries');
    const positions = await rowsOf<{ position: string }>(session, 'entries', 'position');
    let flips = 0;
    for (const { position } of positions) {
      for (const column of columns) {
        const flipped = await problemAfter(
          session,
          flip('entries', column, Number(position), `position = ${position}`),
        );
        if (flipped === 'nothing to flip') continue;
        expect(flipped?.position, `${column.name} at ${position}`).toBe(Number(position));
        flips++;
      }
    }
    expect(flips).toBeGreaterThan(positions.length * 10);
  });

  it('in any column of a seal is named by a position that it covers, or where it goes on (R9)', async () => {
    const session = await damageSession();
    const columns = await columnsOf(session, 'seals');
    const seals = await rowsOf<{ first: string; last: string }>(
      session,
      'seals',
      'first_position as first, last_position as last',
    );
    for (const { first, last } of seals) {
      for (const column of columns) {
        const problem = await problemAfter(session, flip('seals', column, 5, `last_position = ${last}`));
        if (problem === 'nothing to flip') throw new Error(`${column.name} of a seal is empty`);
        expect(problem?.position, column.name).toBeGreaterThanOrEqual(Number(first));
        expect(problem?.position, column.name).toBeLessThanOrEqual(Number(last) + 1);
      }
    }
  });

  it.each([
    ['accounts', 'serial::text as key, position', 'serial'],
    ['holds', 'hold_id::text as key, position', 'hold_id'],
  ])(
    'in any column of %s is named by a position where the row was changed (R3, R8, R9)',
    async (table, fields, key) => {
      const session = await damageSession();
      const columns = await columnsOf(session, table);
      const { position: end } = await resultOf(verifySnapshot(pagesOf(session, BRANCH)));
      for (const row of await rowsOf<{ key: string; position: string }>(session, table, fields)) {
        for (const column of columns) {
          const problem = await problemAfter(session, flip(table, column, 3, `${key} = '${row.key}'`));
          if (problem === 'nothing to flip') continue;
          expect(problem?.position, `${column.name} of ${row.key}`).toBeGreaterThanOrEqual(
            Number(row.position),
          );
          expect(problem?.position, `${column.name} of ${row.key}`).toBeLessThanOrEqual(end);
        }
      }
    },
  );

  it('in any column of a branch is named by the last position (R8, R9)', async () => {
    const session = await damageSession();
    const { position: end } = await resultOf(verifySnapshot(pagesOf(session, BRANCH)));
    for (const column of await columnsOf(session, 'branches')) {
      if (column.name === 'branch_id') continue;
      const problem = await problemAfter(session, flip('branches', column, 3, 'true'));
      expect(problem, column.name).toMatchObject({ position: end + (column.name === 'position' ? 1 : 0) });
    }
  });
});

describe('the chains of a branch', { timeout: 120_000 }, () => {
  /** A bank in which accounts 2 and 3 of the branch and its vault have marks. */
  let marked: string;

  beforeAll(async () => {
    marked = await bankDatabase(...chainedAccounts(BRANCH, [5, 33, 50]));
  });

  const placesOf = (session: Client, table: 'accounts' | 'posting_marks') =>
    rowsOf<{ serial: string; position: string }>(session, table, 'serial, position');

  it('fit as they were written, however many rows are read at a time', async () => {
    const session = await openSession(marked);
    expect((await placesOf(session, 'posting_marks')).length).toBe(1 + 1 + 2);
    for (const pageSize of [1, 33, 1_000]) {
      const { problem } = await resultOf(verifySnapshot(pagesOf(session, BRANCH, pageSize)));
      expect(problem).toBeUndefined();
    }
  });

  it('have every mark that is moved or gone named by the position of its posting (R9)', async () => {
    const session = await damageSession(marked);
    const columns = await columnsOf(session, 'posting_marks');
    for (const { serial, position } of await placesOf(session, 'posting_marks')) {
      const where = `serial = ${serial} and position = ${position}`;
      const damages = [
        `delete from posting_marks where branch_id = ${BRANCH} and ${where}`,
        `update posting_marks set position = position - 1 where branch_id = ${BRANCH} and ${where}`,
        ...columns.map((column) => flip('posting_marks', column, 0, where)),
      ];
      for (const damage of damages) {
        expect(await problemAfter(session, damage), damage).toMatchObject({ position: Number(position) });
      }
    }
  });

  it('have a mark too many named by where its account was last changed (R9)', async () => {
    const session = await damageSession(marked);
    const { position: end } = await resultOf(verifySnapshot(pagesOf(session, BRANCH)));
    for (const { serial, position } of await placesOf(session, 'accounts')) {
      const problem = await problemAfter(session, tooMany(serial, 7));
      expect(problem, `of ${serial}`).toMatchObject({ position: Number(position) });
    }
    expect(await problemAfter(session, tooMany('99', 7))).toEqual({
      position: end,
      message: 'account 3-99-39 has 1 marks, which are too many',
    });
  });

  it('have links that are gone, or of what is no posting, named by the position of the entry (R9)', async () => {
    const session = await damageSession(marked);
    for (const kind of ['posting', 'accountOpened', 'branchOpened']) {
      const [entry] = await rowsOf<{ at: string }>(
        session,
        'entries',
        'min(position) as at',
        `kind = '${kind}'`,
      );
      const where = `branch_id = ${BRANCH} and position = ${entry?.at}`;
      const [here, there] = kind === 'posting' ? ['null', 'debit_previous'] : ['0', 'null'];
      for (const [debit, credit] of [
        [here, here],
        [here, there],
      ]) {
        const damage = `update entries set debit_previous = ${debit}, credit_previous = ${credit} where ${where}`;
        expect(await problemAfter(session, damage), damage).toMatchObject({ position: Number(entry?.at) });
      }
    }
  });

  function tooMany(serial: string, position: number): string {
    return `insert into posting_marks values (${BRANCH}, ${serial}, ${position})`;
  }
});

describe('a row', () => {
  it.each([
    ['entries', 'position = 5', 5],
    ['seals', 'first_position = 5', 5],
    ['seals', 'last_position = (select max(last_position) from seals where branch_id = 3)', 'last seal'],
    ['accounts', 'serial = 2', 'position of the row'],
    ['holds', `status = 'captured'`, 'position of the row'],
  ])('of %s that is gone is missed (where %s)', async (table, where, expected) => {
    const session = await damageSession();
    const place = table === 'seals' ? 'first_position' : 'position';
    const text = `select min(${place})::int as at from ${table} where branch_id = ${BRANCH} and ${where}`;
    const { rows } = await session.query<{ at: number }>(text);
    const problem = await problemAfter(
      session,
      `delete from ${table} where branch_id = ${BRANCH} and ${where}`,
    );
    expect(problem).toMatchObject({ position: typeof expected === 'number' ? expected : rows[0]?.at });
  });

  it.each([
    ['an account', 'accounts', `serial, '4'`],
    ['a hold', 'holds', `hold_id, '0190163d-8694-739b-aea5-966c26f8ad91'`],
  ])('too many is found: %s', async (_what, table, change) => {
    const session = await damageSession();
    const { position: end } = await resultOf(verifySnapshot(pagesOf(session, BRANCH)));
    const [key, value] = change.split(', ') as [string, string];
    const update = `insert into ${table} select (jsonb_populate_record(t, jsonb_build_object('${key}', ${value}))).*
      from ${table} t where branch_id = ${BRANCH} limit 1`;
    const problem = await problemAfter(session, update);
    expect(problem).toMatchObject({ position: end, message: expect.stringContaining('was never') as string });
  });

  it('of an entry may lose its notes, but not a part of them (R9)', async () => {
    const session = await damageSession();
    const erase = (columns: string) =>
      problemAfter(
        session,
        `update entries set ${columns} where branch_id = ${BRANCH} and notes is not null`,
      );
    expect(await erase('notes = null, notes_salt = null')).toBeUndefined();
    const [first] = await rowsOf<{ position: string }>(
      session,
      'entries',
      'min(position) as position',
      'notes is not null',
    );
    for (const part of ['notes = null', 'notes_salt = null', 'notes_hash = null']) {
      expect(await erase(part), part).toMatchObject({ position: Number(first?.position) });
    }
  });
});

interface Column {
  readonly name: string;
  readonly type: string;
}

/** A session in which everything can be damaged, and is as it was in the end. */
async function damageSession(of = url): Promise<Client> {
  const session = await openSession(of);
  await session.query('begin');
  const { rows } = await session.query<{ drop: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop
     from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace`,
  );
  for (const { drop } of rows) await session.query(drop);
  return session;
}

function pagesOf(session: Client, branch: number, pageSize?: number): BranchPages {
  const snapshot: Snapshot = {
    async rows<Row extends QueryResultRow>(text: string, values: readonly unknown[]) {
      return (await session.query<Row>(text, [...values])).rows;
    },
    close: () => Promise.resolve(),
  };
  return new BranchPages(snapshot, branch, pageSize);
}

async function problemAfter(
  session: Client,
  update: string,
): Promise<VerificationResult['problem'] | 'nothing to flip'> {
  await session.query('savepoint whole');
  try {
    const { rowCount } = await session.query(update);
    if (rowCount === 0) return 'nothing to flip';
    return (await resultOf(verifySnapshot(pagesOf(session, BRANCH)))).problem;
  } finally {
    await session.query('rollback to whole');
  }
}

async function columnsOf(session: Client, table: string): Promise<Column[]> {
  const { rows } = await session.query<Column>(
    `select column_name as name, data_type as type from information_schema.columns
     where table_schema = 'public' and table_name = $1 order by ordinal_position`,
    [table],
  );
  return rows;
}

async function rowsOf<Row extends object>(
  session: Client,
  table: string,
  fields: string,
  where = 'true',
): Promise<Row[]> {
  const { rows } = await session.query<Row>(
    `select ${fields} from ${table} where branch_id = ${BRANCH} and ${where}`,
  );
  return rows;
}

/** An update that flips one bit of a row's column, of some byte of it if it has many. */
function flip(table: string, { name, type }: Column, place: number, where: string): string {
  return `update ${table} set ${name} = ${flipped(name, type, place)}
    where branch_id = ${BRANCH} and ${where} and ${name} is not null`;
}

function flipped(name: string, type: string, place: number): string {
  const flippedBytes = (bytes: string) => {
    const at = `${place} % length(${bytes})`;
    return `set_byte(${bytes}, ${at}, get_byte(${bytes}, ${at}) # 1)`;
  };
  switch (type) {
    // Not the lowest bit: with another one no key is that of a neighbour.
    case 'smallint':
    case 'integer':
    case 'bigint':
      return `${name} # 64::${type}`;
    case 'numeric':
      return `(${name}::bigint # 1)::numeric`;
    case 'boolean':
      return `not ${name}`;
    case 'uuid':
      return `encode(${flippedBytes(`uuid_send(${name})`)}, 'hex')::uuid`;
    case 'bytea':
      return flippedBytes(name);
    case 'text':
      return `convert_from(${flippedBytes(`convert_to(${name}, 'UTF8')`)}, 'UTF8')`;
    default:
      throw new Error(`how is a ${type} flipped?`);
  }
}

async function resultOf(events: AsyncIterable<VerificationEvent>): Promise<VerificationResult> {
  for await (const event of events) if (event.kind === 'result') return event;
  throw new Error('the verification came to no result');
}
