/** The seed's service through a client made from its own proto file, as any of its clients would be. */
import { formatAccountId, newWriteId, type Entry } from '@giro/sdk/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initialize, open, refusal, startTestBank, usd, type TestBank } from './bank.fixture.js';
import { seedClient, type SeedClient } from './seed-client.fixture.js';

const INT32_MAX = 2 ** 31 - 1;

let bank: TestBank;
let seed: SeedClient;
beforeAll(async () => {
  bank = await startTestBank();
  seed = seedClient(bank.address);
});
afterAll(async () => {
  seed.close();
  await bank.close();
});

test('the four calls, as the README of the seed has them', async () => {
  expect(await seed.call('InitializeBranch', { branch_id: 1, initial_balance: 1_000 })).toEqual({
    result: 'Branch initialized successfully',
  });
  expect(await seed.call('InitializeBranch', { branch_id: 1, initial_balance: 5 })).toEqual({
    result: 'Branch already exists',
  });
  expect(await deposit(1, 100)).toEqual({ result: 'Deposit successful' });
  expect(await withdraw(1, 50)).toEqual({ result: 'Withdrawal successful' });
  expect(await withdraw(1, 51)).toEqual({ result: 'Insufficient funds' });
  expect(await query(1)).toEqual({ balance: 50 });
  const { branch } = await bank.getBranch({ branch: 1 });
  expect(branch?.cash).toEqual([usd(1_050n)]);
});

test('a branch or customer that is not there is NOT_FOUND', async () => {
  await initialize(bank, 4);
  const noBranch = { code: 'NOT_FOUND', reason: 'BRANCH_NOT_FOUND' };
  const noCustomer = { code: 'NOT_FOUND', reason: 'CUSTOMER_NOT_FOUND' };
  expect(await refusal(deposit(3, 1))).toMatchObject({ ...noBranch, metadata: { branch: '3' } });
  expect(await refusal(withdraw(3, 1))).toMatchObject({ ...noBranch, metadata: { branch: '3' } });
  expect(await refusal(query(3))).toMatchObject({ ...noBranch, metadata: { branch: '3' } });
  expect(await refusal(withdraw(4, 1))).toMatchObject({ ...noCustomer, metadata: { customer: '4' } });
  expect(await refusal(query(14))).toMatchObject({ ...noCustomer, metadata: { customer: '14' } });
});

test('what cannot be is INVALID_ARGUMENT and names the field', async () => {
  await initialize(bank, 5, 0n);
  const wrong = [
    await refusal(seed.call('InitializeBranch', { branch_id: -1, initial_balance: 1 })),
    await refusal(seed.call('InitializeBranch', { branch_id: 10_000, initial_balance: 1 })),
    await refusal(seed.call('InitializeBranch', { branch_id: 2, initial_balance: -1 })),
    await refusal(deposit(-1, 1)),
    await refusal(deposit(5, 0)),
    await refusal(deposit(5, -5)),
    await refusal(withdraw(-1, 1)),
    await refusal(withdraw(5, 0)),
    await refusal(query(-1)),
  ];
  expect(wrong.map(({ code }) => code)).toEqual(Array(9).fill('INVALID_ARGUMENT'));
  expect(wrong.map(({ metadata }) => metadata?.['field'])).toEqual([
    'branch_id',
    'branch_id',
    'initial_balance',
    'customer_id',
    'amount',
    'amount',
    'customer_id',
    'amount',
    'customer_id',
  ]);
  expect((await bank.getBranch({ branch: 5 })).branch?.position).toBe(3n);
});

test('a balance beyond 32 bits is OUT_OF_RANGE, one at the bound is not', async () => {
  await initialize(bank, 6, 0n);
  await deposit(6, INT32_MAX);
  expect(await query(6)).toEqual({ balance: INT32_MAX });
  await deposit(6, 1);
  expect(await refusal(query(6))).toMatchObject({
    code: 'OUT_OF_RANGE',
    reason: 'BALANCE_OUT_OF_RANGE',
    metadata: { balance: '2147483648' },
  });
  expect(await withdraw(6, 1)).toEqual({ result: 'Withdrawal successful' });
  expect(await query(6)).toEqual({ balance: INT32_MAX });
});

test('a branch that has not the cash refuses, the customer has the funds', async () => {
  await initialize(bank, 8, 0n);
  await initialize(bank, 9, 0n);
  const rich = await open(bank, 9, 'rich');
  await bank.deposit({ id: newWriteId(), to: rich.id, amount: usd(100n) });
  await deposit(8, 1);
  const to = formatAccountId({ branch: 8, serial: 1 });
  await bank.transfer({ id: newWriteId(), from: rich.id, to, amount: usd(99n) });
  expect(await query(8)).toEqual({ balance: 100 });
  expect(await refusal(withdraw(8, 2))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'INSUFFICIENT_CASH',
    metadata: { branch: '8', available: '1', needed: '2' },
  });
});

test('fifty first deposits of a customer at once open one account', async () => {
  await initialize(bank, 7);
  await Promise.all(Array.from({ length: 50 }, () => deposit(7, 2)));
  expect(await query(7)).toEqual({ balance: 100 });
  const { entries } = await bank.listEntries({ branch: 7, after: 0n, pageSize: 0 });
  const opened = entries.filter(({ change }) => opensFor(change, 'seed:7'));
  expect(opened).toHaveLength(1);
});

test('customers whose number ends in 0 live in branch 0 if it is there at their first deposit, else in 10', async () => {
  const noBranch = { code: 'NOT_FOUND', reason: 'BRANCH_NOT_FOUND', metadata: { branch: '10' } };
  expect(await refusal(deposit(20, 1))).toMatchObject(noBranch);
  expect(await refusal(query(20))).toMatchObject(noBranch);
  await initialize(bank, 10);
  await deposit(0, 5);
  // Branch 0 without cash is what a request without fields asks for.
  expect(await seed.call('InitializeBranch', {})).toEqual({ result: 'Branch initialized successfully' });
  await deposit(0, 5);
  await deposit(10, 7);
  await deposit(20, 8);
  await deposit(10, 7);
  expect([await query(0), await query(10), await query(20)]).toEqual([
    { balance: 10 },
    { balance: 14 },
    { balance: 8 },
  ]);
  expect(await customersOf(10)).toEqual(['seed:0']);
  expect(await customersOf(0)).toEqual(['seed:10', 'seed:20']);
  await withdraw(0, 10);
  expect((await bank.getBranch({ branch: 10 })).branch?.cash).toEqual([usd(100_000n)]);
  expect((await bank.getBranch({ branch: 0 })).branch?.cash).toEqual([usd(22n)]);
});

test('the currency of its amounts is the one that the server is told', async () => {
  const yenBank = await startTestBank({ currency: 'JPY' });
  const yen = seedClient(yenBank.address);
  await yen.call('InitializeBranch', { branch_id: 5, initial_balance: 1 });
  await yen.call('Deposit', { customer_id: 5, amount: 2 });
  const cash = [{ amount: 3n, currency: 'JPY' }];
  expect((await yenBank.getBranch({ branch: 5 })).branch?.cash).toEqual(cash);
  yen.close();
  await yenBank.close();
});

const deposit = (customer: number, amount: number) => seed.call('Deposit', { customer_id: customer, amount });
const withdraw = (customer: number, amount: number) =>
  seed.call('Withdraw', { customer_id: customer, amount });
const query = (customer: number) => seed.call('Query', { customer_id: customer });

async function customersOf(branch: number): Promise<string[]> {
  const request = { branch, customer: '', includeInternal: false, pageSize: 0, pageToken: '' };
  return (await bank.listAccounts(request)).accounts.map(({ customer }) => customer);
}

function opensFor(change: Entry['change'], customer: string): boolean {
  return change?.$case === 'accountOpened' && change.value.customer === customer;
}
