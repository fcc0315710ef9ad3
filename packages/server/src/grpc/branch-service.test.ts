import { afterAll, beforeAll, expect, test } from 'vitest';
import { newWriteId } from '@giro/sdk/protocol';
import { initialize, startTestBank, usd, type TestBank } from './bank.fixture.js';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(() => bank.close());

test('branch 0 is a branch like any other, and says so by presence', async () => {
  const id = newWriteId();
  const { receipt } = await bank.initializeBranch({ id, branch: 0, initialBalance: usd(500n) });
  expect(receipt).toMatchObject({ id, balance: usd(500n), replayed: false });
  expect(receipt?.positions).toMatchObject([{ branch: 0, position: 4n, seal: { position: 4n } }]);
  const { branch } = await bank.getBranch({ branch: 0 });
  expect(branch).toMatchObject({ id: 0, position: 4n, cash: [usd(500n)] });
  expect(branch?.time).toEqual(receipt?.time);
});

test('a branch can begin without cash; its vault then holds zero of the currency', async () => {
  await bank.initializeBranch({
    id: newWriteId(),
    branch: 9_999,
    initialBalance: { amount: 0n, currency: 'JPY' },
  });
  const { branch } = await bank.getBranch({ branch: 9_999 });
  expect(branch?.cash).toEqual([{ amount: 0n, currency: 'JPY' }]);
});

test('the same id gives the same receipt, marked as replayed', async () => {
  const request = { id: newWriteId(), branch: 50, initialBalance: usd(7n) };
  const { receipt } = await bank.initializeBranch(request);
  const again = await bank.initializeBranch({ ...request, id: request.id.toUpperCase() });
  expect(again.receipt).toEqual({ ...receipt, replayed: true });
});

test('branches are listed in order of their ids, page by page', async () => {
  for (const branch of [103, 101, 102]) await initialize(bank, branch);
  const ids: (number | undefined)[] = [];
  let pages = 0;
  for (let pageToken = ''; pages === 0 || pageToken !== ''; pages++) {
    const page = await bank.listBranches({ pageSize: 2, pageToken });
    ids.push(...page.branches.map(({ id }) => id));
    pageToken = page.nextPageToken;
  }
  expect(ids).toEqual([0, 50, 101, 102, 103, 9_999]);
  expect(pages).toBe(4);
  expect((await bank.listBranches({ pageSize: 0, pageToken: '' })).branches).toHaveLength(6);
});

test('a trial balance has one line per currency, in order, and both sides are equal', async () => {
  await initialize(bank, 200, 900n);
  const { account } = await bank.openAccount({
    id: newWriteId(),
    branch: 200,
    customer: 'alice',
    currency: 'EUR',
  });
  const amount = { amount: 40n, currency: 'EUR' };
  const { receipt } = await bank.deposit({ id: newWriteId(), to: account!.id, amount });
  const { position, lines } = await bank.getTrialBalance({ branch: 200 });
  expect(position).toEqual({ ...receipt?.positions[0], seal: undefined });
  expect(lines).toEqual([
    { currency: 'EUR', postedDebits: '40', postedCredits: '40', heldDebits: '0', heldCredits: '0' },
    { currency: 'USD', postedDebits: '900', postedCredits: '900', heldDebits: '0', heldCredits: '0' },
  ]);
});
