import { AccountKind, newWriteId, Order, parseAccountId, Side } from '@giro/sdk/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initialize, open, startTestBank, usd, type TestBank } from './bank.fixture.js';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
  await initialize(bank, 0);
  await initialize(bank, 17);
});
afterAll(() => bank.close());

test('an account is opened empty, in branch 0 too, with the next serial in its id', async () => {
  const id = newWriteId();
  const { account, receipt } = await bank.openAccount({ id, branch: 0, customer: 'alice', currency: 'USD' });
  expect(account).toMatchObject({
    branch: 0,
    kind: AccountKind.CUSTOMER,
    customer: 'alice',
    currency: 'USD',
    postedDebits: '0',
    postedCredits: '0',
    balance: usd(0n),
    available: usd(0n),
    position: { branch: 0, position: 5n },
  });
  expect(account?.peerBranch).toBeUndefined();
  expect(parseAccountId(account!.id)).toEqual({ branch: 0, serial: 1 });
  expect(receipt).toMatchObject({ id, positions: [account!.position], balance: usd(0n), replayed: false });
  expect(account?.openedTime).toEqual(receipt?.time);
});

test('a replay answers with the account as it was opened, whatever has happened since', async () => {
  const request = { id: newWriteId(), branch: 17, customer: 'bob', currency: 'USD' };
  const { account, receipt } = await bank.openAccount(request);
  const deposited = await bank.deposit({ id: newWriteId(), to: account!.id, amount: usd(25n) });
  const again = await bank.openAccount(request);
  expect(again).toEqual({ account, receipt: { ...receipt, replayed: true } });
  const { account: now } = await bank.getAccount({ account: account!.id });
  expect(now).toEqual({
    ...account,
    postedCredits: '25',
    balance: usd(25n),
    available: usd(25n),
    position: deposited.receipt?.positions[0],
  });
});

test('accounts are listed by branch or customer, page by page; internal ones only when asked for', async () => {
  await initialize(bank, 20);
  const opened: string[] = [];
  for (const customer of ['carol', 'dave', 'carol', 'erin', 'carol'])
    opened.push((await open(bank, 20, customer)).id);
  const request = { branch: 20, customer: '', includeInternal: false, pageSize: 0, pageToken: '' };
  const { accounts, nextPageToken } = await bank.listAccounts(request);
  expect(accounts.map(({ id }) => id)).toEqual(opened);
  expect(nextPageToken).toBe('');

  const first = await bank.listAccounts({ ...request, customer: 'carol', pageSize: 2 });
  const rest = await bank.listAccounts({
    ...request,
    customer: 'carol',
    pageSize: 2,
    pageToken: first.nextPageToken,
  });
  expect([...first.accounts, ...rest.accounts].map(({ id }) => id)).toEqual([
    opened[0],
    opened[2],
    opened[4],
  ]);
  expect(rest.nextPageToken).toBe('');

  const all = await bank.listAccounts({ ...request, includeInternal: true, pageSize: 7 });
  expect(all.accounts.map(({ kind }) => kind).slice(5)).toEqual([AccountKind.VAULT, AccountKind.CAPITAL]);
  const none = await bank.listAccounts({ ...request, includeInternal: true, pageToken: all.nextPageToken });
  expect(none).toEqual({ accounts: [], nextPageToken: '' });
  expect((await bank.listAccounts({ ...request, customer: 'nobody' })).accounts).toEqual([]);
});

test("the bank's own accounts can be read; an interbranch account names the other branch, 0 included", async () => {
  const [payer, payee] = [await open(bank, 17, 'frank'), await open(bank, 0, 'grace')];
  await bank.deposit({ id: newWriteId(), to: payer.id, amount: usd(9n) });
  await bank.transfer({ id: newWriteId(), from: payer.id, to: payee.id, amount: usd(9n) });
  const { accounts } = await bank.listAccounts({
    branch: 17,
    customer: '',
    includeInternal: true,
    pageSize: 0,
    pageToken: '',
  });
  const owed = accounts.find(({ kind }) => kind === AccountKind.INTERBRANCH);
  expect(owed).toMatchObject({ branch: 17, peerBranch: 0, customer: '', balance: usd(9n) });
  expect((await bank.getAccount({ account: owed!.id })).account).toEqual(owed);
});

test('a statement shows each posting from its account, in both orders, page by page', async () => {
  const [account, far] = [await open(bank, 17, 'heidi'), await open(bank, 0, 'ivan')];
  const write = { id: newWriteId(), amount: usd(10n) };
  await bank.deposit({ ...write, to: account.id });
  await bank.withdraw({ id: newWriteId(), from: account.id, amount: usd(3n) });
  const sent = await bank.transfer({
    id: newWriteId(),
    from: account.id,
    to: far.id,
    amount: usd(5n),
  });
  const request = { account: account.id, order: Order.UNSPECIFIED, pageSize: 0, pageToken: '' };
  const { lines, nextPageToken } = await bank.listStatementLines(request);
  expect(nextPageToken).toBe('');
  expect(lines.map(({ side, amount, balance }) => [side, amount?.amount, balance?.amount])).toEqual([
    [Side.CREDIT, 10n, 10n],
    [Side.DEBIT, 3n, 7n],
    [Side.DEBIT, 5n, 2n],
  ]);
  expect(lines[0]).toMatchObject({ transferId: write.id });
  expect(lines[2]).toMatchObject({
    counterparty: far.id,
    position: sent.receipt?.positions[0]?.position,
    time: sent.receipt?.time,
  });
  const { accounts } = await bank.listAccounts({ ...listOf17, includeInternal: true });
  const vault = accounts.find(({ kind }) => kind === AccountKind.VAULT);
  expect(lines.slice(0, 2).map(({ counterparty }) => counterparty)).toEqual([vault?.id, vault?.id]);

  expect((await bank.listStatementLines({ ...request, order: Order.OLDEST_FIRST })).lines).toEqual(lines);
  const newest = { ...request, order: Order.NEWEST_FIRST, pageSize: 2 };
  const first = await bank.listStatementLines(newest);
  const rest = await bank.listStatementLines({ ...newest, pageToken: first.nextPageToken });
  expect([...first.lines, ...rest.lines]).toEqual(lines.toReversed());
  expect(rest.nextPageToken).toBe('');
  const received = await bank.listStatementLines({ ...request, account: far.id });
  expect(received.lines).toMatchObject([
    { side: Side.CREDIT, counterparty: account.id, position: sent.receipt?.positions[1]?.position },
  ]);
});

const listOf17 = { branch: 17, customer: '', includeInternal: false, pageSize: 0, pageToken: '' };
