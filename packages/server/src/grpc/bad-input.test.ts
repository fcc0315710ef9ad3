import {
  AccountKind,
  AMOUNT_MAX,
  BATCH_COMMANDS_MAX,
  formatAccountId,
  newWriteId,
  PAGE_SIZE_MAX,
  type Account,
} from '@giro/sdk/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { initialize, open, refusal, startTestBank, usd, type TestBank } from './bank.fixture.js';

let bank: TestBank;
let alice: Account;
let yen: Account;
let vault: string;
beforeAll(async () => {
  bank = await startTestBank();
  await initialize(bank, 1);
  alice = await open(bank, 1, 'alice');
  yen = await open(bank, 1, 'yuki', 'JPY');
  await bank.deposit({ id: newWriteId(), to: alice.id, amount: usd(500n) });
  const accounts = await allAccounts();
  vault = accounts.find(({ kind }) => kind === AccountKind.VAULT)?.id ?? '';
});
afterAll(() => bank.close());

describe('a request that is wrong in itself leaves no trace', () => {
  let before: unknown;
  beforeEach(async () => {
    before = await books();
  });
  afterEach(async () => {
    expect(await books()).toEqual(before);
  });

  const id = newWriteId();
  const outOfRange: [string, bigint][] = [
    ['zero', 0n],
    ['negative', -1n],
    ['oversized', -(2n ** 63n)],
  ];
  const accountIds: [string, () => string, string][] = [
    ['missing', () => '', 'is missing'],
    ['no account id', () => 'alice', 'is no account id'],
    ['with wrong check digits', () => alice.id.replace(/\d\d$/, '00'), 'is no account id'],
    ['with two digits swapped', () => formatAccountId({ branch: 1, serial: 12 }).replace('12', '21'), ''],
    ['with a leading zero', () => `0${alice.id}`, 'is no account id'],
    ['with a space', () => ` ${alice.id}`, 'is no account id'],
    ['of an internal account', () => vault, "one of the bank's own"],
  ];
  const customers: [string, string][] = [
    ['missing', ''],
    ['too long', 'x'.repeat(129)],
    ['with a control character', 'a\nb'],
    ['with a zero byte', 'a\0b'],
    ['with an invisible character', 'a\u200bb'],
    ['with a filler', 'a\u3164b'],
    ['with a line separator', 'a\u2028b'],
    ['from broken UTF-8', 'a\ufffdb'],
    ['with white space at its end', 'alice '],
    ["of the seed's", 'seed:1'],
  ];

  test.each(outOfRange)('%s amount', async (_, amount) => {
    const expected = {
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_FIELD',
      metadata: { field: 'amount.amount' },
    };
    const money = usd(amount);
    const answers = [
      await refusal(bank.deposit({ id, to: alice.id, amount: money })),
      await refusal(bank.withdraw({ id, from: alice.id, amount: money })),
      await refusal(bank.transfer({ id, from: alice.id, to: yen.id, amount: money })),
    ];
    expect(answers).toMatchObject([expected, expected, expected]);
  });

  test.each(accountIds)('account id %s', async (_, account, problem) => {
    const [to, from] = [account(), account()];
    expect([
      await field(bank.deposit({ id, to, amount: usd(1n) })),
      await field(bank.withdraw({ id, from, amount: usd(1n) })),
      await field(bank.transfer({ id, from, to: alice.id, amount: usd(1n) })),
      await field(bank.transfer({ id, from: alice.id, to, amount: usd(1n) })),
    ]).toEqual([
      ['to', expect.stringContaining(problem)],
      ['from', expect.stringContaining(problem)],
      ['from', expect.stringContaining(problem)],
      ['to', expect.stringContaining(problem)],
    ]);
  });

  test.each(customers)('customer %s', async (_, customer) => {
    const opened = bank.openAccount({ id, branch: 1, customer, currency: 'USD' });
    expect((await field(opened))[0]).toBe('customer');
  });

  test('a filter by a customer that cannot be', async () => {
    const request = { branch: 1, includeInternal: false, pageSize: 0, pageToken: '' };
    for (const customer of ['a\0b', 'x'.repeat(129)])
      expect((await field(bank.listAccounts({ ...request, customer })))[0]).toBe('customer');
    expect((await bank.listAccounts({ ...request, customer: 'seed:1' })).accounts).toEqual([]);
  });

  test('an account as both ends of a transfer', async () => {
    const { id: account } = alice;
    const both = bank.transfer({ id, from: account, to: account, amount: usd(1n) });
    expect((await field(both))[0]).toBe('to');
  });

  test.each(['', 'x', `${newWriteId()}0`, newWriteId().replaceAll('-', ''), `{${newWriteId()}}`])(
    'id %j',
    async (wrong) => {
      const amount = usd(1n);
      expect([
        await field(bank.initializeBranch({ id: wrong, branch: 2, initialBalance: amount })),
        await field(bank.openAccount({ id: wrong, branch: 1, customer: 'eve', currency: 'USD' })),
        await field(bank.deposit({ id: wrong, to: alice.id, amount })),
        await field(bank.withdraw({ id: wrong, from: alice.id, amount })),
        await field(bank.transfer({ id: wrong, from: alice.id, to: yen.id, amount })),
        await field(bank.getTransfer({ branch: 1, id: wrong })),
      ]).toEqual(Array(6).fill(['id', wrong === '' ? 'is missing' : 'is no UUID']));
    },
  );

  test.each([undefined, -1, 10_000, 2 ** 31 - 1])('branch %s', async (branch) => {
    const page = { pageSize: 0, pageToken: '' };
    const everyBranch = { customer: '', includeInternal: false };
    const answers = [
      await field(bank.initializeBranch({ id, branch, initialBalance: usd(1n) })),
      await field(bank.getBranch({ branch })),
      await field(bank.getTrialBalance({ branch })),
      await field(bank.openAccount({ id, branch, customer: 'eve', currency: 'USD' })),
      await field(bank.listAccounts({ branch, ...everyBranch, ...page })),
      await field(bank.getTransfer({ branch, id })),
      await field(bank.listEntries({ branch, after: 0n, pageSize: 0 })),
    ];
    const problem = branch === undefined ? 'is missing' : 'must be a whole number from 0 to 9999';
    expect(answers).toEqual(Array(7).fill(['branch', problem]));
  });

  test.each(['', 'usd', 'XXY', 'DOLLARS'])('currency %j', async (currency) => {
    const amount = { amount: 1n, currency };
    expect([
      (await field(bank.openAccount({ id, branch: 1, customer: 'eve', currency })))[0],
      (await field(bank.deposit({ id, to: alice.id, amount })))[0],
      (await field(bank.initializeBranch({ id, branch: 2, initialBalance: amount })))[0],
    ]).toEqual(['currency', 'amount.currency', 'initial_balance.currency']);
  });

  test('no amount, and a negative initial balance', async () => {
    expect([
      await field(bank.deposit({ id, to: alice.id, amount: undefined })),
      await field(bank.initializeBranch({ id, branch: 2, initialBalance: undefined })),
      (await field(bank.initializeBranch({ id, branch: 2, initialBalance: usd(-1n) })))[0],
    ]).toEqual([['amount', 'is missing'], ['initial_balance', 'is missing'], 'initial_balance.amount']);
  });

  test.each([-1, PAGE_SIZE_MAX + 1])('page size %i', async (pageSize) => {
    const page = { pageSize, pageToken: '' };
    const listAccounts = { branch: 1, customer: '', includeInternal: false };
    const answers = [
      await field(bank.listBranches(page)),
      await field(bank.listAccounts({ ...listAccounts, ...page })),
      await field(bank.listStatementLines({ account: alice.id, order: 0, ...page })),
      await field(bank.listEntries({ branch: 1, after: 0n, pageSize })),
    ];
    expect(answers).toEqual(Array(4).fill(['page_size', 'must be from 1 to 1000']));
  });

  test.each([
    '!',
    'MQ==',
    'M Q',
    'LTE',
    '9'.repeat(40),
    token('1e3'),
    token('9007199254740993'),
    token('01'),
  ])('page token %j', async (pageToken) => {
    const page = { pageSize: 0, pageToken };
    const listAccounts = { branch: 1, customer: '', includeInternal: false };
    const answers = [
      await field(bank.listBranches(page)),
      await field(bank.listAccounts({ ...listAccounts, ...page })),
      await field(bank.listStatementLines({ account: alice.id, order: 0, ...page })),
    ];
    expect(answers).toEqual(Array(3).fill(['page_token', 'is not one that a page came with']));
  });

  test('a page token that no branch or account can have', async () => {
    const page = { pageSize: 0, pageToken: token('99999999999') };
    const listAccounts = { branch: 1, customer: '', includeInternal: false };
    expect((await field(bank.listBranches(page)))[0]).toBe('page_token');
    expect((await field(bank.listAccounts({ ...listAccounts, ...page })))[0]).toBe('page_token');
  });

  test('positions and orders that cannot be', async () => {
    expect([
      (await field(bank.listEntries({ branch: 1, after: -1n, pageSize: 0 })))[0],
      (await field(bank.listEntries({ branch: 1, after: AMOUNT_MAX, pageSize: 0 })))[0],
      (await field(bank.listStatementLines(statementOf(alice.id, 7))))[0],
      (await field(bank.listStatementLines(statementOf('nobody', 0))))[0],
      (await field(bank.getAccount({ account: 'nobody' })))[0],
    ]).toEqual(['after', 'after', 'order', 'account', 'account']);
  });

  test('an empty and an oversized batch', async () => {
    const item = { command: undefined };
    const commands = Array.from({ length: BATCH_COMMANDS_MAX + 1 }, () => item);
    expect(await field(bank.executeBatch({ commands: [] }))).toEqual(['commands', 'is empty']);
    expect((await field(bank.executeBatch({ commands })))[1]).toMatch(/^has more than 8192 items/);
  });

  test('a branch that is not there', async () => {
    const nowhere = formatAccountId({ branch: 404, serial: 1 });
    const page = { pageSize: 0, pageToken: '' };
    const amount = usd(1n);
    const answers = [
      await refusal(bank.getBranch({ branch: 404 })),
      await refusal(bank.getTrialBalance({ branch: 404 })),
      await refusal(bank.getAccount({ account: nowhere })),
      await refusal(bank.listAccounts({ branch: 404, customer: '', includeInternal: false, ...page })),
      await refusal(bank.listStatementLines(statementOf(nowhere, 0))),
      await refusal(bank.listEntries({ branch: 404, after: 0n, pageSize: 0 })),
      await refusal(bank.getTransfer({ branch: 404, id })),
      await refusal(bank.openAccount({ id, branch: 404, customer: 'eve', currency: 'USD' })),
      await refusal(bank.deposit({ id, to: nowhere, amount })),
      await refusal(bank.withdraw({ id, from: nowhere, amount })),
      await refusal(bank.transfer({ id, from: alice.id, to: nowhere, amount })),
    ];
    const expected = { code: 'NOT_FOUND', reason: 'BRANCH_NOT_FOUND', metadata: { branch: '404' } };
    expect(answers).toMatchObject(Array(11).fill(expected));
  });

  test('an id used again with another body names the field that differs', async () => {
    const used = { id: newWriteId(), to: alice.id, amount: usd(1n) };
    await bank.deposit(used);
    before = await books();
    const answers = [
      await refusal(bank.deposit({ ...used, amount: usd(2n) })),
      await refusal(bank.deposit({ ...used, to: yen.id })),
      await refusal(bank.withdraw({ id: used.id, from: alice.id, amount: usd(1n) })),
      await refusal(bank.openAccount({ id: used.id, branch: 1, customer: 'eve', currency: 'USD' })),
    ];
    expect(answers).toMatchObject(
      ['amount', 'to', 'kind', 'kind'].map((name) => ({
        code: 'FAILED_PRECONDITION',
        reason: 'ID_REUSED',
        metadata: { id: used.id, field: name },
      })),
    );
  });
});

describe('a refusal that depends on the books is an entry, and moves nothing', () => {
  const missing = formatAccountId({ branch: 1, serial: 77 });
  const cases: [string, string, Record<string, string>, () => Promise<unknown>][] = [
    [
      'ACCOUNT_NOT_FOUND',
      'NOT_FOUND',
      { account: missing },
      () => bank.deposit({ id: newWriteId(), to: missing, amount: usd(1n) }),
    ],
    [
      'CURRENCY_MISMATCH',
      'FAILED_PRECONDITION',
      { currency: 'JPY', given: 'USD' },
      () => bank.transfer({ id: newWriteId(), from: alice.id, to: yen.id, amount: usd(1n) }),
    ],
    [
      'INSUFFICIENT_FUNDS',
      'FAILED_PRECONDITION',
      { needed: String(AMOUNT_MAX), currency: 'USD' },
      () => bank.withdraw({ id: newWriteId(), from: alice.id, amount: usd(AMOUNT_MAX) }),
    ],
    [
      'BALANCE_OVERFLOW',
      'OUT_OF_RANGE',
      {},
      () => bank.deposit({ id: newWriteId(), to: alice.id, amount: usd(AMOUNT_MAX) }),
    ],
    [
      'BRANCH_EXISTS',
      'ALREADY_EXISTS',
      { branch: '1' },
      () => bank.initializeBranch({ id: newWriteId(), branch: 1, initialBalance: usd(1n) }),
    ],
  ];

  test.each(cases)('%s', async (reason, code, metadata, call) => {
    const before = await books();
    expect(await refusal(call())).toMatchObject({ code, reason, metadata });
    const after = await books();
    expect(after.lines).toEqual(before.lines);
    expect(after.accounts).toEqual(before.accounts);
    expect(after.position).toBe(before.position + 1n);
  });

  test('reads of an account that is not there', async () => {
    const answers = [
      await refusal(bank.getAccount({ account: missing })),
      await refusal(bank.listStatementLines(statementOf(missing, 0))),
    ];
    const expected = { code: 'NOT_FOUND', reason: 'ACCOUNT_NOT_FOUND', metadata: { account: missing } };
    expect(answers).toMatchObject([expected, expected]);
  });
});

/** The field that was refused, and why. */
async function field(call: Promise<unknown>): Promise<[string | undefined, string | undefined]> {
  const { code, reason, metadata } = await refusal(call);
  expect([code, reason]).toEqual(['INVALID_ARGUMENT', 'INVALID_FIELD']);
  return [metadata?.['field'], metadata?.['problem']];
}

/** Everything that a write could change. */
async function books() {
  const { position, lines } = await bank.getTrialBalance({ branch: 1 });
  const { branches } = await bank.listBranches({ pageSize: 0, pageToken: '' });
  return { lines, accounts: await allAccounts(), position: position!.position, branches: branches.length };
}

async function allAccounts(): Promise<Account[]> {
  const request = { branch: 1, customer: '', includeInternal: true, pageSize: 0, pageToken: '' };
  return (await bank.listAccounts(request)).accounts;
}

function statementOf(account: string, order: number) {
  return { account, order: order as 0, pageSize: 0, pageToken: '' };
}

function token(text: string): string {
  return Buffer.from(text).toString('base64url');
}
