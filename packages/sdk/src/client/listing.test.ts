import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import { CancelledError } from '../errors/failures.js';
import { AccountKind, Order, Side } from '../gen/giro/v1/account_service.js';
import type { Entry as WireEntry } from '../gen/giro/v1/journal_service.js';
import { money } from '../money/money.js';
import { timestampFromMicros } from '../wire/time.js';
import { Bank } from './bank.js';
import type { Entry } from './entry.js';
import type { Page } from './listing.js';
import { plainStatus, startScriptedServer, TIME_MICROS, type Scripts } from './scripted-server.fixture.js';

const time = timestampFromMicros(TIME_MICROS);
const A = '17-1042-02';

let bank: Bank;
afterEach(() => bank.close());

/** Branches 0..`count - 1`, three to a page; notes the tokens asked for. */
function branchScript(count: number) {
  const asked: string[] = [];
  const scripts: Scripts = {
    listBranches: ({ pageToken, pageSize }) => {
      asked.push(pageToken);
      const start = Number(pageToken);
      const size = pageSize === 0 ? 3 : pageSize;
      const ids = Array.from({ length: Math.min(size, count - start) }, (_, i) => start + i);
      return {
        branches: ids.map((id) => ({ id, position: 1n, time, cash: [] })),
        nextPageToken: start + size < count ? String(start + size) : '',
      };
    },
  };
  return { asked, scripts };
}

describe('a listing', () => {
  test('asks nothing until it is used', async () => {
    const { asked, scripts } = branchScript(7);
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    bank.branches.list();
    await bank.ready();
    expect(asked).toEqual([]);
  });

  test('awaited, is its first page, asked for once', async () => {
    const { asked, scripts } = branchScript(7);
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const listing = bank.branches.list({ pageSize: 5 });
    const page = await listing;
    expect(page.items.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
    expect(page.nextPageToken).toBe('5');
    expect(await listing).toBe(page);
    expect(asked).toEqual(['']);
    const rest = await bank.branches.list({ pageToken: '5' });
    expect(rest.items.map(({ id }) => id)).toEqual([5, 6]);
    expect(rest).not.toHaveProperty('nextPageToken');
  });

  test('iterated, is all its items, and each page is asked for when the one before is used up', async () => {
    const { asked, scripts } = branchScript(7);
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const seen: number[] = [];
    for await (const { id } of bank.branches.list()) {
      seen.push(id);
      expect(asked).toHaveLength(Math.floor(id / 3) + 1);
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('left early, asks for no further page', async () => {
    const { asked, scripts } = branchScript(7);
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    for await (const { id } of bank.branches.list()) if (id === 2) break;
    expect(asked).toEqual(['']);
  });

  test('gives its pages, also from a token on', async () => {
    const { scripts } = branchScript(7);
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const sizes: number[] = [];
    for await (const page of bank.branches.list({ pageToken: '2' }).pages()) sizes.push(page.items.length);
    expect(sizes).toEqual([3, 2]);
  });

  test('ends when the signal aborts, within a page and between pages', async () => {
    const { asked, scripts } = branchScript(7);
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    for (const last of [1, 2]) {
      asked.length = 0;
      const controller = new AbortController();
      const seen: number[] = [];
      const reading = (async () => {
        for await (const { id } of bank.branches.list({}, { signal: controller.signal })) {
          seen.push(id);
          if (id === last) controller.abort(new Error('enough'));
        }
      })();
      const error = await reading.catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error).toMatchObject({ cause: { message: 'enough' } });
      expect(seen).toHaveLength(last + 1);
      expect(asked).toHaveLength(1);
    }
  });

  test('passes a failure of a later page on', async () => {
    const { scripts } = branchScript(7);
    await using server = await startScriptedServer({
      listBranches: (request, call) => {
        if (request.pageToken !== '') throw plainStatus(status.FAILED_PRECONDITION, 'token expired');
        return scripts.listBranches?.(request, call) ?? { branches: [], nextPageToken: '' };
      },
    });
    bank = new Bank({ servers: server.address });
    const reading = collect(bank.branches.list());
    await expect(reading).rejects.toMatchObject({ rawMessage: 'token expired' });
  });

  test('does not go round in circles', async () => {
    await using server = await startScriptedServer({
      listBranches: () => ({ branches: [], nextPageToken: 'again' }),
    });
    bank = new Bank({ servers: server.address });
    await expect(collect(bank.branches.list())).rejects.toMatchObject({ reason: 'INTERNAL' });
    expect(server.calls).toHaveLength(2);
  });
});

test('accounts.list passes everything on', async () => {
  const asked: unknown[] = [];
  await using server = await startScriptedServer({
    listAccounts: (request) => {
      asked.push(request);
      return {
        accounts: [
          {
            id: A,
            branch: 17,
            kind: AccountKind.INTERBRANCH,
            customer: '',
            peerBranch: 0,
            currency: 'USD',
            postedDebits: '7',
            postedCredits: '0',
            balance: money(-7n, 'USD'),
            available: money(-7n, 'USD'),
            position: { branch: 17, position: 2n },
            openedTime: time,
          },
        ],
        nextPageToken: '',
      };
    },
  });
  bank = new Bank({ servers: server.address });
  const { items } = await bank.accounts.list({
    branch: 0,
    customer: 'alice',
    includeInternal: true,
    pageSize: 2,
  });
  expect(asked).toEqual([
    { branch: 0, customer: 'alice', includeInternal: true, pageSize: 2, pageToken: '' },
  ]);
  expect(items[0]).toMatchObject({ kind: 'interbranch', peerBranch: 0, balance: { amount: -7n } });
  expect(items[0]).not.toHaveProperty('customer');
});

test('accounts.statement goes either way', async () => {
  const orders: Order[] = [];
  await using server = await startScriptedServer({
    listStatementLines: ({ order }) => {
      orders.push(order);
      const line = { position: 4n, time, transferId: 't', counterparty: A };
      const amounts = { amount: money(5n, 'USD'), balance: money(5n, 'USD') };
      return {
        lines: [
          { ...line, ...amounts, side: Side.CREDIT },
          { ...line, ...amounts, side: Side.DEBIT },
        ],
        nextPageToken: '',
      };
    },
  });
  bank = new Bank({ servers: server.address });
  const { items } = await bank.accounts.statement(A);
  expect(items.map(({ side }) => side)).toEqual(['credit', 'debit']);
  expect(items[0]).toEqual({
    position: 4n,
    time: new Date('2023-11-14T22:13:20.123Z'),
    timeMicros: TIME_MICROS,
    transferId: 't',
    side: 'credit',
    amount: money(5n, 'USD'),
    balance: money(5n, 'USD'),
    counterparty: A,
  });
  await bank.accounts.statement(A, { order: 'newest-first' });
  expect(orders).toEqual([Order.OLDEST_FIRST, Order.NEWEST_FIRST]);
});

describe('journal.entries', () => {
  const changes: WireEntry['change'][] = [
    { $case: 'branchOpened', value: {} },
    {
      $case: 'accountOpened',
      value: {
        account: A,
        kind: AccountKind.CUSTOMER,
        customer: 'alice',
        peerBranch: undefined,
        currency: 'USD',
      },
    },
    {
      $case: 'posting',
      value: {
        debitAccount: 'd',
        creditAccount: 'c',
        amount: money(5n, 'USD'),
        debitBalance: -5n,
        creditBalance: 5n,
        counterparty: '',
      },
    },
    {
      $case: 'refusal',
      value: { reason: 'NEW_REASON', message: 'no', metadata: { a: 'b' }, replayed: false },
    },
    undefined,
  ];

  /** A journal of the five kinds of entries. */
  const scripts: Scripts = {
    listEntries: ({ branch, after, pageSize }) => ({
      entries: changes.slice(Number(after), Number(after) + pageSize).map((change, i) => ({
        position: { branch, position: after + BigInt(i) + 1n },
        time,
        writeId: 'w',
        change,
      })),
    }),
  };

  test('reads every kind of entry, page by page, until the journal ends', async () => {
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const entries = await collect(bank.journal.entries({ branch: 0, pageSize: 2 }));
    expect(server.calls).toHaveLength(3);
    const head = {
      branch: 0,
      time: new Date('2023-11-14T22:13:20.123Z'),
      timeMicros: TIME_MICROS,
      writeId: 'w',
    };
    const usd = (amount: bigint) => ({ amount, currency: 'USD' });
    expect(entries).toEqual([
      { ...head, position: 1n, kind: 'branch-opened' },
      {
        ...head,
        position: 2n,
        kind: 'account-opened',
        account: A,
        accountKind: 'customer',
        customer: 'alice',
        currency: 'USD',
      },
      {
        ...head,
        position: 3n,
        kind: 'posting',
        debitAccount: 'd',
        creditAccount: 'c',
        amount: usd(5n),
        debitBalance: usd(-5n),
        creditBalance: usd(5n),
      },
      { ...head, position: 4n, kind: 'refusal', reason: 'NEW_REASON', message: 'no', metadata: { a: 'b' } },
      { ...head, position: 5n, kind: 'unknown' },
    ]);
  });

  test('goes on after a position; nextPageToken is the position to go on from', async () => {
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const page: Page<Entry> = await bank.journal.entries({ branch: 0, after: 2n, pageSize: 2 });
    expect(page.items.map(({ position }) => position)).toEqual([3n, 4n]);
    expect(page.nextPageToken).toBe('4');
    const last = await bank.journal.entries({ branch: 0, after: BigInt(page.nextPageToken ?? '') });
    expect(last.items.map(({ position }) => position)).toEqual([5n]);
    expect(last.nextPageToken).toBeUndefined();
  });

  test('types: kind tells an entry from the others', () => {
    const describe = (entry: Entry): bigint => {
      if (entry.kind !== 'posting') return entry.position;
      expectTypeOf(entry.debitBalance.amount).toEqualTypeOf<bigint>();
      return entry.amount.amount;
    };
    expectTypeOf(describe).toBeFunction();
  });
});

async function collect<T>(listing: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of listing) items.push(item);
  return items;
}
