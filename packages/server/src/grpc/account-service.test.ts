import { AccountKind, AccountState, newWriteId, parseAccountId } from '@giro/sdk/protocol';
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
  expect(receipt).toMatchObject({
    id,
    positions: [{ branch: 0, position: 5n, seal: { position: 5n } }],
    balance: usd(0n),
    replayed: false,
  });
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
    position: { ...deposited.receipt?.positions[0], seal: undefined },
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

test('an account tells its state, its limit, its metadata and what is held of it', async () => {
  const options = { description: '', metadata: { plan: 'gold' }, preconditions: [] };
  const request = { id: newWriteId(), branch: 17, customer: 'kim', currency: 'USD', options };
  const { account: opened } = await bank.openAccount(request);
  expect(opened).toMatchObject({
    ...{ state: AccountState.OPEN, overdraftLimit: 0n, heldDebits: '0', heldCredits: '0' },
    metadata: { plan: 'gold' },
  });
  const [from, to] = [opened!.id, (await open(bank, 17, 'lee')).id];
  await bank.setOverdraftLimit({ id: newWriteId(), account: from, limit: usd(50n) });
  await bank.placeHold({ id: newWriteId(), from, to, amount: usd(20n), expiresInMs: undefined });
  await bank.freezeAccount({ id: newWriteId(), account: from });
  expect((await bank.getAccount({ account: from })).account).toMatchObject({
    ...{ state: AccountState.FROZEN, overdraftLimit: 50n, heldDebits: '20', heldCredits: '0' },
    ...{ balance: usd(0n), available: usd(30n), metadata: { plan: 'gold' } },
  });
  expect((await bank.getAccount({ account: to })).account).toMatchObject({
    heldCredits: '20',
    available: usd(0n),
  });
  const empty = await open(bank, 17, 'max');
  await bank.closeAccount({ id: newWriteId(), account: empty.id });
  expect((await bank.getAccount({ account: empty.id })).account).toMatchObject({
    state: AccountState.CLOSED,
  });
});
