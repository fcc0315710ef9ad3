import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  AccountKind,
  AccountState,
  Order,
  Side,
  type ListStatementLinesRequest,
} from '../gen/giro/v1/account_service.js';
import { money } from '../money/money.js';
import { Bank } from './bank.js';
import { startScriptedServer, type ScriptedServer, type Scripts } from './scripted-server.fixture.js';
import {
  head,
  receipt,
  TIME,
  TIME_MICROS,
  wireAccount,
  wireHead,
  wireReceipt,
  wireStatementLine,
  wireTime,
} from './wire-answers.fixture.js';

const A = '0-1-95';
const B = '17-1042-02';
const ID = '0199ABCD-0000-7000-8000-00000000ABCD';
const id = ID.toLowerCase();
const usd = (amount: bigint) => ({ amount, currency: 'USD' });

const wire = wireAccount({
  postedCredits: '99999999999999999999',
  overdraftLimit: 50n,
  metadata: { colour: 'red' },
});
const account = {
  id: A,
  branch: 0,
  kind: 'customer',
  state: 'open',
  customer: 'alice',
  currency: 'USD',
  postedDebits: 0n,
  postedCredits: 99_999_999_999_999_999_999n,
  heldDebits: 1n,
  heldCredits: 0n,
  balance: usd(5n),
  available: usd(4n),
  overdraftLimit: usd(50n),
  position: 3n,
  openedTime: TIME.time,
  openedTimeMicros: TIME_MICROS,
  metadata: { colour: 'red' },
};

const requests: unknown[] = [];
function note<T>(request: unknown, answer: T): T {
  requests.push(request);
  return answer;
}

/** The receipt of a write that moves no money. */
const plain = (writeId: string) => ({ receipt: { ...wireReceipt(writeId), balance: undefined } });
const scripts: Scripts = {
  openAccount: (request) => note(request, { account: wire, ...plain(request.id) }),
  freezeAccount: (request) => note({ freeze: request }, plain(request.id)),
  unfreezeAccount: (request) => note({ unfreeze: request }, plain(request.id)),
  closeAccount: (request) => note({ close: request }, plain(request.id)),
  setOverdraftLimit: (request) => note(request, plain(request.id)),
  setAccountMetadata: (request) => note(request, plain(request.id)),
  getAccount: (request) => note(request, { account: wire }),
  listAccounts: (request) =>
    note(request, {
      accounts: [
        wireAccount({
          kind: AccountKind.INTERBRANCH,
          customer: '',
          peerBranch: 0,
          state: AccountState.FROZEN,
        }),
        wireAccount({ kind: AccountKind.EXPENSE, customer: '', state: AccountState.CLOSED }),
        wireAccount({ kind: 77 as AccountKind, state: 77 as AccountState }),
      ],
      nextPageToken: '',
    }),
};

let server: ScriptedServer;
let bank: Bank;
beforeEach(async () => {
  requests.length = 0;
  server = await startScriptedServer(scripts);
  bank = new Bank({ servers: server.address });
});
afterEach(async () => {
  await bank.close();
  await server.stop();
});

describe('accounts', () => {
  const { balance: _, ...plainReceipt } = receipt(id);

  test('open gives the account and its receipt', async () => {
    const params = { branch: 0, customer: 'alice', currency: 'USD', metadata: { colour: 'red' }, id: ID };
    await expect(bank.accounts.open(params)).resolves.toEqual({ ...account, receipt: plainReceipt });
    const options = { description: '', metadata: { colour: 'red' }, preconditions: [] };
    expect(requests).toEqual([{ id, branch: 0, customer: 'alice', currency: 'USD', options }]);
  });

  test('freeze, unfreeze and close', async () => {
    const params = { account: A, id: ID };
    for (const call of ['freeze', 'unfreeze', 'close'] as const) {
      await expect(bank.accounts[call](params)).resolves.toEqual(plainReceipt);
      expect(requests.pop()).toEqual({ [call]: { id, account: A } });
    }
  });

  test('setOverdraftLimit', async () => {
    const limit = money(0n, 'USD');
    await expect(bank.accounts.setOverdraftLimit({ account: A, limit, id: ID })).resolves.toEqual(
      plainReceipt,
    );
    expect(requests).toEqual([{ id, account: A, limit }]);
  });

  test('setMetadata, to some or to none', async () => {
    const metadata = { colour: 'blue' };
    await expect(bank.accounts.setMetadata({ account: A, metadata, id: ID })).resolves.toEqual(plainReceipt);
    await bank.accounts.setMetadata({ account: A, metadata: {}, id: ID });
    expect(requests).toEqual([
      { id, account: A, options: { description: '', metadata, preconditions: [] } },
      { id, account: A, options: undefined },
    ]);
  });

  test('get', async () => {
    await expect(bank.accounts.get(A)).resolves.toEqual(account);
    expect(requests).toEqual([{ account: A }]);
  });

  test('list passes everything on, and knows all kinds and states', async () => {
    const params = { branch: 0, customer: 'alice', includeInternal: true, pageSize: 2 };
    const { items } = await bank.accounts.list(params);
    expect(requests).toEqual([{ ...params, pageToken: '' }]);
    expect(items[0]).toMatchObject({ kind: 'interbranch', peerBranch: 0, state: 'frozen' });
    expect(items[0]).not.toHaveProperty('customer');
    expect(items[1]).toMatchObject({ kind: 'expense', state: 'closed' });
    expect(items[2]).toMatchObject({ kind: 'unknown', state: 'unknown' });
  });
});

describe('accounts.balances', () => {
  const wireBalance = (id: string) => ({
    account: id,
    balance: usd(5n),
    position: { branch: 0, position: 9n, seal: wireHead(9n) },
    time: wireTime,
  });

  test('gives one per account, in one request, now or at a moment', async () => {
    await using answering = await startScriptedServer({
      getBalances: (request) => {
        const available = request.at === undefined ? { available: usd(4n) } : {};
        const balances = request.accounts.map((each) => ({ ...wireBalance(each), ...available }));
        return note(request, { balances });
      },
    });
    await using client = new Bank({ servers: answering.address });
    const balance = { balance: usd(5n), branch: 0, position: 9n, seal: head(9n), ...TIME };
    await expect(client.accounts.balances([B, A, B])).resolves.toEqual([
      { account: B, available: usd(4n), ...balance },
      { account: A, available: usd(4n), ...balance },
      { account: B, available: usd(4n), ...balance },
    ]);
    for (const at of [TIME.time, TIME_MICROS, { position: 7n }]) {
      await expect(client.accounts.balances([A], { at })).resolves.toEqual([{ account: A, ...balance }]);
    }
    const toTheMillisecond = { ...wireTime, nanos: 123_000_000 };
    expect(requests).toEqual([
      { accounts: [B, A, B], at: undefined },
      { accounts: [A], at: { $case: 'time', value: toTheMillisecond } },
      { accounts: [A], at: { $case: 'time', value: wireTime } },
      { accounts: [A], at: { $case: 'position', value: 7n } },
    ]);
  });

  test('does not mistake the balance of another account for one asked for', async () => {
    await using damaged = await startScriptedServer({
      getBalances: () => ({ balances: [wireBalance(B), wireBalance(A)] }),
    });
    await using client = new Bank({ servers: damaged.address });
    await expect(client.accounts.balances([A, B])).rejects.toMatchObject({ reason: 'INTERNAL' });
  });
});

describe('accounts.statement', () => {
  function statementScript() {
    const asked: ListStatementLinesRequest[] = [];
    const told = {
      openingBalance: usd(1n),
      closingBalance: usd(11n),
      position: { branch: 0, position: 9n, seal: wireHead(9n) },
    };
    const statement: Scripts = {
      listStatementLines: (request) => {
        asked.push(request);
        return request.pageToken === ''
          ? { lines: [wireStatementLine({})], nextPageToken: 'p2', ...told }
          : { lines: [wireStatementLine({ side: Side.DEBIT })], nextPageToken: '', ...told };
      },
    };
    return { asked, scripts: statement };
  }

  test('gives lines, and pages that know the opening and the closing balance', async () => {
    const { scripts: statement } = statementScript();
    await using answering = await startScriptedServer(statement);
    await using client = new Bank({ servers: answering.address });
    const line = {
      position: 4n,
      ...TIME,
      transferId: 't',
      side: 'credit',
      amount: usd(5n),
      balance: usd(5n),
      counterparty: B,
      metadata: {},
    };
    const totals = { openingBalance: usd(1n), closingBalance: usd(11n), position: 9n, seal: head(9n) };
    const page = await client.accounts.statement(A);
    expect(page).toEqual({ items: [line], nextPageToken: 'p2', ...totals });
    const pages = [];
    for await (const each of client.accounts.statement(A).pages()) pages.push(each);
    expect(pages).toEqual([page, { items: [{ ...line, side: 'debit' }], ...totals }]);
    const sides = [];
    for await (const { side } of client.accounts.statement(A)) sides.push(side);
    expect(sides).toEqual(['credit', 'debit']);
  });

  test('goes either way, from and to a time or a position, the same on every page', async () => {
    const { asked, scripts: statement } = statementScript();
    await using answering = await startScriptedServer(statement);
    await using client = new Bank({ servers: answering.address });
    await client.accounts.statement(A);
    const range = { from: TIME_MICROS, to: { position: 8n } };
    const all = client.accounts.statement(A, { order: 'newest-first', pageSize: 1, ...range });
    for await (const line of all) expect(line.balance).toEqual(usd(5n));
    await client.accounts.statement(A, { from: { position: 2n }, to: new Date(0) });
    const wireRange = {
      from: { $case: 'fromTime', value: wireTime },
      to: { $case: 'toPosition', value: 8n },
    };
    const newest = { account: A, order: Order.NEWEST_FIRST, pageSize: 1, ...wireRange };
    expect(asked).toEqual([
      { account: A, order: Order.OLDEST_FIRST, pageSize: 0, pageToken: '' },
      { ...newest, pageToken: '' },
      { ...newest, pageToken: 'p2' },
      {
        account: A,
        order: Order.OLDEST_FIRST,
        pageSize: 0,
        pageToken: '',
        from: { $case: 'fromPosition', value: 2n },
        to: { $case: 'toTime', value: { seconds: 0n, nanos: 0 } },
      },
    ]);
  });

  test('says what else there is to say of a line', async () => {
    const more = {
      description: 'rent',
      metadata: { ref: '7' },
      groupId: 'g',
      holdId: 'h',
      reversalOf: 'o',
    };
    await using answering = await startScriptedServer({
      listStatementLines: () => ({
        lines: [wireStatementLine(more)],
        nextPageToken: '',
        openingBalance: usd(1n),
        closingBalance: usd(1n),
        position: { branch: 0, position: 9n },
      }),
    });
    await using client = new Bank({ servers: answering.address });
    const page = await client.accounts.statement(A);
    expect(page.items[0]).toMatchObject(more);
    expect(page).not.toHaveProperty('seal');
  });
});
